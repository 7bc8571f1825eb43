"""Sentences made of a record's fields by fixed forms, every value as the record has it.

Knows slots and wordings; the forms themselves stand in `form_texts`.  Invariant: a form with a
slot that the record does not fill, or fills with prose or nothing, gives no sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from stages.base import Record
from stages.data_structurer.form_texts import (
    FORMS,
    HARM,
    IMPACTS,
    LONGEST_VALUE,
    MOST_VALUES,
    SAY_NOTHING,
    SLOTS,
)
from stages.data_structurer.subjects import Subject
from stages.text.clean import clean_text
from stages.text.record_text import find_values

_SLOT = re.compile(r"\{(\w+)\}")
_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}))?")
_WEAKNESS = re.compile(r"CWE-\d{1,5}", re.IGNORECASE)
_CVSS = re.compile(r"CVSS:(\d\.\d)/")


def form_sentence(form: str, record: Record, subject: Subject) -> str:
    """The sentence that a form makes of a record; empty where its slots can't be filled, each
    with a value of its own."""
    for template in FORMS[form]:
        slots = [name for name in _SLOT.findall(template) if name.lower() != "name"]
        values = {slot: _worded(slot, record, subject) for slot in slots}
        if all(values.values()) and len(set(values.values())) == len(values):
            return _filled(template, values, subject)
    return ""


def _filled(template: str, values: Mapping[str, str], subject: Subject) -> str:
    words = {**values, "name": subject.short, "Name": _capital(subject.short)}
    return _SLOT.sub(lambda slot: words[slot[1]], template)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:] if text.startswith("the ") else text


def _worded(slot: str, record: Record, subject: Subject) -> str:
    fields, wording = SLOTS[slot]
    if wording == "cvss version":
        return _cvss_version(record)
    found = find_values(record, *fields)
    if wording in _CONSEQUENCES:
        return listed(_phrases(found, _CONSEQUENCES[wording]))
    found = [clean for value in found if _says_something(clean := clean_text(value))]
    return _WORDINGS[wording](found, subject)


def _says_something(value: str) -> bool:
    prose = value.endswith(".") and value.count(" ") > 3
    return bool(value) and len(value) <= LONGEST_VALUE and not prose and (
        value.lower() not in SAY_NOTHING
    )  # fmt: skip


def listed(values: Sequence[str]) -> str:
    """Values as a list in a sentence: "a, b and c"; empty for too many."""
    if len(values) > MOST_VALUES:
        return ""
    values = [" ".join(value.split()) for value in values]
    return " and ".join(filter(None, [", ".join(values[:-1]), *values[-1:]]))


def _one(values: Sequence[str]) -> str:
    """The value, where the record states one only."""
    return values[0] if len({value.lower() for value in values}) == 1 else ""


def _date(values: Sequence[str]) -> str:
    match = _DATE.match(_one(values))
    return match[1] if match else ""


def _time(values: Sequence[str]) -> str:
    match = _DATE.match(_one(values))
    return " at ".join(filter(None, match.groups())) if match else ""


def _is_name(value: str) -> bool:
    """Whether a value can stand in a sentence without an article."""
    return value[:1].isupper() or value[:1].isdigit()


def _other_names(values: Sequence[str], subject: Subject) -> str:
    return listed([name for name in values if name.lower() not in subject.short.lower()])


_WORDINGS: dict[str, Callable[[list[str], Subject], str]] = {
    "plain": lambda values, _: listed([value.replace("-", " ").lower() for value in values]),
    "as it is": lambda values, _: listed(values),
    "names": lambda values, _: listed(values) if all(map(_is_name, values)) else "",
    "one": lambda values, _: _one(values),
    "one in lower case": lambda values, _: _one(values).lower(),
    "weakness": lambda values, _: listed([v for v in values if _WEAKNESS.fullmatch(v)]),
    "date": lambda values, _: _date(values),
    "time": lambda values, _: _time(values),
    "other names": _other_names,
}


_CONSEQUENCES = {"impacts": IMPACTS, "harm": HARM}


def _phrases(values: Sequence[str], phrases: Mapping[str, str]) -> list[str]:
    """What the consequences of CWE and CAPEC mean, in the order of the record."""
    text = "\n".join(values)
    places = {name: text.find(name) for name in phrases if name in text}
    names = sorted(places, key=lambda name: places[name])
    whole = [one for one in names if not any(one != two and one in two for two in names)]
    return [phrases[name] for name in whole]


def _cvss_version(record: Record) -> str:
    """The version of the one rating that a record states; empty where there are several."""
    stated = record.get("cvss")
    if isinstance(stated, dict):
        return str(stated.get("version", ""))
    versions = {match[1] for value in find_values(record, "vectorstring", "vector")
                if (match := _CVSS.match(value))}  # fmt: skip
    return versions.pop() if len(versions) == 1 else ""
