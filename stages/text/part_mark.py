"""What marks a record as a part of a long text, which has been cleaned as a whole.

Knows the fields of a part; `parts.py` makes them.  Invariant: the mark counts only in records
that come from a stage, never in those that are given to the first one.
"""

from __future__ import annotations

from stages.base import Record


def as_given(record: Record) -> Record:
    """A record that no stage has seen: a mark of its own that it is a part says nothing."""
    if not is_part(record):
        return record
    return {"own_part" if key == "part" else key: value for key, value in record.items()}


def is_part(record: Record) -> bool:
    """Whether it is a part of a long text, which has been cleaned as a whole."""
    part, has_text = record.get("part"), isinstance(record.get("text"), str)
    known = isinstance(part, dict) and part.keys() == {"number", "of", "heading", "begins"}
    return known and has_text and "original" in record


def goes_on(record: Record) -> bool:
    """Whether it is a part that begins in the middle of a text."""
    return is_part(record) and record["part"]["number"] != 1
