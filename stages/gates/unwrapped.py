"""The sentences of a text whose lines were broken to fit a page: one that goes on is one sentence.

Knows line ends, hyphens, list marks and negations; no grammar.  Invariant: no word is lost, and an
item of a list comes with what introduces it where that negates.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from stages.gates.wording import OPEN_ENDS
from stages.gates.words import negated, tokens
from stages.text.sentences import is_whole, sentence_ends

FULL_LINE = 60  # characters from which a line may have been broken to fit a page
_ITEM = re.compile(r"\s*(?:[-*•·–]|\d{1,2}[.)]|[a-z]\))\s+")
_HYPHEN = re.compile(r"([^\W\d_]+)-$")
# Of a word that is broken behind it: "un-" and "authenticated" are "unauthenticated".
_PREFIXES = frozenset("un in im ir il dis mis de".split())
# What a line ends with in the midst of a sentence, besides words that end none.
_WITHIN = OPEN_ENDS | frozenset(
    """is are was were be been being do does did can could may might will would shall should must
    has have had to by in on at for""".split()
)


@dataclass(frozen=True)
class Piece:
    """A sentence; `lead` introduces it by a colon and negates, "Do not:", or is empty."""

    text: str
    lead: str = ""

    @property
    def full(self) -> str:
        """The sentence behind what introduces it."""
        return f"{self.lead} {self.text}" if self.lead else self.text


def pieces(text: str, spoken: Collection[str] = frozenset()) -> list[Piece]:
    """The sentences of a text, over the ends of its lines.

    spoken: words in small letters that decide whether a word was broken: "ex-" and "ploitable"
    are "exploitable" if that is one of them.
    """
    found: list[Piece] = []
    lead, introduced = "", False
    for line in _joined(text, spoken):
        item = _ITEM.match(line) is not None
        introduced = introduced and item
        for one in _sentences(line):
            found.append(Piece(one, lead if introduced else ""))
        if line.endswith(":") and not item:
            last = found[-1].text if found else ""
            lead, introduced = last, bool(negated(last))
    return found


def _sentences(line: str) -> Iterator[str]:
    """What stands between full stops, and behind the last one."""
    ends = [0, *sentence_ends(line), len(line)]
    said = (line[a:b].strip() for a, b in zip(ends, ends[1:], strict=False))
    return (one for one in said if one)


def _joined(text: str, spoken: Collection[str]) -> list[str]:
    """The lines of a text, those that go on with the one above it joined to that."""
    lines: list[str] = []
    broken = False  # an empty line stands between
    for line in map(str.strip, text.split("\n")):
        if lines and line and not broken and _goes_on(lines[-1], line):
            lines[-1] = _together(lines[-1], line, spoken)
        elif line:
            lines.append(line)
        broken = not line
    return lines


def _goes_on(before: str, line: str) -> bool:
    if is_whole(before) or before.endswith(":") or _ITEM.match(line):
        return False
    if line[:1].islower() or _HYPHEN.search(before):
        return True
    last = next(reversed(tokens(before[-40:])), "")
    title = bool(negated(last))  # "What we did not": a sentence begins below it
    return not title and (len(before) > FULL_LINE or last in _WITHIN)


def _together(before: str, line: str, spoken: Collection[str]) -> str:
    """Two lines as one; a word that was broken at their end is whole again."""
    if (part := _HYPHEN.search(before)) is None:
        return f"{before} {line}"
    rest = next(iter(tokens(line)), "")
    begun = part[1].lower()
    whole = begun in _PREFIXES or f"{begun}{rest}" in spoken
    return f"{before[:-1] if whole else before}{line}"
