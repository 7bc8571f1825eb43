"""NVD's entries of both versions: the right records as values."""

from __future__ import annotations

from typing import Any

import pytest

from stages.sources.structures.nvd import cwes_of_problems, is_nvd
from stages.sources.structures.registry import record_of
from tests.source_help import as_json, read, record, without_original
from tests.source_samples import CVE, TEXT, nvd, nvd_entry


def rating(version: str, score: float, severity: str, kind: str, source: str) -> dict[str, Any]:
    data = {"version": version, "baseScore": score, "baseSeverity": severity, "vectorString": "V"}
    return {"source": source, "type": kind, "cvssData": data}


def test_nvd_2() -> None:
    entry = nvd_entry(
        weaknesses=[{"description": [{"lang": "en", "value": "CWE-122"}]}],
        configurations=[
            {
                "nodes": [
                    {
                        "cpeMatch": [
                            {
                                "vulnerable": True,
                                "criteria": "cpe:2.3:a:acme:image_viewer:*:*:*:*:*:*:*:*",
                                "versionStartIncluding": "2.0",
                                "versionEndExcluding": "2.4",
                            },
                            {"vulnerable": False, "criteria": "cpe:2.3:o:acme:os:1:*:*:*:*:*:*:*"},
                        ]
                    }
                ]
            }
        ],
    )
    found = record(nvd(entry))
    assert without_original(found) == {
        "text": TEXT,
        "title": "",
        "kind": "vulnerability",
        "id": CVE,
        "source": "NVD",
        "link": f"https://nvd.nist.gov/vuln/detail/{CVE}",
        "links": [f"https://nvd.nist.gov/vuln/detail/{CVE}", "https://acme.example/a1"],
        "language": "en",
        "cwes": ["CWE-122"],
        "affected": ["acme image viewer from 2.0 before 2.4"],
        "published": "2031-01-02T03:04:05.678",
        "modified": "2031-02-02T03:04:05.678",
    }
    assert found["original"] == entry


def test_the_newest_cvss_counts_and_its_primary_source_first() -> None:
    metrics = {
        "cvssMetricV2": [rating("2.0", 5.0, "MEDIUM", "Primary", "nvd@nist.gov")],
        "cvssMetricV31": [
            rating("3.1", 7.1, "HIGH", "Secondary", "cna@acme.example"),
            rating("3.1", 9.8, "CRITICAL", "Primary", "nvd@nist.gov"),
        ],
    }
    found = record(nvd(nvd_entry(metrics=metrics)))
    assert found["severity"] == "CRITICAL"
    assert found["cvss"] == {
        "version": "3.1",
        "base_score": 9.8,
        "severity": "CRITICAL",
        "vector": "V",
        "source": "nvd@nist.gov",
    }
    metrics["cvssMetricV40"] = [rating("4.0", 6.9, "MEDIUM", "Secondary", "cna@acme.example")]
    found = record(nvd(nvd_entry(metrics=metrics)))
    assert (found["severity"], found["cvss"]["version"]) == ("MEDIUM", "4.0")
    assert found["original"]["cve"]["metrics"] == metrics


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"vulnStatus": "Rejected"}, "rejected"),
        ({"vulnStatus": "Modified"}, None),
        ({"vulnStatus": "Reserved"}, "reserved"),
        ({"cveTags": [{"sourceIdentifier": "x", "tags": ["disputed"]}]}, "disputed"),
        ({"descriptions": [{"lang": "en", "value": f"** DISPUTED ** {TEXT}"}]}, "disputed"),
        ({"descriptions": [{"lang": "en", "value": "** REJECT ** Not one."}]}, "rejected"),
        ({"descriptions": [{"lang": "en", "value": "Rejected reason: none."}]}, "rejected"),
    ],
)
def test_the_status_of_an_entry(changes: dict[str, Any], status: str | None) -> None:
    assert record(nvd(nvd_entry(**changes))).get("status") == status


def test_an_empty_english_text_does_not_hide_another() -> None:
    said = [{"lang": "en", "value": " "}, {"lang": "es", "value": "Un fallo grave."}]
    found = record(nvd(nvd_entry(descriptions=said)))
    assert (found["text"], found["language"]) == ("Un fallo grave.", "es")


