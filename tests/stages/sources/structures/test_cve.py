"""CVE records of versions 5 and 4: the right records as values."""

from __future__ import annotations

from typing import Any

import pytest

from stages.sources.structures.cve import read_cve_5
from tests.source_help import as_json, record, without_original
from tests.source_samples import CVE, TEXT


def cve_5(**changes: Any) -> dict[str, Any]:
    cna: dict[str, Any] = {
        "title": "Heap overflow in Acme Viewer",
        "providerMetadata": {"orgId": "1", "shortName": "acme"},
        "descriptions": [{"lang": "de", "value": "Fehler."}, {"lang": "en-US", "value": TEXT}],
        "affected": [
            {
                "vendor": "Acme",
                "product": "Viewer",
                "versions": [
                    {"version": "2.0", "status": "affected", "lessThan": "2.4"},
                    {"version": "1.9", "status": "unaffected"},
                ],
            },
            {"vendor": "n/a", "product": "n/a", "versions": [{"version": "n/a"}]},
        ],
        "problemTypes": [{"descriptions": [{"cweId": "CWE-122", "description": "x"}]}],
        "metrics": [{"format": "CVSS", "cvssV3_1": {"baseScore": 8.8, "baseSeverity": "HIGH",
                                                    "version": "3.1", "vectorString": "V"}}],
        "solutions": [{"lang": "en", "value": "Install 2.4."}],
        "workarounds": [{"lang": "en", "value": "Open no images of strangers."}],
        "references": [{"url": "https://acme.example/a1"}],
    }  # fmt: skip
    adp = {
        "providerMetadata": {"shortName": "CISA-ADP"},
        "metrics": [{"cvssV3_1": {"version": "3.1", "baseScore": 9.8, "baseSeverity": "CRITICAL"}}],
        "references": [{"url": "https://other.example/b"}],
    }
    meta = {"cveId": CVE, "state": "PUBLISHED", "datePublished": "2031-01-01"}
    return {
        "dataType": "CVE_RECORD",
        "cveMetadata": meta | changes.pop("meta", {}),
        "containers": {"cna": cna | changes, "adp": [adp]},
    }


def test_cve_5_takes_the_words_of_the_cna_and_its_rating_before_those_of_others() -> None:
    found = record(as_json(cve_5()))
    assert without_original(found) == {
        "text": TEXT,
        "title": "Heap overflow in Acme Viewer",
        "kind": "vulnerability",
        "id": CVE,
        "source": "CVE Program",
        "link": f"https://www.cve.org/CVERecord?id={CVE}",
        "links": [
            f"https://www.cve.org/CVERecord?id={CVE}",
            "https://acme.example/a1",
            "https://other.example/b",
        ],
        "licence": "CVE Terms of Use (https://www.cve.org/Legal/TermsOfUse)",
        "language": "en",
        "severity": "HIGH",
        "cvss": {
            "version": "3.1",
            "base_score": 8.8,
            "severity": "HIGH",
            "vector": "V",
            "source": "acme",
        },
        "cwes": ["CWE-122"],
        "weaknesses": ["CWE-122 x"],
        "affected": ["Acme Viewer from 2.0 before 2.4"],
        "mitigations": ["Install 2.4.", "As a workaround, open no images of strangers."],
        "published": "2031-01-01",
    }


@pytest.mark.parametrize(
    "content", [{"text": "Low"}, {"value": "Low", "namespace": "https://vendor.example/"}]
)
def test_the_word_of_the_cnas_own_scale_is_its_severity(content: dict[str, str]) -> None:
    other = [{"other": {"type": "Textual description of severity", "content": content}}]
    assert record(as_json(cve_5(metrics=other)))["severity"] == "Low"
    prose = [{"other": {"type": "ssvc", "content": {"text": "It depends on where it runs."}}}]
    assert record(as_json(cve_5(metrics=prose))).get("severity") != "It depends on where it runs."


