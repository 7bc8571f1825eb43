"""Answers to letters: whether one says enough to be told without the letter that it answers.

Knows the marks in front of a subject, words of assent, blanks that nobody has filled in, who writes
to whom, and what is quoted.  Invariant: what is no answer never leans on a letter.
"""

from __future__ import annotations

import re

from stages.base import Record
from stages.data_structurer.heads import headed
from stages.data_structurer.lines import as_lines
from stages.data_structurer.nameless import issuer_of
from stages.data_structurer.own_fields import own_fields
from stages.data_structurer.passages import without_label
from stages.data_structurer.reading import Reading
from stages.data_structurer.titles import is_telling
from stages.text.clean import clean_text
from stages.text.sentences import sentence_ends

# "It's not an attack" of what the subject names.
_OF_THE_TITLE = re.compile(r"(?:It|This|That)(?:['’]s| is| was) ")
LEAST_OF_AN_ANSWER = 500  # characters of an answer to a letter that can do without it

_ANSWERS = re.compile(r"(?:re|aw|sv|antw)\s*:", re.IGNORECASE)
_AGREES = re.compile(
    r"(?:yes|no|agreed?|\+1|same here|me too|thanks?|ok(?:ay)?|i (?:dis)?agree)\b", re.IGNORECASE
)


def leans_on_a_letter(reading: Reading) -> bool:
    """Whether a record answers a letter, and says so little that it needs what it answers."""
    if not _ANSWERS.match(reading.identity.name):
        return False
    first = reading.sentences[0] if reading.sentences else None
    short = sum(map(len, reading.passages)) < LEAST_OF_AN_ANSWER
    agrees = _AGREES.match(without_label(next(iter(reading.passages), "")))
    if first is None or short or agrees:
        return True
    title = _ANSWERS.sub("", reading.identity.name)
    return first.points_back and not (_OF_THE_TITLE.match(first.text) and is_telling(title))


_YOU = re.compile(r"\b(?:you|your|yours)\b", re.IGNORECASE)
WRITES_TO = "writes to"


def from_whom(reading: Reading, said: str) -> str:
    """ "Foo writes to Bar:", where a letter says "you" of whom only a field names; else empty."""
    to = headed(reading.record).to
    by = issuer_of(reading.record)
    if not to or not by or not _YOU.search(said):
        return ""
    return f"{by[:1].upper()}{by[1:]} {WRITES_TO} {to}:"


_DEAR = re.compile(r"^dear\b", re.IGNORECASE | re.MULTILINE)
# "{{first_name}}", "%%AMOUNT%%", "[[date]]": where something of each recipient was to stand.
_BLANK = re.compile(r"\{\{ ?[a-z][\w. ]{1,30}\}\}|%%\w{2,30}%%|\[\[ ?[A-Za-z_]{2,30} ?\]\]")


def without_blanks(said: str, text: str) -> str:
    """What is said of a letter, without sentences that have a blank in them; of any other text as
    it is."""
    if not (_BLANK.search(said) and _DEAR.search(text)):
        return said
    lines = [_filled(line) if _BLANK.search(line) else line for line in said.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _filled(line: str) -> str:
    ends = [0, *sentence_ends(line), len(line)]
    pieces = [line[begin:end] for begin, end in zip(ends, ends[1:], strict=False)]
    return "".join(one for one in pieces if not _BLANK.search(one)).strip()


_QUOTED = re.compile(r"^>[^\n]*(?:\n>[^\n]*)*", re.MULTILINE)


def quoted_lines(record: Record) -> frozenset[str]:
    """What an answer to a letter quotes of it, as lines of clean text: somebody else wrote it.
    One that has kept its mark, "> 212 ropes", needs no other."""
    texts = (one for one in own_fields(record).values() if isinstance(one, str))
    found = (clean_text(quote[0]) for text in texts for quote in _QUOTED.finditer(text))
    lines = (line.strip() for one in found for line in f"{as_lines(one)}\n{one}".split("\n"))
    return frozenset(one for one in lines if one and not one.startswith(">"))