def nvd_1() -> dict[str, Any]:
    described = {"description_data": [{"lang": "en", "value": TEXT}]}
    matches = [{"vulnerable": True, "cpe23Uri": "cpe:2.3:a:acme:viewer:1.0:*:*:*:*:*:*:*"}]
    return {
        "cve": {
            "CVE_data_meta": {"ID": CVE, "ASSIGNER": "cve@acme.example"},
            "problemtype": {"problemtype_data": [{"description": [{"value": "CWE-122"}]}]},
            "references": {"reference_data": [{"url": "https://acme.example/a1"}]},
            "description": described,
        },
        "configurations": {"nodes": [{"operator": "OR", "children": [{"cpe_match": matches}]}]},
        "impact": {
            "baseMetricV3": {
                "cvssV3": {"version": "3.0", "baseScore": 8.8, "baseSeverity": "HIGH"}
            },
            "baseMetricV2": {"cvssV2": {"baseScore": 6.8}, "severity": "MEDIUM"},
        },
        "publishedDate": "2021-01-01T00:00Z",
        "lastModifiedDate": "2021-01-02T00:00Z",
    }


def test_nvd_1_1() -> None:
    found = record(as_json({"CVE_data_type": "CVE", "CVE_Items": [nvd_1()]}))
    assert (found["text"], found["id"], found["source"]) == (TEXT, CVE, "NVD")
    assert (found["severity"], found["cvss"]["base_score"]) == ("HIGH", 8.8)
    assert found["affected"] == ["acme viewer 1.0"] and found["cwes"] == ["CWE-122"]
    assert found["published"] == "2021-01-01T00:00Z"


@pytest.mark.parametrize("value", [None, 3, "x", [], {}, [[]], [None]])
@pytest.mark.parametrize("name", ["descriptions", "metrics", "weaknesses", "references", "cveTags"])
def test_wrong_types_are_as_good_as_nothing(name: str, value: Any) -> None:
    (found,) = read(nvd(nvd_entry(**{name: value})))
    assert found.record or (name == "descriptions" and found.problem)


@pytest.mark.parametrize(
    ("value", "is_one"),
    [
        (nvd_entry(), True),
        (nvd_entry()["cve"], True),
        ({"id": CVE, "details": TEXT}, False),
        ({"id": "N-1", "descriptions": []}, False),
        ({"cve": CVE}, False),
        ({"id": CVE, "descriptions": [], "opencve": {}}, False),
    ],
)
def test_an_entry_is_told_by_its_id_and_its_fields(value: dict[str, Any], is_one: bool) -> None:
    assert is_nvd(value) is is_one


def test_the_ids_of_weaknesses_in_old_problem_types() -> None:
    problems = [{"description": [{"value": "CWE-79 and CWE-80"}, {"value": "NVD-CWE-noinfo"}]}, 7]
    assert cwes_of_problems(problems) == ("CWE-79", "CWE-80")
    assert cwes_of_problems(None) == ()


def test_the_version_of_a_rating_may_stand_in_its_name_alone() -> None:
    metrics = {"cvssMetricV31": [{"cvssData": {"baseScore": 8.8, "baseSeverity": "HIGH"}}]}
    assert record(nvd(nvd_entry(metrics=metrics)))["cvss"]["version"] == "3.1"


FLAT = {"id": CVE, "vulnStatus": "Analyzed", "product": "Image Viewer"}


@pytest.mark.parametrize(
    "row",
    [
        {**FLAT, "description": TEXT},
        {**FLAT, "summary": TEXT},
        {**FLAT, "descriptions": TEXT},
        {**FLAT, "descriptions": [TEXT]},
        {**FLAT, "descriptions": {"en": TEXT}},
        {"cve": {**FLAT, "description": TEXT}},
    ],
)
def test_a_row_of_a_table_with_nvds_status_is_read_by_its_own_names(row: dict[str, Any]) -> None:
    """Every row of a flat export was a dead letter: "no text in it"."""
    assert record(as_json(row), "in.jsonl") == row
    found = record_of(row)
    assert (found["text"], found["id"], found["source"]) == (TEXT, CVE, "")


def test_descriptions_may_call_their_text_so() -> None:
    entry = nvd_entry(descriptions=[{"lang": "de", "text": "Ein Fehler."},
                                    {"lang": "en", "text": TEXT}])  # fmt: skip
    assert record(nvd(entry))["text"] == TEXT


def test_a_rejected_entry_without_a_text_is_still_told_as_rejected() -> None:
    """Else it is a dead letter for somebody to look after, and not removed."""
    assert record(as_json({"id": CVE, "vulnStatus": "Rejected"}))["status"] == "rejected"
