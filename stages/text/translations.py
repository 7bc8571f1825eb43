"""A text that says all in two languages, one after the other, without what is not English.

Knows what languages lines, and sentences of a line, are surely in.  Invariant: only whole lines or
sentences go, and only where both languages have much to say; what a text quotes stays.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import groupby, pairwise

from stages.text.foreign_sentences import ANNOUNCED, TAKEN_UP
from stages.text.language import ENGLISH, has_english_words, is_surely_english, surely_another
from stages.text.sentences import is_whole, sentence_ends
from stages.text.windows_names import NO_BLANKS

LEAST = 0.25  # of what is told, in either language: less is a quotation
HALF = 0.4  # of a line, in either language: less is a remark in front of it
SHORTEST = 100  # characters of a line that may say all twice
_BETWEEN = re.compile(r"(?<=\s)(?:[/|]|---?|–|—)(?=\s)")
_AROUND = " \t/|-–—"
_OF_WORDS = re.compile(rf"[{NO_BLANKS}]")
_QUOTES = re.compile(r"""\s*[>"'\u2018-\u201e\u00ab]""")
_ANNOUNCES = re.compile(r".*\b(?:the|this|that|which|following|reads|says|wrote)\b.*:\s*", re.I)


def without_translation(text: str) -> str:
    """A text without the lines that say in another language what it says in English."""
    lines = list(map(_in_english, text.split("\n")))
    text = "\n".join(lines)
    if len(lines) == 1:
        return text
    found = [surely_another(line) for line in lines]
    pairs = list(zip(lines, found, strict=True))
    if sum(_told(line) for line, one in pairs if one) < LEAST * _told(text):
        return text
    found = [one or (ENGLISH if is_surely_english(line) else "") for line, one in pairs]
    other = _translated(lines, found)
    if not other:
        return text
    for at in range(len(lines) - 1, -1, -1):  # a heading goes with what it stands over
        if not found[at] and _is_heading(lines, at) and at + 1 < len(lines):
            below = next((one for one in range(at + 1, len(lines)) if lines[one].strip()), at)
            found[at] = found[below]
    first = next(one for one in found if one)
    for at, one in enumerate(found):
        found[at] = one or (found[at - 1] if at else first)
    kept = (line for line, one in zip(lines, found, strict=True) if one != other)
    return "\n".join(kept).strip("\n")


def _in_english(line: str) -> str:
    """A line, such as a cell of a table, without the half of it that says in another language what
    the other half says in English."""
    half = int(len(line) * HALF)
    if len(line) < SHORTEST or all(map(has_english_words, (line[:half], line[-half:]))):
        return line
    ends = [*sentence_ends(line), *(one.start() for one in _BETWEEN.finditer(line)), len(line)]
    marks = sorted({0, *ends})
    pieces = [line[a:b] for a, b in pairwise(marks)]
    found = [surely_another(one) for one in pieces]
    if not any(found):
        return line
    found = [one or (ENGLISH if is_surely_english(piece) else "")
             for piece, one in zip(pieces, found, strict=True)]  # fmt: skip
    halves = [language for language, _ in groupby(filter(None, found))]
    other = _translated([piece.strip(_AROUND) for piece in pieces], found, HALF)
    if len(halves) != 2 or not other:
        return line
    at = found.index(halves[1])
    last = max(one for one in range(at) if found[one])
    if other == halves[1]:
        told_of = ANNOUNCED.search("".join(pieces[last:at])) or _ANNOUNCES.match(pieces[at])
    else:
        told_of = TAKEN_UP.match("".join(pieces[last + 1 : at + 1]).lstrip(_AROUND))
    if told_of:
        return line
    return (line[: marks[at]] if other == halves[1] else line[marks[at] :]).strip(_AROUND)


def _translated(lines: list[str], found: list[str], least: float = LEAST) -> str:
    """The language of the lines that are a translation; empty where none is."""
    told = Counter[str]()
    for line, one in zip(lines, found, strict=True):
        told[one] += _told(line) if one else 0
    others = [one for one in told if one not in ("", ENGLISH)]
    if len(others) != 1 or min(told[ENGLISH], told[others[0]]) < least * told.total():
        return ""
    (other,) = others
    theirs = [at for at, one in enumerate(found) if one == other]
    before = next((line for line in reversed(lines[: theirs[0]]) if line.strip()), "")
    quoted = _ANNOUNCES.fullmatch(before) or any(_QUOTES.match(lines[at]) for at in theirs)
    return "" if quoted or not any(is_whole(lines[at]) for at in theirs) else other


def _told(text: str) -> int:
    """How much it says: a character of Chinese says as much as some letters."""
    return len(text) + len(_OF_WORDS.findall(text))


def _is_heading(lines: list[str], at: int) -> bool:
    """Whether a line is short, no sentence, and stands apart from what is above it."""
    line = lines[at].strip()
    apart = at == 0 or not lines[at - 1].strip() or is_whole(lines[at - 1])
    return line[:1].isalpha() and apart and len(line) <= 80 and not is_whole(line)
