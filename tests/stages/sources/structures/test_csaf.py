"""CSAF advisories: one record each or with their vulnerabilities, in lines and cut short."""

from __future__ import annotations

from typing import Any

import pytest

from stages.sources.structures.csaf import read_csaf
from stages.sources.structures.csaf_products import product_names
from tests.source_help import as_json, read, record, records, refusal, without_original

CSAF: dict[str, Any] = {
    "document": {
        "category": "csaf_security_advisory",
        "csaf_version": "2.0",
        "title": "Acme Viewer: heap overflow",
        "lang": "en-GB",
        "publisher": {"category": "vendor", "name": "Acme PSIRT"},
        "distribution": {"text": "Free to share."},
        "aggregate_severity": {"text": "Important"},
        "notes": [
            {"category": "legal_disclaimer", "text": "NO WARRANTY."},
            {"category": "summary", "text": "The viewer runs code from images."},
        ],
        "references": [{"summary": "Self", "url": "https://acme.example/sa-1"}],
        "tracking": {
            "id": "ACME-SA-1",
            "initial_release_date": "2031-01-01",
            "current_release_date": "2031-01-02",
            "revision_history": [{"summary": "Typos."}],
        },
    },
    "product_tree": {
        "branches": [
            {"branches": [{"product": {"product_id": "P1", "name": "Acme Viewer 2.3"}}]},
            {"product": {"product_id": "P2", "name": "Acme Viewer 2.4"}},
        ],
        "relationships": [{"full_product_name": {"product_id": "P3", "name": "Viewer on OS"}}],
    },
    "vulnerabilities": [
        {
            "cve": "CVE-2031-10001",
            "cwe": {"id": "CWE-122", "name": "x"},
            "notes": [{"category": "description", "text": "The decoder trusts a length."}],
            "product_status": {"known_affected": ["P1", "P3", "P9"], "fixed": ["P2"]},
            "remediations": [
                {"category": "vendor_fix", "details": "Install 2.4."},
                {"category": "none_available", "details": "Nothing."},
            ],
            "scores": [{"cvss_v3": {"version": "3.1", "baseScore": 8.8, "baseSeverity": "HIGH"}}],
        }
    ],
}


def test_a_draft_is_called_one_with_its_vulnerabilities() -> None:
    tracking = {**CSAF["document"]["tracking"], "status": "draft"}
    two = [{**CSAF["vulnerabilities"][0], "cve": f"CVE-2031-1000{n}"} for n in (1, 2)]
    draft = {**CSAF, "document": {**CSAF["document"], "tracking": tracking}, "vulnerabilities": two}
    assert {one["status"] for one in records(as_json(draft))} == {"draft advisory"}


def test_csaf_is_one_advisory_without_what_nobody_reads() -> None:
    found = record(as_json(CSAF))
    assert without_original(found) == {
        "text": "The viewer runs code from images.\nCVE-2031-10001: The decoder trusts a length.",
        "title": "Acme Viewer: heap overflow",
        "kind": "advisory",
        "id": "ACME-SA-1",
        "source": "Acme PSIRT",
        "link": "https://acme.example/sa-1",
        "links": ["https://acme.example/sa-1"],
        "licence": "Free to share.",
        "language": "en",
        "severity": "Important",
        "cvss": {"version": "3.1", "base_score": 8.8, "severity": "HIGH"},
        "cwes": ["CWE-122"],
        "weaknesses": ["CWE-122 x"],
        "affected": ["Acme Viewer 2.3", "Viewer on OS"],
        "mitigations": ["Install 2.4."],
        "aliases": ["CVE-2031-10001"],
        "published": "2031-01-01",
        "modified": "2031-01-02",
    }
    assert found["original"] == CSAF


