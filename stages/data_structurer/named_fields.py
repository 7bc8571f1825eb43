"""What a record is called by a field that is no title: the newsletter "Foo", the report on Bar.

Knows what fields are called that name documents, and things that a report may be on.  Invariant: a
name is a value of the record, whole, behind a noun that its field says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from stages.base import Record
from stages.data_structurer.heads import DOCUMENTS, OF_THE_DOCUMENT, document_of, is_remark
from stages.data_structurer.own_fields import own_fields
from stages.data_structurer.titles import is_numbered, own_words, quotable
from stages.recipe.questions import Naming
from stages.text.field_names import MAIN, NOTED, OTHER, label_of, meaning_of
from stages.text.record_text import as_scalar, plain_fields, plain_key
from stages.text.sentences import is_whole

# Documents that a field may name, and things that a record may be on.
_DOCUMENTS = (
    "report newsletter periodical bulletin advisory transcript deck show episode podcast log"
    " channel room post paper article blogpost essay memo letter brief briefing thread"
    " notice ticket".split()
)
_THINGS = (
    "incident case finding hunt meeting release rule rulename rulefile alert malware family group"
    " sample actor campaign package product productline equipment talk topic event question"
    " questiontitle vulnerability indicator ioc sourceip ip domain audit control exercise"
    " ticketsubject".split()
)
_PLACES = ("room", "channel")
_HELD_IN = "server workspace space group community list forum board".split()
_TALKS = ("chat", "thread", "transcript")
_SERIES_KEYS = ("series", "programme", "program")
_VICTIMS = "insured victim client customer patient".split()  # named without saying so
_WRITTEN = ("transcript", "minutes")  # what is left of something
_CALLED = {
    "channel": "chat", "room": "chat", "no": "number", "rulename": "rule", "rulefile": "rule",
    **dict.fromkeys(("series", "programme", "program"), "show"),
    "questiontitle": "question", "sourceip": "address", "ip": "address",
    "productline": "product line", "blogpost": "blog post",
}  # fmt: skip
_TITLES = "vulnerabilitytitle advisorytitle findingtitle".split()
_PRODUCTS = (
    "product productname productfamily affectedproduct productline productsaffected"
    " affectedproducts package component service insured client asset specimen malware respondent"
    " entity".split()
)
_ISSUERS = "vendor manufacturer company publisher organisation organization agency".split()
# Fields that say what a document is about, by the last word of their names; a field of any other
# name may say who, where or with what.
_MATTERS = frozenset(
    """about application asset case chapter concern doc document dokument engagement event form
    incident item job matter page paper project scenario scope section story subject summary system
    theme topic what""".split()
)
_SAYS_NOTHING = re.compile(
    r"\d+|unknown|none|n/?a|other|various|tbd|yes|no|withheld|redacted|anonymi[sz]ed|confidential"
    r"|(?:for )?immediate release\W*",
    re.IGNORECASE,
)
_IS_DATE = re.compile(r"(?!#)\W*\d[\d\W]*(?:[A-Za-z]{1,9}[\d\W]*){0,2}")
_NUMBERS = ("issue", "episode", "shift", "number", "no")
# What a paper calls itself that comes out again and again.
_SERIES = re.compile(
    r"\b(?:newsletter|(?:weekly|fortnightly|monthly|quarterly)(?! [a-z])|digest|gazette"
    r"|(?:news )?round-?up"
    r"|dispatch|courier|herald)\b",
    re.IGNORECASE,
)
LEAST = 3  # characters of a name
MOST_WORDS = 2  # of an issue that is one of several


def name_by_field(record: Record, noun: str, naming: Naming) -> str:
    """By the name that a field of a known name gives; empty where none does."""
    plain = plain_fields(record)
    series = _SERIES_KEYS if "\n" in as_scalar(plain.get("transcript")) else ()
    for key in (*series, *_DOCUMENTS, *_THINGS):
        name = _name_of(plain, key)
        if not name or (key in _DOCUMENTS and not (own_words(name) or _is_number(name))):
            continue
        called = f"the {_CALLED.get(key, key)} {_shown(name)}"
        written = next((one for one in _WRITTEN if plain.get(one)), "")
        if written:
            called = f"the {written} of {called}"
        if key in _DOCUMENTS or written:
            of = _issuer(plain) if _is_number(name) and len(own_words(name)) < 2 else ""
            return f"{called}{of}{issue_of(plain, name)}{on(plain)}"
        if noun.endswith(_WRITTEN):
            return f"{noun} of {called}{_of_body(plain)}"
        return called if noun.endswith(f"the {key}") else _about(called, noun, naming)
    return ""


def _of_body(plain: Mapping[str, Any]) -> str:
    """ " (Committee of Foo)": who has met, whose meetings have numbers only."""
    bodies = (quotable(as_scalar(plain.get(one))) for one in ("bodyname", "committee", "board"))
    return next((f" ({one})" for one in bodies if one), "")


def name_by_place(record: Record, noun: str) -> str:
    """A chat by where it is held."""
    plain = plain_fields(own_fields(record) or record)
    place = next(filter(None, (quotable(as_scalar(plain.get(key))) for key in _HELD_IN)), "")
    fits = noun.endswith(_TALKS) and own_words(place)
    return f"{noun} on {_shown(place)}{issue_of(plain, place)}" if fits else ""


def name_by_victim(record: Record, noun: str, naming: Naming) -> str:
    """By whom something was done to; who pays for a report is no name for it where it has a
    headline."""
    plain = plain_fields(record)
    name = next(filter(None, (_name_of(plain, key) for key in _VICTIMS)), "")
    return _about(name, noun, naming) if name else ""


def name_by_first_field(record: Mapping[str, Any], noun: str, naming: Naming) -> str:
    """By the first field that names a document, a series or what the record is about, or by the
    only one beside the text; the text ends the search."""
    plain = plain_fields(record)
    for key, value in record.items():
        name, known = quotable(as_scalar(value)), plain_key(key)
        if not name and as_scalar(value):
            return ""
        if (document := document_of(key)).endswith(" of") and own_words(name):
            return f"the {document} {name}"
        if meaning_of(key) not in (MAIN, OTHER, NOTED) or OF_THE_DOCUMENT.fullmatch(known):
            continue
        if len(own_words(name)) < 2 or is_whole(as_scalar(value)) or _says_nothing(name):
            continue
        if name.lower() in noun.lower():
            continue
        if document and not is_remark(key, next(iter(record))):
            return f"the {document} {_shown(name)}{issue_of(plain, name)}{on(plain)}"
        if _SERIES.search(name):
            return f"the newsletter {_shown(name)}{issue_of(plain, name)}{on(plain)}"
        if {*label_of(key).lower().split()[-1:]} & _MATTERS or len(record) == 2:
            of = on(plain)
            return _about(_shown(name), noun, naming) + ("" if name in of else of)
    return ""


def on(plain: Mapping[str, Any]) -> str:
    """ " ("Foo of Bar")": what a record is on that its number alone doesn't say."""
    for key in (*_TITLES, *_PRODUCTS):
        if name := quotable(as_scalar(plain.get(key))):
            return f' ("{name}")' if key in _TITLES or "(" in name else f" ({name})"
    return ""


