"""What a person said of a sample of pairs: the sheet that `python -m benchmarks.quality` writes.

A sheet is a text file: each pair under a head with its number and group, and a line `judged:`.
Knows the sheet's lines.  Invariant: a sheet that is not filled in is refused with the pair.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass

GOOD, USABLE, BAD = JUDGEMENTS = ("good", "usable", "bad")
_Z = 1.96  # of a 95% interval
_PAIR = re.compile(r"^=== (\d+) \| (.+)$", re.MULTILINE)
_JUDGED = re.compile(r"^judged:[ \t]*(\w*)", re.MULTILINE)


@dataclass(frozen=True)
class Interval:
    """A share, with the bounds within which it lies in 95 of 100 cases (Wilson, 1927)."""

    share: float
    low: float
    high: float

    def __str__(self) -> str:
        return self.text(1)

    def text(self, digits: int) -> str:
        """ "50% (15% to 85%)", with so many digits behind the point."""
        share, low, high = (f"{one:.{digits}%}" for one in (self.share, self.low, self.high))
        return f"{share} ({low} to {high})"


def wilson(count: int, of: int) -> Interval:
    """The score interval of a share; of nothing it is 0 to 1."""
    if not of:
        return Interval(0.0, 0.0, 1.0)
    share = count / of
    middle = (share + _Z * _Z / (2 * of)) / (1 + _Z * _Z / of)
    half = _Z * math.sqrt(share * (1 - share) / of + _Z * _Z / (4 * of * of)) / (1 + _Z * _Z / of)
    return Interval(share, max(0.0, middle - half), min(1.0, middle + half))


@dataclass(frozen=True)
class Judgement:
    """One pair's: the group that its head names, and one of JUDGEMENTS."""

    group: str
    word: str


@dataclass(frozen=True)
class JudgementCounts:
    """How many pairs were found good, usable and bad."""

    counts: Counter[str]

    @property
    def total(self) -> int:
        return self.counts.total()

    @property
    def rows(self) -> list[tuple[str, int, str]]:
        """Each judgement with its number and its share's interval in words."""
        return [(one, self.counts[one], wilson(self.counts[one], self.total).text(0))
                for one in JUDGEMENTS]  # fmt: skip


def read_sheet(text: str) -> JudgementCounts:
    """All judgements of a sheet counted; raises as `judgements` does."""
    return JudgementCounts(Counter(one.word for one in judgements(text)))


def judgements(text: str) -> list[Judgement]:
    """The judgements of a sheet; raises ValueError for one that is missing or no word of ours."""
    heads = list(_PAIR.finditer(text))
    if not heads:
        raise ValueError("no pairs in it; make one with `python -m benchmarks.quality --sheet`")
    ends = [head.start() for head in heads[1:]] + [len(text)]
    return [
        Judgement(head[2], _word(head[1], _JUDGED.findall(text, head.end(), end)))
        for head, end in zip(heads, ends, strict=True)
    ]


def _word(number: str, words: list[str]) -> str:
    word = words[-1].lower() if words else ""
    if word not in JUDGEMENTS:
        raise ValueError(f"pair {number}: judged is {word!r}, not one of {', '.join(JUDGEMENTS)}")
    return word
