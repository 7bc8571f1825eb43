"""The fields that somebody has written into a record, whatever readers and stages have added.

Knows what a reader keeps under `original`, what wraps a record, and what the data filter adds.
Invariant: no value here was found out, decided or gathered by a stage.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from stages.base import Record
from stages.text import field_names
from stages.text.field_names import meaning_of
from stages.text.own_values import as_written
from stages.text.record_language import is_foreign
from stages.text.record_text import plain_key, prose_of
from stages.text.text_fields import WRAPPER_KEYS

# What the data filter says of a record, and where it keeps the record's own values of these names.
_ADDED = ("technical_description", "risk_level", "affected_systems", "mitigations")
_ORIGIN, _OWN = "fields_from", "own_fields"
_WRAPS = WRAPPER_KEYS | frozenset("source properties payload report issue ticket".split())

# What a paper's editors note of how it was printed: "14 pages, 3 figures, accepted at Foo 2030".
_PRINTED = re.compile(
    r"\W*(?:v\d:? )?\d+ (?:pages?|figures?|tables?)\b(?:[^.]{0,40}(?:pages?|figures?|tables?"
    r"|append\w+|references|columns?|format)\b){0,6}(?:[;,.] ?(?:accepted|published|presented"
    r"|to appear|submitted|extended|full|short|preprint)\b[^.]{0,160})?\W*",
    re.IGNORECASE,
)

_MARKS = frozenset("language relevance review_required flags".split())  # set by the filter


def own_fields(record: Record) -> Mapping[str, Any]:
    """The fields of a record in its language, or of the only one that it wraps; empty where a
    reader has made the text in another way than by putting fields behind each other."""
    fields: Mapping[str, Any] = as_written(record)
    if fields is record:
        fields = _listed(record) if "original" in record else _before_the_filter(record)
    own = {key: value for key, value in fields.items() if key not in _MARKS}
    alone = len(own) == 1
    inside = [value for key, value in own.items() if alone or plain_key(key) in _WRAPS]
    wrapped = [one for one in inside if isinstance(one, dict) and (alone or _has_text(one))]
    fields = own if len(own) < len(fields) else fields
    fields = wrapped[0] if len(wrapped) == 1 and not _has_text(fields) else fields
    told = {
        name: one for name, one in fields.items()
        if not (is_foreign(_said(one), record) or _PRINTED.fullmatch(_said(one)))
    }  # fmt: skip
    return told if len(told) < len(fields) else fields  # the very object that holds the text


def _said(value: Any) -> str:
    lines = value if isinstance(value, list) else [value]
    return " ".join(one for one in lines if isinstance(one, str))


def _listed(record: Record) -> Mapping[str, Any]:
    """The indicators of an event about which nobody has written more than its title and remarks."""
    lines = str(record.get("text", "")).split("\n")
    bare = all(one.startswith("- ") or one in ("", record.get("title")) for one in lines)
    found = record.get("indicators")
    return {"indicators": found} if bare and isinstance(found, list) else {}


def _before_the_filter(record: Record) -> Record:
    """A record as it was when the filter got it: what it has added stands behind the record's own
    fields."""
    if not isinstance(record.get(_ORIGIN), dict):
        return record
    own = record.get(_OWN)
    own = own if isinstance(own, dict) else {}
    names = list(record)
    stated = [name for name in names[: _first_added(names, own)] if name in _ADDED]
    own = {name: record[name] for name in stated} | own
    added = (_ORIGIN, _OWN, *(name for name in _ADDED if name not in own))
    return {name: own.get(name, value) for name, value in record.items() if name not in added}


def _first_added(names: Sequence[str], own: Mapping[str, Any]) -> int:
    """The place of the first field that the filter has added: its fields follow each other."""
    at = names.index(_ORIGIN)
    order = list(_ADDED)
    while at and names[at - 1] in order and names[at - 1] not in own:
        order = order[: order.index(names[at - 1])]
        at -= 1
    return at


def _has_text(fields: Mapping[str, Any]) -> bool:
    return any(
        meaning_of(key) in (field_names.MAIN, field_names.FINDINGS)
        and (isinstance(value, str) or (isinstance(value, dict) and prose_of(value)))
        for key, value in fields.items()
    )
