"""OpenCVE's entries, CTFtime's events and OTX pulses: the right records as values."""

from __future__ import annotations

from tests.source_help import as_json, record, without_original
from tests.source_samples import CVE, TEXT


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


def test_pulses_of_an_indicator_come_without_theirs() -> None:
    pulse = {"id": "abc", "name": "Bear", "description": TEXT, "TLP": "green", "attack_ids": []}
    found = record(as_json({"indicator": "evil.example", "pulse_info": {"pulses": [pulse]}}))
    assert (found["source"], found["text"]) == ("AlienVault OTX", TEXT)


def test_what_is_like_opencve_is_not_said_to_be_of_it() -> None:
    circl = {"id": CVE, "summary": TEXT, "cvss": 7.5, "cwe": "CWE-122", "references": []}
    assert record(as_json([circl]))["source"] == ""
    listed = {"cve_id": CVE, "description": TEXT, "created_at": "2031", "updated_at": "2031"}
    assert record(as_json({"results": [listed]}))["source"] == "OpenCVE"
    detail = {**listed, "title": "T", "weaknesses": [], "vendors": []}
    assert record(as_json(detail))["title"] == "T"


def test_opencve_old_and_new() -> None:
    old = {
        "id": CVE,
        "summary": TEXT,
        "created_at": "2031-01-01",
        "cvss": {"v2": 5.0, "v3": 7.5},
        "vendors": {"acme": ["viewer"]},
        "cwes": ["CWE-122"],
    }
    found = record(as_json([old]))
    assert (found["source"], found["text"], found["affected"]) == ("OpenCVE", TEXT, ["acme viewer"])
    assert found["cvss"]["base_score"] == 7.5
    new = {
        "cve_id": CVE,
        "description": TEXT,
        "title": "Overflow",
        "metrics": {
            "cvssV3_1": {
                "data": {"score": 9.8, "vector": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"},
                "provider": "nvd",
            }
        },
        "vendors": ["acme", "acme$PRODUCT$image_viewer"],
        "weaknesses": ["CWE-122"],
    }
    found = record(as_json({"count": 1, "next": None, "results": [new]}))
    assert (found["title"], found["affected"]) == ("Overflow", ["acme image viewer"])
    assert (found["severity"], found["cvss"]["source"]) == ("CRITICAL", "nvd")
