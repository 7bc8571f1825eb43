"""What a record without a title of its own is called: by what it is on, its id, form or date.

Knows titles that say nothing, and how texts begin.  Invariant: a name is made of the record's own
words, no literal in it is cut in two, and its first words are the last resort.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stages.base import Record
from stages.gates.words import content_words
from stages.recipe.questions import Naming
from stages.text.literals import (
    ADDRESS,
    FILE,
    FUNCTION,
    HASH,
    ID,
    PATH,
    REGISTRY,
    URL,
    Literal,
    literals,
)
from stages.text.record_text import as_scalar, plain_key, read_record
from stages.text.sentences import is_whole

LONGEST_NAME = 120  # characters
LONGEST_ISSUER = 60
BEGINNING = 60  # characters of its text that name a nameless record, at most, and
SHORTEST_BEGINNING = 12  # at least

_GENERIC = frozenset(
    content_words(
        """report untitled incident advisory note notes entry record security alert update bulletin
        document text article blog post summary analysis title test item case number page new draft
        info information description unknown news"""
    )
)
_NAME_IN_TEXT = re.compile(
    r"(?:The )?(?:(?:malware|ransomware|backdoor|trojan|worm|loader|downloader|botnet|stealer|tool"
    r"|implant|group|gang) )?([A-Z][A-Z0-9]{3,}|[A-Z][a-z]+[A-Z]\w+)\b(?! \d)"
)
_PRODUCT = re.compile(r"\b((?:[A-Z][\w-]+ ){1,3}v?\d+(?:\.\d+)+)(?=[\s,;.])")
_TELLING = frozenset({PATH, REGISTRY, URL, FILE, ADDRESS, HASH, ID, FUNCTION})


@dataclass(frozen=True)
class Told:
    """The noun of a record's kind, its sentences without labels, and how it may be named."""

    noun: str
    sentences: tuple[str, ...]
    naming: Naming

    @property
    def first(self) -> str:
        """The first sentence; empty where there is none."""
        return self.sentences[0] if self.sentences else ""


