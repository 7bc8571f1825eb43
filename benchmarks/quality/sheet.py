"""A sheet of pairs for a person to judge, and what the judged sheet says.

A sheet is a text file: each pair with its source and a line `judged:` to fill in.  Knows
nothing of how pairs came about.  Invariant: a sheet read back gives the pairs it was made of.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import orjson

from benchmarks.quality.judged import BAD, GOOD, JUDGEMENTS
from benchmarks.quality.run import Run
from benchmarks.quality.samples import REPORTS
from benchmarks.tables import Table
from workers.core.errors import UsageError

Z = 1.96  # of a 95% interval
LONGEST_SOURCE = 1500  # characters shown
_HEAD = """\
Judge each pair against its source: good (worth training on), usable (true, but thin or clumsy)
or bad (wrong, echo, cut off, no answer).  Write the word after "judged:", and a reason if you
like.  Read the sheet back with: python -m benchmarks.quality --read FILE
"""
_BLOCK = re.compile(r"^=== (\d+) \| (.+)$", re.MULTILINE)
_JUDGED = re.compile(r"^judged:[ \t]*(\w*)", re.MULTILINE)


@dataclass(frozen=True)
class Interval:
    """A share, with the bounds within which it lies in 95 of 100 cases (Wilson, 1927)."""

    share: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.share:.1%} ({self.low:.1%} to {self.high:.1%})"


def wilson(count: int, of: int) -> Interval:
    """The score interval of a share; of nothing it is 0 to 1."""
    if not of:
        return Interval(0.0, 0.0, 1.0)
    share = count / of
    middle = (share + Z * Z / (2 * of)) / (1 + Z * Z / of)
    half = Z * math.sqrt(share * (1 - share) / of + Z * Z / (4 * of * of)) / (1 + Z * Z / of)
    return Interval(share, max(0.0, middle - half), min(1.0, middle + half))


def write_sheet(run: Run, count: int, path: Path, seed: int) -> int:
    """Write pairs drawn evenly from all groups; returns how many there are."""
    pairs = list(run.pairs)
    by_group: dict[str, list[str]] = {}
    for sample, pair in pairs:
        by_group.setdefault(sample.group, []).append(_shown(pair))
    chosen = _drawn(by_group, count, Random(seed))
    blocks = [f"=== {number} | {group}\n{text}\njudged:\n"
              for number, (group, text) in enumerate(chosen, 1)]  # fmt: skip
    path.write_text("\n".join([_HEAD, *blocks]), encoding="utf-8")
    return len(blocks)


def _drawn(by_group: dict[str, list[str]], count: int, random: Random) -> list[tuple[str, str]]:
    """Pairs of all groups by turns, until there are enough."""
    left = {group: random.sample(texts, len(texts)) for group, texts in by_group.items()}
    chosen: list[tuple[str, str]] = []
    while len(chosen) < count and any(left.values()):
        chosen += [(group, texts.pop()) for group, texts in left.items() if texts]
    return sorted(chosen[:count], key=lambda one: list(by_group).index(one[0]))


def _shown(pair: dict[str, object]) -> str:
    source = pair.get("source_data")
    text = str(source.get("text", "")) if isinstance(source, dict) else ""
    quality = orjson.dumps(pair.get("quality", {})).decode()
    lines = [
        "source: " + text[:LONGEST_SOURCE].replace("\n", "\n  "),
        f"type: {pair.get('type')}   quality: {quality[:160]}",
        f"Q: {pair['instruction']}",
        "A: " + str(pair["response"]).replace("\n", "\n   "),
    ]
    return "\n".join(lines)


@dataclass(frozen=True)
class Verdicts:
    """How the pairs of one group were judged."""

    group: str
    counts: Counter[str]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def read_sheet(path: Path) -> list[Verdicts]:
    """The judgements of a sheet by group; raises UsageError for one that is none of the words."""
    text = path.read_text(encoding="utf-8")
    heads = list(_BLOCK.finditer(text))
    ends = [head.start() for head in heads[1:]] + [len(text)]
    found: dict[str, Counter[str]] = {}
    for head, end in zip(heads, ends, strict=True):
        words = _JUDGED.findall(text, head.end(), end)
        word = words[-1].lower() if words else ""
        if word not in JUDGEMENTS:
            raise UsageError(
                f"--read {path}: pair {head[1]}: judged is {word!r}, not one of"
                f" {', '.join(JUDGEMENTS)}"
            )
        found.setdefault(head[2], Counter())[word] += 1
    return [Verdicts(group, counts) for group, counts in found.items()]


def sheet_table(verdicts: Sequence[Verdicts]) -> Table:
    """Good, usable and bad by group and by the two halves that targets are set for."""
    halves = [
        ("ATT&CK, CWE and CVE", [one for one in verdicts if one.group not in REPORTS]),
        ("incidents and reports", [one for one in verdicts if one.group in REPORTS]),
        ("all", list(verdicts)),
    ]
    lines = [(one.group, one.counts) for one in verdicts]
    lines += [(name, sum((one.counts for one in some), Counter())) for name, some in halves]
    rows = []
    for name, counts in lines:
        total = sum(counts.values())
        shares = [str(wilson(counts[word], total)) for word in (GOOD, BAD)]
        rows.append([name, str(total), *(str(counts[word]) for word in JUDGEMENTS), *shares])
    return Table("judged by a person", ["group", "pairs", *JUDGEMENTS, GOOD, BAD], rows)
