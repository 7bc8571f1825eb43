"""Lines of JSON objects that each have a record's id, and what JSON can hold of a record.

Knows lines, ids and limits; does not know what else is on a line.  Invariant: a file with a
line that is damaged, truncated or duplicated is refused, with the line's number.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from workers.core.errors import QueueError
from workers.core.json_fields import JsonFields

# orjson writes at most 254 levels; a record is wrapped in a few more when it is stored.
MAX_DEPTH = 128
_WRAPPING = 8

_ID = re.compile(r"\d+:\d+(?:\.\d+)*")


def id_order(record_id: str) -> tuple[int, ...]:
    """Sort key of record ids: "0:17.1" -> (0, 17, 1)."""
    return tuple(int(number) for number in re.findall(r"\d+", record_id))


def lines_with_ids(data: bytes, source: str) -> Iterator[JsonFields]:
    """The lines of a chunk file; raises QueueError naming `source` and line."""
    pieces = data.split(b"\n")
    if pieces.pop():
        raise QueueError(f"{source} line {len(pieces) + 1}: truncated")
    seen: set[str] = set()
    for number, piece in enumerate(pieces, 1):
        fields = _line(piece, f"{source} line {number}")
        record_id = fields.values["id"]
        if record_id in seen:
            raise fields.problem(f"id {record_id} is duplicated")
        seen.add(record_id)
        yield fields


def _line(piece: bytes, where: str) -> JsonFields:
    try:
        value = orjson.loads(piece)
    except orjson.JSONDecodeError as error:
        raise QueueError(f"{where}: damaged, not valid JSON: {error.msg}") from None
    if not isinstance(value, dict) or not _is_id(value.get("id")):
        raise QueueError(f"{where}: damaged, no id such as 0:17")
    return JsonFields(value, where, QueueError)


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def unwritable(value: dict[str, Any]) -> str | None:
    """Why JSON can't hold a value unchanged, or None when it can."""
    try:
        text = orjson.dumps(value)
    except TypeError as error:
        return str(error)
    # orjson silently writes NaN as null: look closer only where there is a null.
    if b"null" in text and _has_nan(value):
        return "a number is NaN or infinite"
    levels = text.count(b"{") + text.count(b"[")
    too_deep = levels > MAX_DEPTH and depth(value) > MAX_DEPTH + _WRAPPING
    return "nested too deeply" if too_deep else None


def _has_nan(value: Any) -> bool:
    if isinstance(value, float):
        return not math.isfinite(value)
    children: Iterable[Any] = ()
    if isinstance(value, dict):
        children = value.values()
    elif isinstance(value, list | tuple):
        children = value
    return any(_has_nan(child) for child in children)


def depth(value: Any) -> int:
    """How deeply objects and arrays are nested; 0 for a scalar.  Does not recurse."""
    deepest, level = 0, [value]
    while level := [item for item in level if isinstance(item, dict | list | tuple)]:
        deepest += 1
        level = [
            child for item in level for child in (item.values() if isinstance(item, dict) else item)
        ]
    return deepest