def one_line(text: str) -> str:
    """A name in one line; empty where it is no name."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_NAME and line.isprintable() else ""


_FORMS = "form doctype documenttype document filename file".split()
_ISSUERS = (
    "company filer registrant organization organisation org issuer institution agency vendor team"
    " publisher sender author".split()
)
_SPEAKS_OF_ITSELF = re.compile(r"\b(?:we|us|our|the company)\b|\bI\b(?!/)", re.IGNORECASE)


def issuer(record: Record, told: Told) -> str:
    """ " by Foo", whose "we" a text speaks of without a name."""
    plain = _plain(record)
    found = next((name for key in _ISSUERS if (name := as_scalar(plain.get(key)))), "")
    speaks = any(_SPEAKS_OF_ITSELF.search(one) for one in told.sentences)
    if not speaks or len(found) > LONGEST_ISSUER or not found.isprintable():
        return ""
    article = "" if found[:1].isupper() else "the "  # "the blue team, Foo"
    fits = not article or (found[:1].isalpha() and " " in found)
    return f" by {article}{found.rstrip('.')}" if found and fits else ""


def form_of(record: Record) -> str:
    """What kind of document a record without a title says that it is."""
    plain = _plain(record)
    return next((one for key in _FORMS if (one := one_line(as_scalar(plain.get(key))))), "")


def _plain(record: Record) -> Mapping[str, Any]:
    return {plain_key(key): value for key, value in record.items()}


_NUMBERED = re.compile(r"\b[A-Z]{2,10}[-/]\d{2,}[\w/-]*-?\d\b")  # "Bulletin ABC-2091-17"
_VERSIONED = re.compile(r"\b[A-Z]?[a-z]{3,}\w* v?\d+\.\d")  # "[security] Foo 5.1.9"


def is_telling(title: str) -> bool:
    """Whether a title says what a text is about, and not only that it is one."""
    words = _own_words(title)
    named = any(one.kind in (ID, FILE, FUNCTION) for one in literals(title))
    named = named or _NUMBERED.search(title) is not None or _VERSIONED.search(title) is not None
    return len(words) >= 2 or named


def _own_words(title: str) -> list[str]:
    return [one for one in content_words(title) if not one.isdigit() and one not in _GENERIC]


_OWN_ID = re.compile(r"[A-Z][A-Z]{1,9}(?:[-_/#:][A-Z0-9]{1,12}){0,3}[-_/#:]?\d{2,}")
_ID_KEYS = (
    "id incidentid ticket ticketid case caseid caseno reference ref number key alertid".split()
)
_DATE_KEYS = (
    "date published publishedat created createdat reported openedat timestamp sent filed held"
    " released eventdate asked updated".split()
)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?=T|\b)|\d{1,2} [A-Z][a-z]{2,8} \d{4}\b")


def name_without_title(record: Record, title: str, told: Told) -> str:
    """What tells a record apart: its subject, its id, what it mentions, who wrote it and when."""
    plain, noun = _plain(record), told.noun
    if _own_words(title) and re.match(rf"{re.escape(title)}\b", told.first):
        return told.naming.about.replace("{noun}", noun).replace("{name}", title)
    if told.noun.startswith(("the report", "the paper")) and (named := _by_field(record, told)):
        return named
    ids = (as_scalar(plain.get(key)) for key in _ID_KEYS)
    if own_id := next((one for one in ids if _OWN_ID.fullmatch(one)), ""):
        return f"{noun} {own_id}{_on(plain)}"
    if headline := _headline(record):
        return f'{noun} "{headline}"'
    if known := _known_by(told.first) or _known_by_what_follows(told):
        return told.naming.mentions.replace("{noun}", noun).replace("{name}", known)
    day = _day(plain)
    return f"{noun} of {day}" if day and " by " in noun else ""


# Documents that a field may name, and things that a record may be on.
_DOCUMENTS = (
    "report newsletter bulletin advisory transcript deck show episode podcast log channel post"
    " paper article blogpost essay memo letter".split()
)
_THINGS = (
    "incident case finding hunt meeting release rule rulename alert malware family group actor"
    " campaign product equipment talk topic event question questiontitle vulnerability indicator"
    " ioc sourceip ip domain host audit exercise ticketsubject".split()
)
_WRITTEN = ("transcript", "minutes")  # what is left of something
_CALLED = {
    "channel": "chat",
    "rulename": "rule",
    "questiontitle": "question",
    "sourceip": "address",
    "ip": "address",
}


_GREETS = re.compile(
    r"(?:dear|hi|hello|hey|folks|all|greetings|good \w+|q|a|to|from|subject|date)\b", re.IGNORECASE
)
_TITLE_WORDS = range(3, 14)


def _headline(record: Record) -> str:
    """The first line of a text, if it stands alone above it and is no sentence."""
    bodies = read_record(record).bodies
    first, _, rest = bodies[0].partition("\n") if bodies else ("", "", "")
    name = one_line(first).rstrip(" :").replace('"', "'")
    fits = len(name.split()) in _TITLE_WORDS and rest.startswith("\n") and not is_whole(first)
    return name if fits and not _GREETS.match(name) and is_telling(name) else ""


_SAYS_NOTHING = re.compile(r"\d+|unknown|none|n/?a|other|various|tbd", re.IGNORECASE)


def _by_field(record: Record, told: Told) -> str:
    """By the name that a field of its own kind gives: the newsletter "Foo", the report on Bar."""
    plain = _plain(record)
    for key in (*_DOCUMENTS, *_THINGS):
        name = one_line(as_scalar(plain.get(key))).replace('"', "'").rstrip(" .")
        if (
            not name
            or not any(map(str.isalnum, name))
            or len(name) < 3
            or _SAYS_NOTHING.fullmatch(name)
        ):
            continue
        quoted = f'"{name}"' if " " in name else name
        called = f"the {_CALLED.get(key, key)} {quoted}"
        written = next((one for one in _WRITTEN if plain.get(one)), "")
        if written:
            called = f"the {written} of {called}"
        if key in _DOCUMENTS or written:
            return f"{called}{_issue(plain)}{_on(plain)}"
        return told.naming.about.replace("{noun}", told.noun).replace("{name}", called)
    return ""


_TITLES = "vulnerabilitytitle advisorytitle findingtitle".split()
_PRODUCTS = "product productname affectedproduct".split()


def _on(plain: Mapping[str, Any]) -> str:
    """ " ("Foo of Bar")": what a record is on that its number alone doesn't say."""
    for key in (*_TITLES, *_PRODUCTS):
        if name := one_line(as_scalar(plain.get(key))).replace('"', "'").rstrip(" ."):
            return f' ("{name}")' if key in _TITLES else f" ({name})"
    return ""


