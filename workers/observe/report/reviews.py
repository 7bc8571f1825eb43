"""What reviewers decided in a run, and how long it took them.

Counts each pair by the last that was decided about it; judges nothing.  Invariant: a decision
that was taken back counts only for the time that it took.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from workers.metrics.review_lines import DECIDED, UNDONE, ReviewLine


@dataclass
class DecisionFigures:
    """The pairs of one decision: how long each was looked at, and waited, in seconds."""

    pairs: int = 0
    looked: list[float] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)


@dataclass
class ReviewFigures:
    """Decisions by what they were; `seconds`: all the time that people looked."""

    decisions: dict[str, DecisionFigures] = field(default_factory=dict)
    seconds: float = 0.0

    @classmethod
    def of(cls, lines: Iterable[ReviewLine]) -> ReviewFigures:
        """The figures of decisions in the order of time."""
        figures, last = cls(), dict[str, ReviewLine]()
        for line in lines:
            figures.seconds += line.looked_seconds or 0.0
            last[line.pair] = line
        for line in last.values():
            if line.decision != UNDONE:
                figures._add(line)
        return figures

    def _add(self, line: ReviewLine) -> None:
        found = self.decisions.setdefault(_called(line), DecisionFigures())
        found.pairs += 1
        found.waited.append(line.waited_seconds)
        if line.looked_seconds is not None:
            found.looked.append(line.looked_seconds)

    @property
    def pairs(self) -> int:
        return sum(one.pairs for one in self.decisions.values())


def _called(line: ReviewLine) -> str:
    """ "accepted", "accepted by rule", "rejected: wrong"."""
    word = DECIDED.get(line.decision, line.decision)
    if line.rule:
        return f"{word} by rule"
    return f"{word}: {line.reason}" if line.reason else word
