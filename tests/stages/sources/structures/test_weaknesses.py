"""CWE's weaknesses and CAPEC's attack patterns: the right records as values."""

from __future__ import annotations

from tests.source_help import record, records, without_original
from tests.source_samples import CAPEC, CWE


def test_cwe() -> None:
    first, second = records(CWE)
    assert without_original(first) == {
        "text": "The product shows titles without a limit.\nA title may be long.\n"
        "It then hides the rest.",
        "title": "Unlimited Titles",
        "kind": "weakness",
        "id": "CWE-9001",
        "source": "CWE",
        "link": "https://cwe.mitre.org/data/definitions/9001.html",
        "links": ["https://cwe.mitre.org/data/definitions/9001.html"],
        "licence": "CWE Terms of Use (https://cwe.mitre.org/about/termsofuse.html)",
        "language": "en",
        "mitigations": ["Cut titles."],
        "detections": ["Fuzzing: Send long titles."],
        "abstraction": "Base",
        "likelihood_of_exploit": "High",
        "consequences": ["Integrity: Hide Activities. Users are misled."],
        "platforms": ["Linux"],
        "examples": ["CVE-2031-10001: A viewer did."],
        "related": ["ChildOf CWE-9000"],
    }
    assert first["original"]["@ID"] == "9001"
    assert first["original"]["Description"] == "The product shows titles without a limit."
    assert (second["id"], second["status"]) == ("CWE-9002", "deprecated")


def test_capec() -> None:
    found = record(CAPEC)
    assert (found["kind"], found["id"], found["title"]) == (
        "attack_pattern",
        "CAPEC-9101",
        "Title Flooding",
    )
    assert found["severity"] == "Medium" and found["cwes"] == ["CWE-9001"]
    assert found["mitigations"] == ["Cut titles."] and found["detections"] == ["Long titles."]
    assert found["prerequisites"] == ["A title."]
    assert found["steps"] == ["Find the title. Read the manual."]
