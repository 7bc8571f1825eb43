"""A line in the shape of a package feed, with the fields that the feed's reader finds in it.

Lines of OSV and GitHub pass through a run as they are, and say in nested objects which packages
are affected and what repairs them; others name a product in one field and its versions in another.
Invariant: a field that the line states in plain values stays.
"""

from __future__ import annotations

from stages.base import Record
from stages.sources.structures.osv import is_github, is_osv, read_github, read_osv
from stages.sources.structures.reading import look_up, objects_at
from stages.text.kinds import VULNERABILITY, identify, is_read
from stages.text.product_versions import versions_of_product

_FIELDS = ("affected", "mitigations", "fix_notes", "cwes", "weaknesses")


def with_fields(record: Record) -> Record:
    """The record with what is affected, what repairs it and its weaknesses in plain values."""
    if is_read(record):
        return record
    if not _lists_packages(record):
        entry = identify(record).kind == VULNERABILITY
        named = versions_of_product(record) if entry else []
        return record | {"affected": named} if named else record
    read = read_github if is_github(record) else read_osv if is_osv(record) else None
    if read is None:
        return record
    found = read(record).record(record)
    return record | {
        name: found[name]
        for name in _FIELDS
        if found.get(name) and (name == "affected" or not record.get(name))
    }


def _lists_packages(record: Record) -> bool:
    listed = [*objects_at(record, "affected"), *objects_at(record, "vulnerabilities")]
    return any(isinstance(look_up(one, "package"), dict) for one in listed)