def test_a_rating_of_a_scenario_does_not_count_before_the_general_one() -> None:
    def metric(score: float, **scenario: Any) -> dict[str, Any]:
        return {"cvssV4_0": {"version": "4.0", "baseScore": score}, **scenario}

    special = metric(2.1, scenarios=[{"lang": "en", "value": "With option X off"}])
    general = metric(9.3, scenarios=[{"lang": "en", "value": "GENERAL"}])
    for metrics, score in (([special, general], 9.3), ([special, metric(8.1)], 8.1)):
        assert record(as_json(cve_5(metrics=metrics)))["cvss"]["base_score"] == score
    assert record(as_json(cve_5(metrics=[special])))["cvss"]["base_score"] == 2.1


def test_a_rejected_cve_5_says_so_with_its_reason() -> None:
    entry = cve_5(
        meta={"state": "REJECTED"},
        descriptions=[],
        rejectedReasons=[{"lang": "en", "value": "Assigned twice."}],
    )
    found = record(as_json(entry))
    assert (found["status"], found["text"]) == ("rejected", "Assigned twice.")


def test_cve_4() -> None:
    product = {
        "product_name": "Viewer",
        "version": {"version_data": [{"version_affected": "<", "version_value": "2.4"}]},
    }
    found = record(
        as_json(
            {
                "CVE_data_meta": {"ID": CVE, "STATE": "PUBLIC", "TITLE": "Overflow"},
                "data_format": "MITRE",
                "affects": {
                    "vendor": {
                        "vendor_data": [
                            {"vendor_name": "Acme", "product": {"product_data": [product]}}
                        ]
                    }
                },
                "description": {"description_data": [{"lang": "eng", "value": TEXT}]},
                "solution": [{"lang": "eng", "value": "Install 2.4."}],
            }
        )
    )
    assert (found["text"], found["title"], found["language"]) == (TEXT, "Overflow", "en")
    assert found["affected"] == ["Acme Viewer before 2.4"]
    assert found["mitigations"] == ["Install 2.4."] and "status" not in found


@pytest.mark.parametrize("value", [None, 3, "x", [], {}, [[]], [None]])
@pytest.mark.parametrize(
    "name", ["affected", "solutions", "metrics", "problemTypes", "references", "tags"]
)
def test_wrong_types_are_as_good_as_nothing(name: str, value: Any) -> None:
    found = record(as_json([cve_5(**{name: value})]))
    assert (found["id"], found["text"]) == (CVE, TEXT)


@pytest.mark.parametrize("old", [False, True])
def test_advice_is_whole_and_in_one_language(old: bool) -> None:
    advice = [{"lang": "es", "value": "Instale 2.4."},
              {"lang": "en", "value": "Install 2.4.\n\nThen restart."}]  # fmt: skip
    said = [{"lang": "en", "value": TEXT}]
    cna = {"descriptions": said, "solutions": advice, "workarounds": advice[:1]}
    value = (
        {"CVE_data_meta": {"ID": CVE}, "description": {"description_data": said},
         "solution": advice, "work_around": advice[:1]}
        if old
        else {"cveMetadata": {"cveId": CVE}, "containers": {"cna": cna}}
    )  # fmt: skip
    assert record(as_json(value))["mitigations"] == ["Install 2.4.\n\nThen restart."]


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("the lamp is lit", "Exploiting it takes this configuration: the lamp is lit"),
        ("You can check whether the lamp is lit under Rope > Lamp.", ""),
        ("This issue affects only towers with a lamp.",) * 2,
        ("Only towers with a lamp are affected.",) * 2,
    ],
)
def test_a_configuration_is_told_as_what_it_takes(text: str, note: str) -> None:
    """How to look for a lamp was told as what an attacker needs."""
    found = record(as_json(cve_5(configurations=[{"lang": "en", "value": text}])))
    assert found.get("scope_notes", []) == ([note] if note else [])


def test_the_text_says_which_versions_a_repaired_one_ends() -> None:
    """Else each later release of the product is called affected."""
    versions = [{"version": "2.4", "status": "unaffected"}]
    product = {"product": "Lark", "defaultStatus": "affected", "versions": versions}
    said = [{"lang": "en", "value": "A rope in Lark prior to version 2.4 is loose."}]
    entry = read_cve_5(cve_5(affected=[product], descriptions=said))
    assert entry.affected == ("Lark before 2.4",)
