"""CVRF advisories, as XML and as Red Hat's JSON."""

from __future__ import annotations

from typing import Any

from stages.sources.structures.cvrf import (
    plain,
    product_names,
    read_advisory,
    read_flaw,
    said,
)
from tests.source_help import as_json, record, records
from tests.source_samples import CVRF, FLAW


def test_cvrf_xml() -> None:
    found = record(CVRF % (FLAW % 1))
    assert found["text"] == (
        "The viewer runs code.\nCVE-2031-10001 Overflow: The decoder & its length."
    )
    assert (found["kind"], found["id"], found["source"]) == ("advisory", "ACME-SA-1", "Acme PSIRT")
    assert found["title"] == "Viewer update" and found["published"] == "2031-01-01"
    assert found["affected"] == ["Viewer 2.3"] and found["mitigations"] == ["Install 2.4."]
    assert found["cvss"] == {"version": "2.0", "base_score": 7.5}
    assert found["aliases"] == ["CVE-2031-10001"]


def test_red_hats_cvrf_in_json() -> None:
    document = {
        "document_title": "Viewer update",
        "document_publisher": {"issuing_authority": "Red Hat Security"},
        "document_tracking": {"identification": {"id": "RHSA-2031:0001"}},
        "document_notes": {"note": [{"type": "Summary", "text": "The viewer runs code."}]},
        "aggregate_severity": "Important",
        "vulnerability": {
            "cve": "CVE-2031-10001",
            "notes": {"note": {"type": "Description", "text": "The decoder."}},
        },
    }
    found = record(as_json({"cvrfdoc": document}))
    assert (found["id"], found["severity"]) == ("RHSA-2031:0001", "Important")
    assert found["text"] == "The viewer runs code.\nCVE-2031-10001: The decoder."


def test_red_hats_notes_without_types() -> None:
    notes = ["Updated packages fix a flaw.", "This content is licensed under CC BY 4.0."]
    flaws = [{"cve": f"CVE-2031-{n}", "notes": {"note": f"Flaw {n} runs code."}} for n in (1, 2)]
    document = {"document_title": "T", "document_notes": {"note": notes}}
    whole = {"cvrfdoc": {**document, "vulnerability": flaws[0]}}
    assert record(as_json(whole))["text"] == (
        "Updated packages fix a flaw.\nCVE-2031-1: Flaw 1 runs code."
    )
    several = records(as_json({"cvrfdoc": {**document, "vulnerability": flaws}}))
    assert [one["text"] for one in several] == [
        "Updated packages fix a flaw.",
        "Flaw 1 runs code.",
        "Flaw 2 runs code.",
    ]
    assert several[2]["original"] == flaws[1] and several[2]["kind"] == "vulnerability"


def test_vulnerabilities_of_a_document_are_records_of_their_own() -> None:
    advisory, first, second = records(CVRF % (FLAW % 1 + FLAW % 2))
    assert advisory["text"].split("\n") == [
        "The viewer runs code.",
        "CVE-2031-10001 Overflow",
        "CVE-2031-10002 Overflow",
    ]
    assert (first["id"], second["id"]) == ("CVE-2031-10001", "CVE-2031-10002")
    assert second["text"] == "The decoder & its length." and second["affected"] == ["Viewer 2.3"]


def test_both_forms_share_their_names() -> None:
    assert plain(
        {"DocumentTitle": {"@Type": "x", "#text": "T"}, "document_notes": [{"A_b": 1}]}
    ) == {
        "documenttitle": {"type": "x", "#text": "T"},
        "documentnotes": [{"ab": 1}],
    }


def test_the_text_of_an_element_with_attributes_is_its_own() -> None:
    assert said({"a": {"b": {"#text": " T ", "type": "x"}}}, "a", "b") == "T"
    assert said({"a": ["", "T"]}, "a") == "T" and said({"a": 7}, "a", "b") == ""


def test_names_of_products_lie_at_any_depth() -> None:
    tree: Any = {"fullproductname": {"productid": "P1", "#text": "Viewer"}}
    for _ in range(20):
        tree = {"branch": [tree]}
    assert product_names(tree) == {"P1": "Viewer"}
    assert product_names("x") == product_names(None) == {}


def test_scores_that_are_no_numbers_are_left_out() -> None:
    sets = [{"basescorev3": "9.8", "vectorv3": "CVSS:3.1/AV:N"}, {"basescorev3": "high"}]
    found = read_flaw({}, {"cve": "CVE-2031-10001", "cvssscoresets": {"scoresetv3": sets}})
    assert found.cvss is not None and (found.cvss.score, found.cvss.version) == (9.8, "3.1")


def test_remedies_are_those_that_help() -> None:
    remedies = [("None Available", "There is no fix at this time."), ("Vendor Fix", "5005030"),
                ("Will Not Fix", "It stays."), ("Vendor Fix", "Install 2.4."),
                ("Workaround", "Open no images.")]  # fmt: skip
    listed = [{"type": kind, "description": text} for kind, text in remedies]
    found = read_flaw({}, {"cve": "CVE-2031-10001", "remediations": {"remediation": listed}})
    assert found.mitigations == ("Install 2.4.", "As a workaround, open no images.")


def test_severities_are_the_vendors_else_those_of_the_worst_flaw() -> None:
    threats = [("Impact", "Remote Code Execution"), ("Severity", "Moderate"),
               ("Severity", "Important"), ("Exploit Status", "Low")]  # fmt: skip
    listed = [{"type": kind, "description": text} for kind, text in threats]
    rated = [{"cvssscoresets": {"scoreset": {"basescore": score}}} for score in ("4.3", "9.8")]
    own = {"cve": "CVE-2031-10001", "threats": {"threat": listed}}
    assert read_flaw({}, own).severity == "Important"
    advisory = read_advisory({}, [*rated, own])
    assert advisory.severity == "" and advisory.cvss and advisory.cvss.score == 9.8
    assert read_advisory({}, [own, own]).severity == "Important"
