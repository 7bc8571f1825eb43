"""Sentences made of a record's fields by fixed forms, every value as the record has it.

Knows slots and wordings; the forms themselves are the recipe's.  Invariant: a form with a
slot that the record does not fill, or fills with prose or nothing, gives no sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from stages.base import Record
from stages.data_structurer.subjects import Subject
from stages.recipe.forms import (
    CVSS_SCORE,
    CVSS_VERSION,
    FIRST_DATE,
    FIRST_MONTH,
    HARM,
    IMPACTS,
    OF_THE_RATING,
    OTHER_SCORE,
    SEVERITY,
    Forms,
)
from stages.text.clean import clean_text
from stages.text.literals import ADDRESS, EMAIL, HASH, NUMBER, PATH, URL, literals
from stages.text.ratings import rating_of
from stages.text.record_text import find_values, record_text
from stages.text.severity import WORDS, level_of, severity_of

_SLOT = re.compile(r"\{(\w+)\}")
_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}))?")
_WEAKNESS = re.compile(r"CWE-\d{1,5}", re.IGNORECASE)


def form_sentence(form: str, record: Record, subject: Subject, forms: Forms) -> str:
    """The sentence that a form makes of a record; empty where its slots can't be filled, each
    with a value of its own."""
    for template in forms.sentences[form]:
        slots = [name for name in _SLOT.findall(template) if name.lower() != "name"]
        values = {slot: _worded(slot, record, subject, forms) for slot in slots}
        if all(values.values()) and len(set(values.values())) == len(values):
            return _filled(template, values, subject)
    return ""


def _filled(template: str, values: Mapping[str, str], subject: Subject) -> str:
    words = {**values, "name": subject.short, "Name": _capital(subject.short)}
    return _SLOT.sub(lambda slot: words[slot[1]], template)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:] if text.startswith("the ") else text


def _worded(name: str, record: Record, subject: Subject, forms: Forms) -> str:
    slot = forms.slots[name]
    if slot.worded in OF_THE_RATING:
        return _RATED[slot.worded](record)
    found = find_values(record, *slot.fields)
    if slot.worded in (FIRST_DATE, FIRST_MONTH):
        date = _first_date(found, record)
        return date if slot.worded == FIRST_DATE else _month([date])
    if slot.worded in (IMPACTS, HARM):
        phrases = forms.impacts if slot.worded == IMPACTS else forms.harm
        return listed(_phrases(found, phrases), forms.most_values)
    clean = map(clean_text, found)
    said = [value for value in clean if _says_something(value, forms)]
    return _WORDINGS[slot.worded](said, subject, forms.most_values)


def _says_something(value: str, forms: Forms) -> bool:
    prose = value.endswith(".") and value.count(" ") > 3
    return bool(value) and len(value) <= forms.longest_value and not prose and (
        value.lower() not in forms.say_nothing
    )  # fmt: skip


def listed(values: Sequence[str], most: int) -> str:
    """Values as a list in a sentence: "a, b and c"; empty for more than so many."""
    if len(values) > most:
        return ""
    values = [" ".join(value.split()) for value in values]
    return " and ".join(filter(None, [", ".join(values[:-1]), *values[-1:]]))


def _one(values: Sequence[str]) -> str:
    """The value, where the record states one only."""
    return values[0] if len({value.lower() for value in values}) == 1 else ""


def _date(values: Sequence[str]) -> str:
    match = _DATE.match(_one(values))
    return match[1] if match else ""


_MONTHS = (
    "January February March April May June July August September October November December".split()
)


def _month(values: Sequence[str]) -> str:
    """ "May 2021" of a first day of a month, by which those who know no day state a month."""
    year, month, day = (_date(values) or "0-0-0").split("-")
    return f"{_MONTHS[int(month) - 1]} {year}" if day == "01" and 1 <= int(month) <= 12 else ""


_YEAR = re.compile(r"(?<![\w.-])(?:19|20)\d\d(?![\w-]|\.\d)")


def _first_date(values: Sequence[str], record: Record) -> str:
    """A date that something began on; empty where the text tells of later years only, since one
    of the two is wrong."""
    date = _date(values)
    years = [int(year) for year in _YEAR.findall(record_text(record))]
    return "" if date and years and int(date[:4]) < min(years) - 1 else date


def _time(values: Sequence[str]) -> str:
    match = _DATE.match(_one(values))
    return " at ".join(filter(None, match.groups())) if match else ""


def _is_name(value: str) -> bool:
    """Whether a value can stand in a sentence without an article, and is no address or hash."""
    whole = [one for one in literals(value) if one.kind in _NO_NAMES and one.text == value]
    return (value[:1].isupper() or value[:1].isdigit()) and not whole


_NO_NAMES = frozenset({ADDRESS, URL, EMAIL, HASH, NUMBER, PATH})


def _in_prose(value: str) -> str:
    """ "defense evasion" of "defense-evasion" or "Defense Evasion"; an id stays as it is."""
    words = value.replace("-", " ").split() if not _HAS_DIGIT.search(value) else [value]
    return " ".join(one.lower() if one.istitle() or one.islower() else one for one in words)


_HAS_DIGIT = re.compile(r"\d")


def _other_names(values: Sequence[str], subject: Subject, most: int) -> str:
    return listed([name for name in values if name.lower() not in subject.short.lower()], most)


# Kinds of platforms, which stand in a sentence as words.
_PLATFORMS = {
    "Identity Provider": "identity providers", "Office Suite": "office suites",
    "Network Devices": "network devices", "Network": "network devices",
    "Containers": "containers", "Office 365": "Office 365",
}  # fmt: skip


# Each takes the values, the record's names, and how many values a list may have.
_WORDINGS: dict[str, Callable[[list[str], Subject, int], str]] = {
    "plain": lambda values, _, most: listed(list(map(_in_prose, values)), most),
    "as it is": lambda values, _, most: listed(values, most),
    "names": lambda values, _, most: listed(values, most) if all(map(_is_name, values)) else "",
    "one": lambda values, _, most: _one(values),
    "one in lower case": lambda values, _, most: _one(values).lower(),
    "weakness": lambda values, _, most: listed(list(filter(_WEAKNESS.fullmatch, values)), most),
    "date": lambda values, _, most: _date(values),
    "month": lambda values, _, most: _month(values),
    "platforms": lambda values, _, most: listed([_PLATFORMS.get(v, v) for v in values], most),
    "time": lambda values, _, most: _time(values),
    "other names": _other_names,
}


def _phrases(values: Sequence[str], phrases: Mapping[str, str]) -> list[str]:
    """What the consequences of CWE and CAPEC mean, in the order of the record."""
    text = "\n".join(values)
    places = {name: text.find(name) for name in phrases if name in text}
    names = sorted(places, key=lambda name: places[name])
    whole = [one for one in names if not any(one != two and one in two for two in names)]
    return [phrases[name] for name in whole]


def _cvss_version(record: Record) -> str:
    rating = rating_of(record)
    return rating.version if rating else ""


def _cvss_score(record: Record) -> str:
    """The score of the newest version; empty where several are stated and no version is, and
    where whoever wrote the record calls it less or more severe than its scale does."""
    found = severity_of(record)
    rating = rating_of(record)
    if rating is None or (found.others and not rating.version):
        return ""
    if found.stated and found.rating is None:
        return ""
    return f"{rating.score:.1f}"


def _other_score(record: Record) -> str:
    """What another source rates it by the same version, if that is another score."""
    found, rating = severity_of(record), rating_of(record)
    others = {
        f"{one.score:.1f}"
        for one in found.others
        if rating and one.version == rating.version and one.score != rating.score
    }
    return others.pop() if len(others) == 1 and _cvss_score(record) else ""


def _severity(record: Record) -> str:
    """In the record's own word, else in that of the rating that counts; empty without one."""
    found = severity_of(record)
    stated = found.stated or (found.rating.severity if found.rating else "")
    return stated.lower() if stated.lower() in WORDS else level_of(stated)


_RATED = {
    CVSS_VERSION: _cvss_version,
    CVSS_SCORE: _cvss_score,
    SEVERITY: _severity,
    OTHER_SCORE: _other_score,
}
