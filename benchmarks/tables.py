"""What came out, as tables for a terminal or a README.

Knows measurements only.  Invariant: the median of the rounds is shown with the lowest and the
highest.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks import plan
from benchmarks.measure import Measurement

Cells = list[str]


@dataclass(frozen=True)
class TextTable:
    """A heading, column names, and rows of text."""

    title: str
    columns: Cells
    rows: list[Cells]

    def text(self) -> str:
        """Columns under each other; the first is text, the others are numbers."""
        lines = [self.columns, *self.rows]
        widths = [max(len(line[at]) for line in lines) for at in range(len(self.columns))]
        shown = ["  ".join(_padded(line, widths)).rstrip() for line in lines]
        return "\n".join([self.title, *shown])

    def markdown(self) -> str:
        """The same for a README."""
        rule = ["---", *["---:"] * (len(self.columns) - 1)]
        lines = [self.columns, rule, *self.rows]
        return "\n".join([f"**{self.title}**", "", *("| " + " | ".join(x) + " |" for x in lines)])


def _padded(line: Cells, widths: Sequence[int]) -> Iterable[str]:
    for at, (cell, width) in enumerate(zip(line, widths, strict=True)):
        yield cell.rjust(width) if at else cell.ljust(width)


def works_of(measurements: Iterable[Measurement]) -> list[str]:
    """The works that were measured, in order."""
    return list(dict.fromkeys(m.work for m in measurements))


def table(work: str, measurements: Sequence[Measurement]) -> TextTable:
    """All engines on one work."""
    mine = [m for m in measurements if m.work == work]
    base = rates(mine, (plan.ONE_BY_ONE,))
    rows = []
    for key in dict.fromkeys((m.engine, m.rows) for m in mine):
        rounds = [m for m in mine if (m.engine, m.rows) == key]
        rows.append(_line(key, rounds, base))
    columns = ["engine", "in flight", "requests/s", "lowest to highest", "times", "tokens/s"]
    return TextTable(f"{work}", [*columns, "peak MB", "checked"], rows)


def _line(key: tuple[str, int], rounds: list[Measurement], base: dict[int, float]) -> Cells:
    rates = [m.per_second for m in rounds]
    times = [m.per_second / base[m.round] for m in rounds if m.round in base]
    return [
        key[0],
        str(key[1]),
        f"{median(rates):.2f}",
        f"{min(rates):.2f} to {max(rates):.2f}",
        f"{median(times):.2f}" if times else "",
        f"{median(m.answer_tokens / m.seconds for m in rounds):.0f}",
        str(max(m.peak_mb for m in rounds)),
        _checked(rounds),
    ]


def _checked(rounds: list[Measurement]) -> str:
    """Answers equal to those of mlx_lm.generate, or right; and those outside their schema."""
    said = []
    if compared := sum(m.compared or 0 for m in rounds):
        said.append(f"{sum(m.equal or 0 for m in rounds)} of {compared} equal")
    if rounds[0].right is not None:
        right, asked = sum(m.right or 0 for m in rounds), sum(m.requests for m in rounds)
        said.append(f"{right / asked:.0%} right")
    if broken := sum(m.broken or 0 for m in rounds):
        said.append(f"{broken} no JSON")
    return ", ".join(said)


def rates(measurements: Iterable[Measurement], engines: Sequence[str]) -> dict[int, float]:
    """Round -> requests a second of the fastest of these engines, at its best rows."""
    best: dict[int, float] = {}
    for m in measurements:
        if m.engine in engines:
            best[m.round] = max(best.get(m.round, 0.0), m.per_second)
    return best
