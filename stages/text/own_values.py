"""What a record itself states in plain fields, apart from the depths of what it was made from.

Knows what readers keep under `original`, and the parts of long texts.  Invariant: an object deep in
an original is never taken for the record's own statement: it may say the opposite.
"""

from __future__ import annotations

from typing import Any

from stages.base import Record
from stages.text.part_mark import is_part
from stages.text.record_text import first_values, raw_bodies, title_of, without_original

_OF_A_PART = frozenset("text title kind id source link part original".split())


def find_own_values(record: Record, *names: str) -> list[str]:
    """Short values of the first of `names` that a record's own sources hold.

    Objects deep in an original do not count: products that a feed lists as not affected.
    """
    return first_values(own_sources(record), names)


def find_plain_values(record: Record, *names: str) -> list[str]:
    """Short values of the first of `names` that the record's own sources hold beside its text: what
    lies within their objects may be the id of a product, or one product's of several."""
    return first_values(tuple(_flat(source) for source in own_sources(record)), names)


def own_sources(record: Record) -> tuple[Record, ...]:
    """What a reader has stated of a record, then the plain fields that it was made from; a record
    that no reader made as it is."""
    stated = without_original(record)
    if stated is record:
        return (record,)
    original = record["original"]
    if is_part(record) and record.keys() <= _OF_A_PART and isinstance(original, dict):
        return (stated, original)  # of a record that no reader made
    front = original.get("front_matter") if isinstance(original, dict) else None
    return (stated, *(_flat(one) for one in (original, front) if isinstance(one, dict)))


def as_written(record: Record) -> Record:
    """A record as somebody wrote it, where a reader has only put its fields one behind the other;
    any other as it is."""
    original = record.get("original")
    if not isinstance(original, dict) or is_part(record):
        return record
    title = title_of(original)
    bodies = (body for body in raw_bodies(original) if body != title)
    return original if record.get("text") == "\n\n".join(bodies) else record


def _flat(value: Record) -> Record:
    """The fields of an object that hold a value, or a list of values."""
    return {k: v for k, v in value.items() if not _has_objects(v)}


def _has_objects(value: Any) -> bool:
    return isinstance(value, dict) or (
        isinstance(value, list) and any(isinstance(item, dict | list) for item in value)
    )
