"""Advisories: CSAF, CVRF in both forms; and events, pulses and papers."""

from __future__ import annotations

from typing import Any

from tests.source_help import as_json, problems, read, record, records, refusal, without_original

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
        "affected": ["Acme Viewer 2.3", "Viewer on OS", "P9"],
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


CVRF = """<?xml version="1.0" encoding="UTF-8"?>
<cvrfdoc xmlns="http://www.icasi.org/CVRF/schema/cvrf/1.1" xmlns:v="urn:v" xmlns:p="urn:p">
  <DocumentTitle>Viewer update</DocumentTitle>
  <DocumentPublisher Type="Vendor"><IssuingAuthority>Acme PSIRT</IssuingAuthority>
  </DocumentPublisher>
  <DocumentTracking><Identification><ID>ACME-SA-1</ID></Identification>
    <InitialReleaseDate>2031-01-01</InitialReleaseDate></DocumentTracking>
  <DocumentNotes><Note Type="Summary" Ordinal="1">The viewer runs code.</Note>
    <Note Type="Legal Disclaimer">NO WARRANTY.</Note></DocumentNotes>
  <p:ProductTree><p:Branch><p:FullProductName ProductID="P1">Viewer 2.3</p:FullProductName>
    </p:Branch></p:ProductTree>
  %s
</cvrfdoc>"""
FLAW = """<v:Vulnerability Ordinal="1"><v:Title>Overflow</v:Title><v:CVE>CVE-2031-1%04d</v:CVE>
  <v:Notes><v:Note Type="Description">The decoder &amp; its length.</v:Note></v:Notes>
  <v:ProductStatuses><v:Status Type="Known Affected"><v:ProductID>P1</v:ProductID></v:Status>
  </v:ProductStatuses>
  <v:CVSSScoreSets><v:ScoreSet><v:BaseScore>7.5</v:BaseScore></v:ScoreSet></v:CVSSScoreSets>
  <v:Remediations><v:Remediation Type="Vendor Fix"><v:Description>Install 2.4.</v:Description>
  </v:Remediation></v:Remediations></v:Vulnerability>"""


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


def test_a_cvrf_catalog_gives_a_record_for_each_vulnerability() -> None:
    flaws = [FLAW % number for number in range(150)]
    found = records(CVRF % "\n".join(flaws))
    assert len(found) == 150
    assert (found[7]["id"], found[7]["kind"]) == ("CVE-2031-10007", "vulnerability")
    assert found[7]["affected"] == ["Viewer 2.3"] and found[7]["title"] == "Overflow"
    broken = flaws.copy()
    broken[7] = broken[7].replace("</v:Title>", "</v:Titel>")
    told = problems(CVRF % "\n".join(broken))
    assert len(told) == 1 and told[0].startswith("Vulnerability 8: not well-formed XML")
    assert len(read(CVRF % "\n".join(broken))) == 150


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


def test_ctftime_events() -> None:
    event = {
        "organizers": [{"id": 1, "name": "Team"}],
        "ctftime_url": "https://ctftime.org/event/9/",
        "ctf_id": 9,
        "id": 99,
        "title": "Print CTF",
        "description": "A jeopardy for beginners in binary exploitation.",
        "weight": 24.5,
        "format": "Jeopardy",
        "start": "2031-01-01T10:00:00+00:00",
        "finish": "2031-01-02T10:00:00+00:00",
        "url": "https://ctf.example/",
        "onsite": False,
        "restrictions": "Open",
    }
    assert without_original(record(as_json([event]))) == {
        "text": "A jeopardy for beginners in binary exploitation.",
        "title": "Print CTF",
        "kind": "ctf_event",
        "id": "9",
        "source": "CTFtime",
        "link": "https://ctftime.org/event/9/",
        "links": ["https://ctftime.org/event/9/", "https://ctf.example/"],
        "published": "2031-01-01T10:00:00+00:00",
        "format": "Jeopardy",
        "start": "2031-01-01T10:00:00+00:00",
        "finish": "2031-01-02T10:00:00+00:00",
        "organizers": ["Team"],
        "restrictions": "Open",
    }


def test_otx_pulses() -> None:
    pulse = {
        "id": "abc",
        "name": "Print Bear again",
        "description": "A group sends print jobs.",
        "author_name": "somebody",
        "adversary": "Print Bear",
        "tlp": "white",
        "tags": ["print"],
        "references": ["https://blog.example/1"],
        "indicators": [{"indicator": "print.evil.example", "type": "domain"}],
        "attack_ids": [{"id": "T9101", "name": "x", "display_name": "T9101 - x"}],
        "malware_families": [],
        "created": "2031-01-01T00:00:00",
    }
    found = record(as_json({"results": [pulse], "count": 1}))
    assert (found["kind"], found["id"], found["source"]) == (
        "threat_report",
        "abc",
        "AlienVault OTX",
    )
    assert (found["text"], found["title"]) == ("A group sends print jobs.", "Print Bear again")
    assert found["indicators"] == ["domain: print.evil.example"]
    assert found["techniques"] == ["T9101"] and found["adversary"] == "Print Bear"
    assert found["links"] == ["https://otx.alienvault.com/pulse/abc", "https://blog.example/1"]
