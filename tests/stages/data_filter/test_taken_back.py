"""What a status says of an entry, and what it says of a product or a mend."""

from __future__ import annotations

import pytest

from stages.data_filter.taken_back import by_status


@pytest.mark.parametrize(
    ("name", "value", "listed", "gone"),
    [
        ("status", "Rejected: the door was never open in any release", False, "rejected"),
        ("status", "duplicate", True, "rejected"),
        ("status", "duplicate", False, ""),
        ("recordstatus", "retired", True, "deprecated"),
        ("recordstatus", "retired", False, ""),
        ("lifecycle", "retired", True, ""),
        ("state", "merged", True, ""),
        ("status", "Withdrawn from sale: nobody makes the lamp", True, ""),
        ("category", "rejected lamps", True, ""),
    ],
)
def test_a_status_takes_back_entries_only(name: str, value: str, listed: bool, gone: str) -> None:
    """A flaw in a lamp that is sold no more is a flaw all the same."""
    assert by_status(name, value, listed) == gone
