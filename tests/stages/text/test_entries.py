"""Which records have the form of a feed's entry; a text that only mentions an id has not."""

from __future__ import annotations

from typing import Any

import pytest

from stages.text.entries import is_entry

UUID = "00000000-0000-4000-8000-000000000001"


@pytest.mark.parametrize(
    "record",
    [{"id": "CVE-2099-0001"}, {"id": "CWE-9901"}, {"id": "USN-7000-1"}, {"id": "CAPEC-66"},
     {"stix_id": f"tool--{UUID}"}, {"id": f"course-of-action--{UUID}", "type": "course-of-action"},
     {"id": "CNVD-2099-10001"}, {"title": "CVE-2099-0001"}, {"original": {}, "kind": "malware"},
     {"original": {}, "kind": "advisory"}],
)  # fmt: skip
def test_entries_of_feeds(record: dict[str, Any]) -> None:
    assert is_entry({**record, "description": "It prints."})


@pytest.mark.parametrize(
    "record",
    [{"id": "17"}, {"title": "On CVE-2099-0001"}, {"id": f"report--{UUID}"}, {"id": "tool--x"},
     {"title": "CVE-2099-0001", "ticket_no": "7"},
     {"original": {}, "kind": "other"}, {"kind": "malware"}, {"type": "malware"}],
)  # fmt: skip
def test_other_records(record: dict[str, Any]) -> None:
    assert not is_entry({**record, "text": "See CVE-2099-0001 and T1059."})