def test_csaf_as_a_line_among_others_and_cut_short() -> None:
    line = as_json(CSAF)
    assert [one["id"] for one in records(line + b"\n" + line)] == ["ACME-SA-1"] * 2
    assert "JSON, but damaged: it ends in the middle" in refusal(line[: len(line) // 2])


def flaw(number: int, *, told: str = "", **more: Any) -> dict[str, Any]:
    notes = [{"category": "description", "text": told}] if told else []
    return {"cve": f"CVE-2031-2000{number}", "notes": notes, **more}


SEVERAL = {
    **CSAF,
    "vulnerabilities": [
        *CSAF["vulnerabilities"],
        flaw(2, title="Silent", threats=[{"category": "impact", "details": "Low"}]),
        flaw(3, told="The encoder trusts a colour.", title="Colours", cwe={"id": "CWE-20"}),
        {"title": "No CVE yet", "notes": [{"category": "summary", "text": "The icon leaks."}]},
    ],
}


def test_vulnerabilities_that_are_described_are_records_of_their_own() -> None:
    advisory, first, second = map(without_original, records(as_json(SEVERAL)))
    assert advisory["text"].split("\n") == [
        "The viewer runs code from images.",
        "CVE-2031-20002 Silent",
        "CVE-2031-20003 Colours",
        "No CVE yet: The icon leaks.",
    ]
    assert advisory["aliases"] == ["CVE-2031-10001", "CVE-2031-20002", "CVE-2031-20003"]
    assert (first["kind"], first["id"]) == ("vulnerability", "CVE-2031-10001")
    assert first["affected"] == ["Acme Viewer 2.3", "Viewer on OS"]
    assert first["cvss"]["base_score"] == 8.8 and first["mitigations"] == ["Install 2.4."]
    assert second == {
        "text": "The encoder trusts a colour.",
        "title": "Colours",
        "kind": "vulnerability",
        "id": "CVE-2031-20003",
        "source": "Acme PSIRT",
        "link": "https://acme.example/sa-1",
        "links": ["https://acme.example/sa-1"],
        "licence": "Free to share.",
        "language": "en",
        "cwes": ["CWE-20"],
        "published": "2031-01-01",
        "modified": "2031-01-02",
    }
    assert [one.place for one in read(as_json([SEVERAL]))] == [
        "[0]",
        "[0].vulnerabilities[0]",
        "[0].vulnerabilities[2]",
    ]


def test_a_line_stays_one_record_with_all_that_is_told() -> None:
    line = as_json(SEVERAL)
    first, _ = records(line + b"\n" + line)
    assert "CVE-2031-20003 Colours: The encoder trusts a colour." in first["text"]


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"notes": [{"category": "other", "text": "Not loaded."}]}, "CVE-1: Not loaded."),
        ({"threats": [{"category": "impact", "details": "Code cut."}]}, "CVE-1: Code cut."),
        ({"threats": [{"category": "impact", "details": "Important"}]}, ""),
        ({"title": "Overflow"}, "CVE-1 Overflow"),
        ({"notes": [{"category": "general", "title": "Details", "text": "Long."}]}, "CVE-1: Long."),
        ({"notes": [{"category": "details", "title": "Patchnames", "text": "P-1"}]}, ""),
    ],
)  # fmt: skip
def test_what_else_tells_of_a_vulnerability(more: dict[str, Any], told: str) -> None:
    text = read_csaf({**CSAF, "vulnerabilities": [{"cve": "CVE-1", **more}]}).text
    assert text == "\n".join(filter(None, ["The viewer runs code from images.", told]))


def _rated(score: float, word: str) -> dict[str, Any]:
    return {"cvss_v3": {"version": "3.1", "baseScore": score, "baseSeverity": word}}


def test_severities_are_the_vendors_else_those_of_the_worst_flaw() -> None:
    """An advisory once had the score of the first flaw in its file."""
    important = [{"category": "impact", "details": word} for word in ("Moderate", "Important")]
    told = {"notes": [{"category": "description", "text": "The decoder trusts a length."}]}
    document = {k: v for k, v in CSAF["document"].items() if k != "aggregate_severity"}
    flaws: list[dict[str, Any]] = [
        {**told, "cve": "CVE-2031-1", "scores": [_rated(4.3, "MEDIUM")]},
        {**told, "cve": "CVE-2031-2", "scores": [_rated(9.8, "CRITICAL")], "threats": important},
        {**told, "cve": "CVE-2031-3", "threats": important},
    ]
    found = records(as_json({"document": document, "vulnerabilities": flaws}))
    words = [one.get("severity") for one in found]
    assert words == ["CRITICAL", "MEDIUM", "Important", "Important"]
    assert found[0]["cvss"]["base_score"] == found[2]["cvss"]["base_score"] == 9.8
    own = {"document": document, "vulnerabilities": flaws[1:]}
    assert read_csaf(own).severity == "Important"


