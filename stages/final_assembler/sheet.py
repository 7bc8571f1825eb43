"""What a person said of a sample of the pairs: the sheet of `python -m benchmarks.quality`.

Knows the sheet's lines.  Invariant: a sheet that is not filled in is refused with the pair.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass

JUDGEMENTS = ("good", "usable", "bad")
_Z = 1.96  # of a 95% interval
_PAIR = re.compile(r"^=== (\d+) \| .+$", re.MULTILINE)
_JUDGED = re.compile(r"^judged:[ \t]*(\w*)", re.MULTILINE)


@dataclass(frozen=True)
class Judged:
    """How many pairs were found good, usable and bad."""

    counts: Counter[str]

    @property
    def total(self) -> int:
        return self.counts.total()

    @property
    def rows(self) -> list[tuple[str, int, str]]:
        """Each judgement with its number and its share's interval in words."""
        return [(one, self.counts[one], _interval(self.counts[one], self.total))
                for one in JUDGEMENTS]  # fmt: skip


def read_sheet(text: str) -> Judged:
    """The judgements of a sheet; raises ValueError for one that is missing or no word of ours."""
    heads = list(_PAIR.finditer(text))
    if not heads:
        raise ValueError("no pairs in it; make one with `python -m benchmarks.quality --sheet`")
    ends = [head.start() for head in heads[1:]] + [len(text)]
    counts: Counter[str] = Counter()
    for head, end in zip(heads, ends, strict=True):
        words = _JUDGED.findall(text, head.end(), end)
        word = words[-1].lower() if words else ""
        if word not in JUDGEMENTS:
            raise ValueError(
                f"pair {head[1]}: judged is {word!r}, not one of {', '.join(JUDGEMENTS)}"
            )
        counts[word] += 1
    return Judged(counts)


def _interval(count: int, of: int) -> str:
    """A share with its score interval (Wilson, 1927)."""
    share = count / of
    middle = (share + _Z * _Z / (2 * of)) / (1 + _Z * _Z / of)
    half = _Z * math.sqrt(share * (1 - share) / of + _Z * _Z / (4 * of * of)) / (1 + _Z * _Z / of)
    return f"{share:.0%} ({max(0.0, middle - half):.0%} to {min(1.0, middle + half):.0%})"
