"""CISA's catalog of known exploited vulnerabilities."""

from __future__ import annotations

from tests.source_help import as_json, record, without_original
from tests.source_samples import CVE, TEXT


def test_kev() -> None:
    flaw = {
        "cveID": CVE,
        "vendorProject": "Acme",
        "product": "Viewer",
        "vulnerabilityName": "Acme Viewer Heap Overflow",
        "dateAdded": "2031-03-01",
        "shortDescription": TEXT,
        "requiredAction": "Apply updates.",
        "dueDate": "2031-03-21",
        "knownRansomwareCampaignUse": "Known",
        "notes": "https://acme.example/a1 ; https://acme.example/a2",
        "cwes": ["CWE-122"],
    }
    found = record(as_json({"title": "Catalog", "count": 1, "vulnerabilities": [flaw]}))
    assert without_original(found) == {
        "text": TEXT,
        "title": "Acme Viewer Heap Overflow",
        "kind": "vulnerability",
        "id": CVE,
        "source": "CISA KEV",
        "link": "https://acme.example/a1",
        "links": [
            "https://acme.example/a1",
            "https://acme.example/a2",
            "https://www.cisa.gov/known-exploited-vulnerabilities-catalog",
        ],
        "licence": "CC0-1.0",
        "language": "en",
        "cwes": ["CWE-122"],
        "affected": ["Acme Viewer"],
        "mitigations": ["Apply updates."],
        "published": "2031-03-01",
        "due_date": "2031-03-21",
        "ransomware_use": "Known",
    }
