"""A text that says all in two languages, one after the other, without what is not English.

Knows what languages lines are surely in.  Invariant: only whole lines go, and only where both
languages have much to say; what a text quotes stays.
"""

from __future__ import annotations

import re
from collections import Counter

from stages.text.language import ENGLISH, is_surely_english, surely_another
from stages.text.sentences import is_whole

LEAST = 0.25  # of what is told, in bytes, in either language: less is a quotation
_QUOTES = re.compile(r"""\s*[>"'\u2018-\u201e\u00ab]""")
_ANNOUNCES = re.compile(r".*\b(?:the|this|that|which|following|reads|says|wrote)\b.*:\s*", re.I)


def without_translation(text: str) -> str:
    """A text without the lines that say in another language what it says in English."""
    if "\n" not in text:
        return text
    lines = text.split("\n")
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


def _translated(lines: list[str], found: list[str]) -> str:
    """The language of the lines that are a translation; empty where none is."""
    told = Counter[str]()
    for line, one in zip(lines, found, strict=True):
        told[one] += _told(line) if one else 0
    others = [one for one in told if one not in ("", ENGLISH)]
    if len(others) != 1 or min(told[ENGLISH], told[others[0]]) < LEAST * told.total():
        return ""
    (other,) = others
    theirs = [at for at, one in enumerate(found) if one == other]
    before = next((line for line in reversed(lines[: theirs[0]]) if line.strip()), "")
    quoted = _ANNOUNCES.fullmatch(before) or any(_QUOTES.match(lines[at]) for at in theirs)
    return "" if quoted or not any(is_whole(lines[at]) for at in theirs) else other


def _told(text: str) -> int:
    """How much it says: a character of Chinese says as much as some letters."""
    return len(text.encode(errors="replace"))


def _is_heading(lines: list[str], at: int) -> bool:
    """Whether a line is short, no sentence, and stands apart from what is above it."""
    line = lines[at].strip()
    apart = at == 0 or not lines[at - 1].strip() or is_whole(lines[at - 1])
    return line[:1].isalpha() and apart and len(line) <= 80 and not is_whole(line)
