"""Finds the records within a value that is in memory whole: YAML, or one JSON document of several.

Follows the same names as json_document does in streams.  Invariant: a value that is a record by
itself is not looked into.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from stages.sources.shapes.items import Item
from stages.sources.shapes.record_paths import (
    DEEPEST,
    RecordsAt,
    is_id,
    is_list_key,
    is_wrapper_key,
    joined,
    select,
)
from stages.sources.structures.registry import structure_of
from stages.text.record_text import BODY_KEYS, plain_key, read_record


def items_of(value: Any, place: str, at: RecordsAt | None = None) -> list[Item] | None:
    """The records of a value, or itself; None for an object that holds no text and no records."""
    if at is not None:
        return [item for where, one in select(value, at.steps, place) for item in _each(one, where)]
    if not isinstance(value, dict):
        return list(_each(value, place)) if isinstance(value, list) else [Item(place, value)]
    if structure_of(value):
        return [Item(place, value)]
    found = list(_within(value, place, DEEPEST))
    if found and (tells(found[0].value) or not tells_itself(value)):
        return found
    return [Item(place, value)] if is_text(value) else None


def is_text(value: dict[str, Any]) -> bool:
    """Whether an object has a title or prose other than in lists of objects that it holds."""
    read = read_record(_without_lists(value, DEEPEST))
    return bool(read.bodies or read.title)


def _without_lists(value: dict[str, Any], depth: int) -> dict[str, Any]:
    return {
        name: _without_lists(inner, depth - 1) if isinstance(inner, dict) and depth else inner
        for name, inner in value.items()
        if not _is_list(name, inner)
    }


def _is_list(name: Any, inner: Any) -> bool:
    """Whether a member is a list of objects, and none of a text's languages or paragraphs."""
    return isinstance(inner, list) and _all_objects(inner) and plain_key(str(name)) not in BODY_KEYS


def tells(value: Any) -> bool:
    """Whether a value is a record of a known structure, or holds prose."""
    return isinstance(value, dict) and (
        structure_of(value) is not None or bool(read_record(value).bodies)
    )


def tells_itself(value: dict[str, Any]) -> bool:
    """Whether an object holds prose of its own, beside what its lists and objects hold."""
    own = {name: inner for name, inner in value.items() if not isinstance(inner, list | dict)}
    return bool(read_record(own).bodies)


def _each(value: Any, place: str) -> Iterator[Item]:
    if isinstance(value, list):
        yield from (Item(f"{place}[{index}]", item) for index, item in enumerate(value))
    elif isinstance(value, dict) and all(isinstance(item, dict) for item in value.values()):
        yield from (Item(joined(place, str(k)), item, key=str(k)) for k, item in value.items())
    else:
        yield Item(place, value)


def _within(value: dict[str, Any], place: str, depth: int) -> Iterator[Item]:
    names = [str(name) for name in value]
    if names and all(map(is_id, names)) and all(isinstance(v, dict) for v in value.values()):
        yield from _each(value, place)
        return
    for name, inner in value.items():
        where = joined(place, str(name))
        if isinstance(inner, list) and is_list_key(str(name)) and _all_objects(inner):
            yield from _each(inner, where)
        elif isinstance(inner, dict) and is_wrapper_key(str(name)) and depth:
            yield from _within(inner, where, depth - 1)


def _all_objects(items: list[Any]) -> bool:
    return bool(items) and all(isinstance(item, dict) for item in items)
