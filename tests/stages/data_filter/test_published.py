"""An advisory that is not out, and an entry that another one took the place of."""

from __future__ import annotations

from typing import Any

import pytest

from stages.data_filter.published import is_replaced, not_published

OWN = {"ghsa_id": "GHSA-2222-3333-4444"}


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({"document": {"tracking": {"status": "Draft"}}}, "draft"),
        ({"text": "x", "original": {**OWN, "state": "triage"}}, "draft"),
        ({**OWN, "state": "closed", "vulnerabilities": []}, "rejected"),
        ({**OWN, "state": "closed", "number": 7, "body": "x"}, ""),
        ({**OWN, "state": "published"}, ""),
        ({"state": "closed", "document": "draft"}, ""),
        ({**OWN, "state": ["draft"], "original": 7}, ""),
    ],
)
def test_an_advisory_is_out_unless_its_own_form_says_no(
    record: dict[str, Any], reason: str
) -> None:
    """A draft is told as fact, though its maintainers may have found that it is no flaw."""
    found = not_published(record)
    assert (found.reason if found else "") == reason


GONE = {"title": "Gate of a pier", "text": "It can be lifted.", "withdrawn": "2031-01-01"}


@pytest.mark.parametrize(
    "record",
    [
        {**GONE, "id": "ACME-2031-14", "withdrawn": True},
        {"original": {**GONE, "id": "Acme-SEC-2031-14"}, "text": "x"},
        {**GONE, "type": "security_advisory"},
        {**GONE, "type": "advisory", "title": "Ticket 2.1 lets guests in"},
        {**GONE, "number": "PIER-2031:7", "withdrawn": None, "Withdrawn at": "2031-01-01T00:00Z"},
    ],
)
def test_an_advisory_of_any_vendor_may_be_withdrawn(record: dict[str, Any]) -> None:
    """Only ids of known forms were, and what a vendor had taken back was told as fact."""
    found = not_published(record)
    assert found and found.reason == "withdrawn"


@pytest.mark.parametrize(
    "record",
    [
        {**GONE, "id": "INC-2031-14"},
        {**GONE, "id": "incident-2031-14"},
        {**GONE, "id": "SIR-2031-14"},
        {**GONE, "id": "ACME-2031-14", "title": "Incident report: a gate was lifted"},
        {**GONE, "id": "ACME-2031-14", "type": "incident report"},
        {**GONE, "id": "ACME-2031-14", "assignee": "Ida"},
        {**GONE, "id": "ACME-14"},
        {**GONE, "type": "report"},
        {**GONE, "id": "ACME-2031-14", "withdrawn": "12 claims"},
        {**GONE, "id": "ACME-2031-14", "withdrawn": False},
        {"id": "ACME-2031-14", "text": "x", "revoked": "2031-01-01"},
        {**GONE},
    ],
)
def test_what_a_ticket_or_a_report_tells_of_takes_it_not_back(record: dict[str, Any]) -> None:
    """A demand for a ransom is withdrawn, too."""
    assert not_published(record) is None


@pytest.mark.parametrize(
    ("name", "value", "replaced"),
    [
        ("supersededby", "CVE-2031-10002", True),
        ("duplicateof", ["", "GHSA-2222-3333-4444"], True),
        ("supersededby", "KB5012345", False),
        ("supersededby", None, False),
        ("supersedes", "CVE-2031-10002", False),
    ],
)
def test_an_entry_is_replaced_by_another_entry_only(name: str, value: Any, replaced: bool) -> None:
    """Else an update that replaces another takes its flaw out of the dataset."""
    assert is_replaced(name, value) is replaced
