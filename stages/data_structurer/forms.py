"""Sentences made of a record's fields by fixed forms, every value as the record has it.

Knows slots and wordings; the forms themselves are the recipe's.  Invariant: a form with a
slot that the record does not fill, or fills with prose or nothing, gives no sentence.
"""

from __future__ import annotations

import re
from calendar import month_name
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from stages.base import Record
from stages.data_structurer.products import in_words
from stages.data_structurer.rated import RATED
from stages.data_structurer.subjects import Subject
from stages.data_structurer.versions import versions_in, with_platform
from stages.data_structurer.weaknesses import named_weaknesses, weaknesses_of
from stages.recipe.forms import (
    HARM,
    IMPACTS,
    NAMED_WEAKNESS,
    OF_THE_RATING,
    PERIOD,
    PLATFORMS,
    PRODUCTS,
    UPSTREAM,
    VERSION,
    VERSIONS,
    WEAKNESS,
    Forms,
)
from stages.text.affected import names_a_system
from stages.text.clean import clean_text
from stages.text.commits import COMMIT
from stages.text.literals import ADDRESS, EMAIL, HASH, NUMBER, PATH, URL, literals
from stages.text.own_values import find_plain_values
from stages.text.product_versions import is_only_versions
from stages.text.record_text import find_values, record_text

_SLOT = re.compile(r"\{(\w+)\}")
# A part of a form that is left out where one of its slots is empty: "CVSS[ {cvss_version}]".
_OPTIONAL = re.compile(r"\[([^\[\]]*\{\w+\}[^\[\]]*)\]")
_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}))?")


def form_sentence(form: str, record: Record, subject: Subject, forms: Forms) -> str:
    """The sentence that a form makes of a record; empty where its slots can't be filled, each
    with a value of its own."""
    for template in forms.sentences[form]:
        values = {slot: _worded(slot, record, subject, forms) for slot in _slots(template)}
        needed = [values[slot] for slot in _slots(_OPTIONAL.sub("", template))]
        if all(needed) and len(set(needed)) == len(needed):
            return _filled(_OPTIONAL.sub(partial(_kept, values), template), values, subject)
    return ""


def _slots(template: str) -> list[str]:
    return [name for name in _SLOT.findall(template) if name.lower() != "name"]


def _kept(values: Mapping[str, str], part: re.Match[str]) -> str:
    """An optional part, or nothing where a slot of it is empty."""
    return part[1] if all(values[slot] for slot in _slots(part[1])) else ""


def _filled(template: str, values: Mapping[str, str], subject: Subject) -> str:
    words = {**values, "name": subject.short, "Name": _capital(subject.short)}
    return _SLOT.sub(lambda slot: words[slot[1]], template)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:] if text.startswith("the ") else text


def _worded(name: str, record: Record, subject: Subject, forms: Forms) -> str:
    slot = forms.slots[name]
    if slot.worded in OF_THE_RATING:
        return RATED[slot.worded](record)
    if slot.worded == VERSIONS:
        return versions_in(record)
    if slot.worded == UPSTREAM:
        return versions_in(record) if _is_of_packages(record) else ""
    if slot.worded == PERIOD:
        return _period(record, slot.fields)
    if slot.worded in (WEAKNESS, NAMED_WEAKNESS):
        told = weaknesses_of if slot.worded == WEAKNESS else named_weaknesses
        return listed(told(record, slot.fields, forms.weaknesses), forms.most_values)
    find = find_plain_values if slot.worded == VERSION else find_values
    found = find(record, *slot.fields)
    if slot.worded in (IMPACTS, HARM):
        phrases = forms.impacts if slot.worded == IMPACTS else forms.harm
        return listed(_phrases(found, phrases), forms.most_values)
    clean = map(clean_text, found)
    longest = LONGEST_PRODUCT if slot.worded == PRODUCTS else forms.longest_value
    said = [value for value in clean if _says_something(value, forms, longest)]
    if slot.worded == PRODUCTS:
        text, by_cpe = record_text(record), bool(find_values(record, "criteria", "cpe23uri"))
        named = [one for one in said if names_a_system(one) and not is_only_versions(one)]
        words = in_words(named, text, find_values(record, "vendor"), by_cpe)
        words = [with_platform(words[0], text)] if len(words) == 1 else words
        return listed(words, forms.most_values)
    if slot.worded == PLATFORMS:
        return listed([forms.platforms.get(value, value) for value in said], forms.most_values)
    return _WORDINGS[slot.worded](said, subject, forms.most_values)


