"""Entries of lists as lines: who said what and when, an indicator with its note, a product.

Knows what fields of entries are called; reads no record.  Invariant: an entry is one line, and a
note on a thing never takes its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from stages.data_structurer.answers import ended
from stages.text import field_names
from stages.text.clean import clean_text
from stages.text.field_names import label_of, meaning_of
from stages.text.objects import mark_of, name_of_person, name_of_reference
from stages.text.record_text import as_scalar, plain_fields, plain_key
from stages.text.sentences import is_whole

_WHEN = "time timestamp datetime date at when ts day".split()
WHO = "author user username by from speaker sender analyst who nick poster handle".split()
_SAID = (
    "text message msg body said says reply comment content description event note details action"
    " what item".split()
)
_VALUE = "value indicator ioc name product package title step recommendation".split()
_NOTES = ("note", "notes", "comment", "remark", "context", "details", "description")
# Of indicators: what sort of thing it is, and the thing itself.
_SORT = "type kind category ioctype indicatortype".split()
_THING = (
    "value indicator ioc domain ip address url hash sha256 sha1 md5 path file filename registrykey"
    " mutex useragent pattern name".split()
)
_DEEDS = "what action change measure task step fix decision".split()
_GRADES = frozenset({"state", "status"})
LEAST_OF_A_DEED = 3  # words
_BEGINS = re.compile(r"from (?:v?\d|all\b)")  # a range of versions
_KEPT = frozenset("type owner assignee due duedate status version state vendor".split())


def item_of(value: Any) -> str:
    """A value of a list on one line."""
    if isinstance(value, dict):
        return name_of_reference(plain_fields(value)) or entry(value)
    return " ".join(clean_text(value).split()) if isinstance(value, str) else as_scalar(value)


def entry(fields: Mapping[str, Any]) -> str:
    """An object of a list on one line: when and who, what, and the rest in brackets."""
    plain = _texts(fields)
    head = [name for names in (_WHEN, WHO) if (name := _first(names, plain))]
    mark = mark_of(plain_fields(fields))
    value = _first(_VALUE, plain)
    said = _first(_SAID, plain)
    if value and said in _NOTES and not head:
        text, noted = plain.pop(value)[1], plain.pop(said)[1]
        if is_whole(noted):
            return f"{text}: {_with_remark(noted, _rest(plain))}"
        return _with_remark(text, "; ".join(filter(None, [noted, _rest(plain)])))
    front = [plain.pop(name)[1] for name in head] if said and said not in head else []
    named = said or value or next(iter(plain), "")
    if not named:
        return ""
    said = _with_remark(plain.pop(named)[1], _rest(plain))
    return f"{', '.join(front)}{mark}: {said}" if front else said


def is_said(fields: Mapping[str, Any]) -> bool:
    """Whether an object is what somebody said, beside who, when and how it was received."""
    said = [key for key in fields if plain_key(key) in _SAID]
    rest = [key for key in fields if plain_key(key) not in {*_SAID, *WHO, *_WHEN}]
    return len(said) == 1 and all(meaning_of(key) == field_names.NOTED for key in rest)


def are_deeds(items: Sequence[Any]) -> bool:
    """Whether each object of a list says in some words what is, or was, to be done."""
    plain = [plain_fields(one) for one in items if isinstance(one, Mapping)]
    deeds = (next((one[name] for name in _DEEDS if name in one), "") for one in plain)
    told = [len(one.split()) >= LEAST_OF_A_DEED for one in deeds if isinstance(one, str)]
    return all(told) and len(told) == len(items) > 1


def are_graded_deeds(items: Sequence[Any]) -> bool:
    """Whether each object of a list says what is to be done and how far that is, and no more."""
    keys = [{*plain_fields(one)} for one in items if isinstance(one, Mapping)]
    return are_deeds(items) and all(
        len(one & {*_DEEDS}) == 1 and one & _GRADES and one <= {*_DEEDS, *_KEPT} for one in keys
    )


def sign(fields: Mapping[str, Any]) -> str:
    """An indicator on one line, "domain: a.example (seen in May)"."""
    plain = _texts(fields)
    thing = _first(_THING, plain)
    if not thing:
        return entry(fields)
    key, text = plain.pop(thing)
    sort = _first(_SORT, plain)
    sort = plain.pop(sort)[1] if sort else "" if thing in _THING[:3] else label_of(key)
    note = _first(_NOTES, plain)
    notes = [plain.pop(note)[1].rstrip(".")] if note else []
    rest = [f"{label_of(key).lower()}: {value}" for key, value in plain.values()]
    shown = _with_remark(text, "; ".join([*notes, *rest]))
    return f"{sort}: {shown}" if sort else shown


def short(value: Any) -> str:
    """A value of an object on one line."""
    if isinstance(value, list):
        some = [
            one for item in value if not isinstance(item, dict | list) and (one := item_of(item))
        ]
        return _joined(some) if len(some) == len(value) else ""
    return name_of_reference(plain_fields(value)) if isinstance(value, dict) else item_of(value)


def _joined(items: Sequence[str]) -> str:
    """Items on one line: sentences behind each other, names with commas between them; beside a
    command, which no full stop may touch, with semicolons."""
    if not any(map(is_whole, items)):
        return ", ".join(items)
    told = [ended(one) for one in items]
    if all(map(is_whole, told)):
        return " ".join(told)
    return "; ".join([*(one.removesuffix(".") for one in told[:-1]), told[-1]])


def _texts(fields: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """The fields that hold a line, by plain names."""
    texts = ((key, short(value) or _person(key, value)) for key, value in fields.items())
    return {plain_key(key): (key, text) for key, text in texts if text}


def _person(key: str, value: Any) -> str:
    known = isinstance(value, dict) and plain_key(key) in WHO
    return name_of_person(value) if known else ""


def _first(names: Iterable[str], plain: Mapping[str, Any]) -> str:
    return next((name for name in names if name in plain), "")


def is_told_beside(name: str, key: str, value: str) -> bool:
    """Whether a field, `name` by its plain key, tells of an entry and not of its record."""
    kept = name in _KEPT or _BEGINS.match(f"{name} {value}") is not None
    return kept or meaning_of(key) != field_names.NOTED


def _rest(plain: Mapping[str, tuple[str, str]]) -> str:
    """What else is said of an entry, and not of its record."""
    told = (
        (key, value) for name, (key, value) in plain.items() if is_told_beside(name, key, value)
    )
    return "; ".join(f"{label_of(key).lower()}: {value}" for key, value in told)


def _with_remark(text: str, remark: str) -> str:
    if not remark:
        return text
    stop = "." if text.endswith(".") else ""
    return f"{text.removesuffix('.')} ({remark}){stop}"
