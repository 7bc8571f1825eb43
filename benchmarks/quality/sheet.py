"""A sheet of pairs for a person to judge, and what the judged sheet says.

A sheet is a text file: each pair with its source and a line `judged:` to fill in;
stages/final_assembler/sheet.py reads it.  Knows nothing of how pairs came about.  Invariant: a
sheet read back gives the pairs it was made of.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from textwrap import indent

import orjson
import yaml

from benchmarks.quality.run import Run
from benchmarks.quality.samples import is_report
from benchmarks.tables import TextTable
from stages.base import Record
from stages.final_assembler.sheet import BAD, GOOD, JUDGEMENTS, judgements, wilson
from workers.core.errors import UsageError

_WIDTH = 110  # of a source's lines
_HEAD = """\
Judge each pair against its source: good (worth training on), usable (true, but thin or clumsy)
or bad (wrong, echo, cut off, no answer).  Write the word after "judged:", and a reason if you
like.  Read the sheet back with: python -m benchmarks.quality --read FILE
"""


def write_sheet(run: Run, count: int, path: Path, seed: int) -> int:
    """Write pairs drawn evenly from all groups; returns how many there are."""
    pairs = list(run.pairs)
    by_group: dict[str, list[str]] = {}
    for sample, pair in pairs:
        by_group.setdefault(sample.group, []).append(_shown(sample.source, pair))
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


def _shown(source: Record, pair: Record) -> str:
    """The record whole, as it went in: who sees a part of it takes what is true for invented."""
    record = yaml.safe_dump(source, allow_unicode=True, sort_keys=False, width=_WIDTH)
    quality = orjson.dumps(pair.get("quality", {})).decode()
    lines = [
        "source:",
        indent(record.rstrip(), "  "),
        f"type: {pair.get('type')}   quality: {quality[:160]}",
        f"Q: {pair['instruction']}",
        "A: " + str(pair["response"]).replace("\n", "\n   "),
    ]
    return "\n".join(lines)


@dataclass(frozen=True)
class GroupJudgements:
    """How the pairs of one group were judged."""

    group: str
    counts: Counter[str]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def read_sheet(path: Path) -> list[GroupJudgements]:
    """The judgements of a sheet by group; raises UsageError for one that is none of the words."""
    try:
        found = judgements(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise UsageError(f"--read {path}: {error}") from None
    by_group: dict[str, Counter[str]] = {}
    for one in found:
        by_group.setdefault(one.group, Counter())[one.word] += 1
    return [GroupJudgements(group, counts) for group, counts in by_group.items()]


def sheet_table(verdicts: Sequence[GroupJudgements]) -> TextTable:
    """Good, usable and bad by group and by the two halves that targets are set for."""
    halves = [
        ("ATT&CK, CWE and CVE", [one for one in verdicts if not is_report(one.group)]),
        ("incidents and reports", [one for one in verdicts if is_report(one.group)]),
        ("all", list(verdicts)),
    ]
    lines = [(one.group, one.counts) for one in verdicts]
    lines += [(name, sum((one.counts for one in some), Counter())) for name, some in halves]
    rows = []
    for name, counts in lines:
        total = sum(counts.values())
        shares = [str(wilson(counts[word], total)) for word in (GOOD, BAD)]
        rows.append([name, str(total), *(str(counts[word]) for word in JUDGEMENTS), *shares])
    return TextTable("judged by a person", ["group", "pairs", *JUDGEMENTS, GOOD, BAD], rows)