def _issue(plain: Mapping[str, Any]) -> str:
    """Which one of several it is: " (issue 212)", " of 2091-10-15"."""
    numbered = next((key for key in ("issue", "episode", "shift", "number") if key in plain), "")
    if numbered and (number := one_line(as_scalar(plain[numbered]))):
        return f" ({numbered} {number})"
    return f" of {day}" if (day := _day(plain)) else ""


def day_of(record: Record) -> str:
    """The day that a record says it is of; empty where it says none."""
    return _day(_plain(record))


def _day(plain: Mapping[str, Any]) -> str:
    dates = (_DATE.match(as_scalar(plain.get(key))) for key in _DATE_KEYS)
    return next((found[0] for found in dates if found), "")


def _known_by(text: str) -> str:
    """What a sentence can be told by: a name it begins with, a product's version, a literal."""
    if named := _NAME_IN_TEXT.match(text) or _PRODUCT.search(text):
        return named[1]
    found = [one.text for one in literals(text) if one.kind in _TELLING and _ends(one, text)]
    return max(found, key=len, default="")


FEWEST_WORDS = 9  # of a first sentence that tells a text apart without a name or a number
_SAYS_MUCH = re.compile(r"\S[^\n]*?(?:\s\W*[A-Z](?!\b)|\d|[\"“])")


def _known_by_what_follows(told: Told) -> str:
    """Where the first sentence says little, "Got a weird one", what those behind it speak of."""
    if len(told.first.split()) >= FEWEST_WORDS or _SAYS_MUCH.match(told.first):
        return ""
    behind = told.sentences[1:4]
    files = (one.text for text in behind for one in literals(text) if one.kind == FILE)
    return max(files, key=len, default="") or next(filter(None, map(_known_by, behind)), "")


def _ends(literal: Literal, text: str) -> bool:
    """Whether nobody can say that a path goes on behind a blank: "Default\\Login Data"."""
    may_go_on = literal.kind in (PATH, REGISTRY) and "." not in literal.text.rpartition("\\")[2]
    return not (may_go_on and re.match(r" [A-Z0-9]", text[literal.end :]))


def by_beginning(told: Told) -> str:
    """A record by the first words of its text; by its noun alone where it has none."""
    quoted = (
        _beginning(told.first, len(told.sentences) == 1).replace('"', "'") if told.first else ""
    )
    named = told.naming.begins.replace("{noun}", told.noun).replace("{words}", quoted)
    return named if quoted else told.noun


# What a phrase goes on with, so that the words before it are one: "used on 12 June | against".
_GOES_ON = re.compile(
    r"[,;:(]? (?:against|after|and|as|at|because|before|but|by|during|for|from|if|in|into|of|on|or"
    r"|over|since|so|than|that|through|to|under|until|when|where|which|while|who|with|without"
    r"|is|are|was|were|has|have|had|can|may|will)\b|[,;:] "
)
FEWEST = 3  # words of a beginning


def _beginning(text: str, alone: bool) -> str:
    """The first words of a text up to the end of a phrase; of a sentence that is all there is,
    half at most: an answer has to say more than its question.  No literal is cut in two."""
    most = min(BEGINNING, max(SHORTEST_BEGINNING, len(text) // 2 if alone else len(text) - 1))
    end = max(text[: most + 1].rfind(" "), 0) or most
    cut = next((one for one in literals(text) if one.start < end < one.end), None)
    end = cut.start if cut is not None and cut.start else end
    phrases = [one.start() for one in _GOES_ON.finditer(text, 0, end + 12) if one.start() <= end]
    long = [at for at in phrases if len(text[:at].split()) >= FEWEST]
    return _OPEN.sub("", text[: long[-1] if long else end].rstrip(" ,;:(")) + "..."


_OPEN = re.compile(
    r"(?: (?:the|an?|of|for|to|in|on|and|or|with|by|at|from|that|until|its|their))+$"
)
