"""CVRF advisories, as XML and as Red Hat's JSON."""

from __future__ import annotations

from tests.source_help import as_json, record
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
