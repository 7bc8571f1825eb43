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
from stages.text.kinds import OTHER, identify
from stages.text.objects import is_log
from stages.text.record_text import plain_key, read_record
from stages.text.text_fields import BODY_KEYS, WRAPPER_KEYS

_LONGEST_REMARK = 200  # characters of what an answer of a service says of itself
_MOST_ASKED = 20  # records of a list by which it is known
_LANGUAGE = 2  # letters of a language's code


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
    return [Item(place, value)] if is_text(value) or _is_log_alone(value) else None


def _is_log_alone(value: dict[str, Any]) -> bool:
    """Whether an object is a log and says nothing else."""
    lists = (one for name, one in value.items() if isinstance(one, list) and is_list_key(str(name)))
    return any(_all_objects(one) and is_log(one) for one in lists) and tells(value)


def pages_in(item: Item) -> list[Item]:
    """The records of an item that is a page of them (an answer of a service), or the item."""
    value = item.value
    if not isinstance(value, dict) or not any(map(_may_hold, value, value.values())):
        return [item]
    if structure_of(value):
        return [item]
    found = items_of(value, item.place)
    if found is None or (tells_itself(value) and not _only_remarks(value, found)):
        return [item]
    return found


def _only_remarks(value: dict[str, Any], found: list[Item]) -> bool:
    """Whether an object's own words are about the list that it holds: a few of them, by an object
    without a name, beside records that are each known for what they are."""
    own = read_record(_flat(value))
    short = sum(map(len, own.bodies)) <= _LONGEST_REMARK
    named = own.title or identify(_flat(value)).id
    return short and not named and all(_is_known(one.value) for one in found[:_MOST_ASKED])


def _is_known(value: Any) -> bool:
    return tells(value) and (structure_of(value) is not None or identify(value).kind != OTHER)


def is_page(value: dict[str, Any]) -> bool:
    """Whether an object is a page of records rather than one."""
    return not any(found.value is value for found in pages_in(Item("", value)))


def _may_hold(name: Any, inner: Any) -> bool:
    return isinstance(inner, list | dict) and is_wrapper_key(str(name))


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
    return bool(read_record(_flat(value)).bodies)


def _flat(value: dict[str, Any]) -> dict[str, Any]:
    return {name: inner for name, inner in value.items() if not isinstance(inner, list | dict)}


def _each(value: Any, place: str) -> Iterator[Item]:
    if isinstance(value, list):
        yield from (Item(f"{place}[{index}]", item) for index, item in enumerate(value))
    elif isinstance(value, dict) and all(isinstance(item, dict) for item in value.values()):
        yield from (Item(joined(place, str(k)), item, key=str(k)) for k, item in value.items())
    else:
        yield Item(place, value)


def _within(value: dict[str, Any], place: str, depth: int) -> Iterator[Item]:
    if _are_members(value):
        yield from _each(value, place)
        return
    for name, inner in value.items():
        where = joined(place, str(name))
        if isinstance(inner, list) and is_list_key(str(name)) and _all_objects(inner):
            if not is_log(inner):
                yield from _each(inner, where)
        elif isinstance(inner, dict) and depth:
            if is_wrapper_key(str(name)) or _has_ids(inner):
                yield from _within(inner, where, depth - 1)


def _are_members(value: dict[str, Any]) -> bool:
    """Whether an object's members are records: by ids, or named objects that each tell of one."""
    if not value or not all(isinstance(inner, dict) for inner in value.values()):
        return False
    if _has_ids(value):
        return True
    free = not any(_is_of_a_record(str(name)) for name in value)
    return free and len(value) > 1 and all(map(tells_itself, value.values()))


def _has_ids(value: dict[str, Any]) -> bool:
    return bool(value) and all(
        is_id(str(name)) and isinstance(inner, dict) for name, inner in value.items()
    )


def _is_of_a_record(name: str) -> bool:
    """Whether a member of this name is a part of a record, or a language of one."""
    plain = plain_key(name)
    return plain in BODY_KEYS or plain in WRAPPER_KEYS or len(plain) == _LANGUAGE


def _all_objects(items: list[Any]) -> bool:
    return bool(items) and all(isinstance(item, dict) for item in items)
