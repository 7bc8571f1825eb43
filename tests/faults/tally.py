"""What a row of the fault matrix found, and the table of all of them.

Invariant: a row that could not be run says so, and never counts as passed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.faults.recount import Count

_MOST_PROBLEMS = 5


@dataclass
class Tally:
    """The outcome of one row."""

    injected: int = 0
    lost: int = 0
    duplicated: int = 0
    misfiled: int = 0
    recovery: list[float] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    skipped: str | None = None
    note: str = ""

    def add(self, count: Count) -> None:
        """Take in what a recount found."""
        self.lost += count.lost
        self.duplicated += count.duplicated
        self.misfiled += count.misfiled
        self.problems += count.problems

    def join(self, other: Tally) -> None:
        """Take in what another part of the same row found."""
        self.injected += other.injected
        self.lost += other.lost
        self.duplicated += other.duplicated
        self.misfiled += other.misfiled
        self.recovery += other.recovery
        self.problems += other.problems
        self.skipped = self.skipped or other.skipped
        self.note = self.note or other.note

    def expect(self, holds: object, otherwise: str) -> None:
        """Note a problem unless something holds."""
        if not holds:
            self.problems.append(otherwise)

    @property
    def clean(self) -> bool:
        """Whether nothing was lost, doubled or misfiled, and nothing else was wrong."""
        return not (self.lost or self.duplicated or self.misfiled or self.problems)

    @property
    def verdict(self) -> str:
        if self.skipped:
            return f"skipped: {self.skipped}"
        if self.clean:
            return "ok" + (f" ({self.note})" if self.note else "")
        shown = "; ".join(self.problems[:_MOST_PROBLEMS]) or "records"
        more = len(self.problems) - _MOST_PROBLEMS
        return f"NOT OK: {shown}" + (f" and {more} more" if more > 0 else "")


@dataclass(frozen=True)
class Line:
    """One line of the table."""

    number: int
    fault: str
    tally: Tally | None
    seconds: float = 0.0

    def cells(self) -> list[str]:
        if self.tally is None:
            return [str(self.number), self.fault, "-", "-", "-", "-", "-", "not run"]
        found = self.tally
        slowest = f"{max(found.recovery):.1f}" if found.recovery else "-"
        counts = [str(n) for n in (found.injected, found.lost, found.duplicated, found.misfiled)]
        return [str(self.number), self.fault, *counts, slowest, found.verdict]


HEAD = [
    "#",
    "fault",
    "injected",
    "lost",
    "duplicated",
    "misfiled",
    "slowest recovery, s",
    "verdict",
]


def table(lines: Iterable[Line]) -> str:
    """All lines as a Markdown table."""
    rows = [HEAD, ["---"] * len(HEAD), *(line.cells() for line in lines)]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "/") for cell in row) + " |" for row in rows
    )