def _name_of(plain: Mapping[str, Any], key: str) -> str:
    """The name that a field gives, of a question its first line; empty where it says nothing."""
    value = as_scalar(plain.get(key))
    value = PurePosixPath(value).stem if key == "rulefile" else value
    name = quotable(value.split("\n")[0].strip("*_# ") if key == "question" else value)
    if key in _PLACES and not name.startswith("#"):
        return ""  # of a house; the way in which somebody has called
    worded = len(name) >= LEAST and any(map(str.isalpha, name)) or name.startswith("#")
    return name if worded and not _says_nothing(name) else ""


def _says_nothing(name: str) -> bool:
    sort = name.isupper() and name.rpartition(" ")[2].lower() in DOCUMENTS  # "SAFETY NOTICE"
    return bool(sort or _SAYS_NOTHING.fullmatch(name) or _IS_DATE.fullmatch(name))


def _is_number(name: str) -> bool:
    return is_numbered(name) or re.fullmatch(r"#\d+", name) is not None


def _shown(name: str) -> str:
    return f'"{name}"' if " " in name else name


def _about(name: str, noun: str, naming: Naming) -> str:
    return naming.about.replace("{noun}", noun).replace("{name}", name)


def _issuer(plain: Mapping[str, Any]) -> str:
    name = next((one for key in _ISSUERS if (one := quotable(as_scalar(plain.get(key))))), "")
    return f" by {name}" if name[:1].isupper() else ""


_PERIODICALS = frozenset("newsletter periodical bulletin digest magazine masthead".split())
# "No. 7, spring 2099".
_NUMBERED = re.compile(r"(?:No|Nr|Vol|Volume|Issue|Number)\.? ?\d{1,5}(?:[ ,./-]{1,2}\w+){0,5}")


def issue_of(plain: Mapping[str, Any], name: str) -> str:
    """Which one of several it is: " (issue 212)", " of 2091-10-15"."""
    numbered = next(
        (key for key in ("issue", "episode", "shift", "number", "no") if key in plain), ""
    )
    number = quotable(as_scalar(plain.get(numbered)))
    if plain.keys() & _PERIODICALS and _NUMBERED.fullmatch(number):
        return f" ({number})"
    told = numbered == "issue" and len(number.split()) > MOST_WORDS  # what a flaw is
    if number and number != name and not told:
        return f" ({_CALLED.get(numbered, numbered)} {number})"
    return f" of {day}" if (day := day_of(plain)) else ""


_DATE_KEYS = (
    "date published publishedat created createdat reported openedat timestamp sent filed held"
    " released eventdate asked updated day aired".split()
)
_DATE = re.compile(
    r"(?:[A-Z][a-z]{2,8}day,? )?(?P<day>\d{4}-\d{2}-\d{2}(?=T|\b)|\d{1,2} [A-Z][a-z]{2,8} \d{4}\b)"
)


def day_of(plain: Mapping[str, Any]) -> str:
    """The day that a record says it is of; empty where it says none."""
    dates = (_DATE.match(as_scalar(plain.get(key))) for key in _DATE_KEYS)
    return next((found["day"] for found in dates if found), "")