def test_names_of_products_are_found_in_branches_and_relationships() -> None:
    assert product_names(CSAF["product_tree"]) == {
        "P1": "Acme Viewer 2.3",
        "P2": "Acme Viewer 2.4",
        "P3": "Viewer on OS",
    }
    deep: dict[str, Any] = {"product": {"product_id": "P1", "name": "Deep"}}
    for _ in range(5000):
        deep = {"branches": [deep]}
    trees: list[Any] = [None, 7, [], {"branches": "x"}, deep]
    for tree in trees:
        assert product_names(tree) == {}


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"category": "withdrawn_advisory"}, "withdrawn"),
        ({"title": "Withdrawn: overflow"}, "withdrawn"),
        ({"category": "csaf_superseded"}, "superseded"),
        ({"title": "Certificates withdrawn"}, ""),
    ],
)
def test_an_advisory_that_was_withdrawn_says_so(changes: dict[str, str], status: str) -> None:
    assert read_csaf({**CSAF, "document": CSAF["document"] | changes}).status == status


@pytest.mark.parametrize("value", [None, 7, "x", [], {}, [7]])
@pytest.mark.parametrize("name", ["vulnerabilities", "product_tree"])
def test_wrong_types_are_as_good_as_nothing(name: str, value: Any) -> None:
    found = read_csaf({**CSAF, name: value})
    assert found.id == "ACME-SA-1" and found.text.startswith("The viewer runs code")


def larks(*flaws: dict[str, Any]) -> dict[str, Any]:
    """A document with products A to H, of which A and B are a group."""
    names = [{"product_id": one, "name": f"Lark {one}"} for one in "ABCDEFGH"]
    return {
        "document": {"category": "csaf_security_advisory", "title": "Lark", "csaf_version": "2.0"},
        "product_tree": {
            "full_product_names": names,
            "product_groups": [{"group_id": "G", "product_ids": ["A", "B"]}],
        },
        "vulnerabilities": [*flaws],
    }


def test_what_a_flaw_spares_is_not_affected_by_it() -> None:
    """Else an advisory of two flaws says that both are in all products."""
    one = {"cve": "CVE-2099-0001", "product_status": {"known_affected": ["A", "B"]}}
    two = {"cve": "CVE-2099-0002", "product_status": {
        "known_affected": ["A", "C"], "known_not_affected": ["B", "C"]}}  # fmt: skip
    assert read_csaf(larks(one, two)).affected == ("Lark A", "Lark B (CVE-2099-0001 only)")
    assert read_csaf(larks(two)).affected == ("Lark A",)


def test_a_workaround_for_one_of_several_flaws_says_for_which() -> None:
    fix = {"category": "vendor_fix", "details": "Install 2.4."}
    around = {"category": "workaround", "details": "Set switch 6 to off."}
    flaws = [{"cve": "CVE-2031-10001", "remediations": [fix]},
             {"cve": "CVE-2031-10002", "remediations": [fix, around]}]  # fmt: skip
    found = read_csaf(CSAF | {"vulnerabilities": flaws})
    assert found.mitigations[-1] == "As a workaround for CVE-2031-10002, set switch 6 to off."
    assert set(found.mitigations[:-1]) == {"Install 2.4."}
    alone = read_csaf(CSAF | {"vulnerabilities": flaws[1:]})
    assert alone.mitigations[-1] == "As a workaround, set switch 6 to off."


def test_what_is_known_of_attacks_is_kept_and_general_advice_stands_last() -> None:
    flaw = {"cve": "CVE-2099-0001", "threats": [
        {"category": "exploit_status", "details": "Seen on two ships"}], "remediations": [
        {"category": "vendor_fix", "details": "Install 2.4."}]}  # fmt: skip
    document = larks(flaw)
    note = {"category": "general", "title": "General Recommendation", "text": "Use a firewall."}
    read = read_csaf(document | {"document": {**document["document"], "notes": [note]}})
    assert read.more["exploitation"] == "Seen on two ships."
    assert read.mitigations == ("Install 2.4.", "Use a firewall.")


def test_an_id_that_is_also_the_title_of_its_flaw_is_said_once() -> None:
    note = {"category": "summary", "text": "The bell rings for everybody."}
    flaw = {"cve": "CVE-2099-0001", "title": "CVE-2099-0001", "notes": [note]}
    assert read_csaf(larks(flaw)).text == "CVE-2099-0001: The bell rings for everybody."
    titled = flaw | {"title": "CVE-2099-0001 - Open bell"}
    assert read_csaf(larks(titled)).text.startswith("CVE-2099-0001 - Open bell: ")
