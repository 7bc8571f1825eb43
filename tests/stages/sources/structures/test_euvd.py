"""ENISA's entries: the right records as values, in documents and in lines."""

from __future__ import annotations

import json
from typing import Any

import pytest

from stages.sources.structures.euvd import is_euvd, read_euvd
from stages.text.severity import severity_of
from tests.source_help import as_json, read, record, without_original
from tests.source_samples import TEXT

VECTOR = "CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:N/A:N"
ENTRY: dict[str, Any] = {
    "id": "EUVD-2031-1234",
    "enisaUuid": "0b1c",
    "description": TEXT,
    "datePublished": "Apr 1, 2031, 1:00:00 AM",
    "dateUpdated": "Apr 2, 2031, 1:00:00 AM",
    "baseScore": 6.5,
    "baseScoreVersion": "3.1",
    "baseScoreVector": VECTOR,
    "references": "https://acme.example/1\nhttps://acme.example/2\n",
    "aliases": "CVE-2031-10001\nGHSA-aaaa-bbbb-cccc\n",
    "assigner": "acme",
    "epss": 0.4,
    "enisaIdProduct": [
        {"id": "x", "product": {"name": "Viewer"}, "product_version": "1.0 <1.5"},
        {"id": "y", "product": {"name": "Acme Editor"}, "product_version": "0 ≤2.4"},
        {"id": "z", "product": {"name": "Store"}, "product_version": "n/a"},
    ],
    "enisaIdVendor": [{"id": "v", "vendor": {"name": "Acme"}}],
}


def test_an_entry() -> None:
    found = record(as_json({"items": [ENTRY], "total": 1}))
    assert without_original(found) == {
        "text": TEXT,
        "title": "",
        "kind": "vulnerability",
        "id": "EUVD-2031-1234",
        "source": "EUVD",
        "link": "https://euvd.enisa.europa.eu/vulnerability/EUVD-2031-1234",
        "links": [
            "https://euvd.enisa.europa.eu/vulnerability/EUVD-2031-1234",
            "https://acme.example/1",
            "https://acme.example/2",
        ],
        "language": "en",
        "severity": "MEDIUM",
        "cvss": {"version": "3.1", "base_score": 6.5, "severity": "MEDIUM", "vector": VECTOR,
                 "source": "acme"},
        "affected": ["Acme Viewer from 1.0 before 1.5", "Acme Editor through 2.4", "Acme Store"],
        "aliases": ["CVE-2031-10001", "GHSA-aaaa-bbbb-cccc"],
        "published": "Apr 1, 2031, 1:00:00 AM",
        "modified": "Apr 2, 2031, 1:00:00 AM",
    }  # fmt: skip
    assert severity_of(found).basis()["cvss"] == "CVSS 3.1"


def test_a_line_is_read_as_a_document_is() -> None:
    (found,) = read(json.dumps(ENTRY).encode(), name="entries.jsonl")
    assert found.record is not None and found.record["source"] == "EUVD"


@pytest.mark.parametrize(
    ("stated", "words"),
    [("<1.5", "before 1.5"), ("1.0 <=1.5", "from 1.0 through 1.5"), ("2.4.1", "2.4.1"),
     ("3.0 <*", "from 3.0"), ("", "")],
)  # fmt: skip
def test_ranges_in_words(stated: str, words: str) -> None:
    product = {"product": {"name": "Viewer"}, "product_version": stated}
    entry = read_euvd({"id": "EUVD-2031-1", "enisaIdProduct": [product]})
    assert entry.affected == (f"Viewer {words}".strip(),)


@pytest.mark.parametrize(
    "changed",
    [{"id": "CVE-2031-1"}, {"id": None}, {"enisaIdProduct": 1, "assigner": "a", "id": 7}],
)
def test_what_is_no_entry(changed: dict[str, Any]) -> None:
    assert not is_euvd(ENTRY | changed)


def test_an_entry_that_nobody_has_rated() -> None:
    unrated = ENTRY | {"baseScore": -1, "baseScoreVector": "", "enisaIdVendor": 1, "aliases": None}
    assert (read_euvd(unrated).cvss, read_euvd(unrated).aliases) == (None, ())
