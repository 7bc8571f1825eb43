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