def _is_of_packages(record: Record) -> bool:
    """Whether a record states the packages of a distribution, whose versions are its own."""
    of_its_maker = find_values(record, "assignerorgid", "assignershortname")  # an entry of CVE
    return bool(find_values(record, "packagename", "releasecodename")) and not of_its_maker


LONGEST_PRODUCT = 300  # characters of a product with all its ranges


def _says_something(value: str, forms: Forms, longest: int) -> bool:
    prose = value.endswith(".") and value.count(" ") > 3
    return bool(value) and len(value) <= longest and not prose and (
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


_VERSION = re.compile(rf"(?:(?i:version|release|v)\.? ?)?(?!{COMMIT}$)(\S*\d\S*)")


def _number(value: str) -> str:
    """The number that a version is; empty for anything else, such as a commit."""
    match = _VERSION.fullmatch(value)
    return match[1] if match else ""


def _date(values: Sequence[str]) -> str:
    return _day(_one(values))


_YEAR = re.compile(r"(?<![\w.-])(?:19|20)\d\d(?![\w-]|\.\d)")


def _period(record: Record, fields: Sequence[str]) -> str:
    """ "from 2021-05-03 to 2022-06-01"; where a feed knows months, "from May 2021 to June 2022".

    fields: of the beginning, and of the end.  Empty where the text tells of later years only than
    that of the beginning, since one of the two is wrong.
    """
    days = [_one(find_values(record, name)) for name in fields]
    by_month = all(map(_month, days))
    begin, end = map(_month if by_month else _day, days)
    years = [int(year) for year in _YEAR.findall(record_text(record))]
    first = int(begin[-4:] if by_month else begin[:4] or 0)
    if not (begin and end) or (years and first < min(years) - 1):
        return ""
    if begin == end:
        return f"in {begin}" if by_month else ""
    return f"from {begin} to {end}"


def _day(value: str) -> str:
    match = _DATE.match(value)
    return match[1] if match else ""


_STAMP = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ](?:0\d|1[0-2]|2[1-4]):00(?::00(?:\.0+)?)?Z?)?")
LATE = 12  # hours of a day, from which a stamp is the midnight of the next one somewhere


def _month(value: str) -> str:
    """ "May 2021" of the first day of May, at midnight in some time zone; else empty."""
    if not _STAMP.fullmatch(value):
        return ""
    try:
        stamp = datetime.fromisoformat(value.removesuffix("Z"))
    except ValueError:
        return ""
    day = stamp.date() + timedelta(days=int(stamp.hour > LATE))
    return f"{month_name[day.month]} {day.year}" if day.day == 1 else ""


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
    own = subject.short
    return listed([name for name in values if not _is_spelling_of(name, own)], most)


_NOT_SPELLED = re.compile(r"[^a-z0-9]+")


def _is_spelling_of(name: str, own: str) -> bool:
    """Whether a name is the known one written otherwise, or its words' first letters: "FC-12" of
    "Foo Crew 12"."""
    plain, known = (_NOT_SPELLED.sub("", one.lower()) for one in (name, own))
    words = [one for one in _NOT_SPELLED.split(own.lower()) if one]
    short = "".join(one if one.isdigit() else one[0] for one in words)
    return plain in known or (len(words) > 1 and plain == short)


# Each takes the values, the record's names, and how many values a list may have.
_WORDINGS: dict[str, Callable[[list[str], Subject, int], str]] = {
    "plain": lambda values, _, most: listed(list(map(_in_prose, values)), most),
    "as it is": lambda values, _, most: listed(values, most),
    "names": lambda values, _, most: listed(values, most) if all(map(_is_name, values)) else "",
    "one": lambda values, _, most: _one(values),
    "one in lower case": lambda values, _, most: _one(values).lower(),
    VERSION: lambda values, _, most: listed(list(map(_number, values)), most),
    "date": lambda values, _, most: _date(values),
    "time": lambda values, _, most: _time(values),
    "other names": _other_names,
}


def _phrases(values: Sequence[str], phrases: Mapping[str, str]) -> list[str]:
    """What the consequences of CWE and CAPEC mean, in the order of the record."""
    text = "\n".join(values)
    places = {name: text.find(name) for name in phrases if name in text}
    names = sorted(places, key=lambda name: places[name])
    whole = [one for one in names if not any(one != two and one in two for two in names)]
    said = [phrases[name] for name in whole]
    return [_without_other(one, said) for one in said]


def _without_other(phrase: str, said: Sequence[str]) -> str:
    """ "exhaust resources" for "exhaust other resources" where nothing else is exhausted."""
    verb, other, rest = phrase.partition(" other ")
    alone = sum(one.startswith(f"{verb} ") for one in said) == 1
    return f"{verb} {rest}" if other and alone else phrase
