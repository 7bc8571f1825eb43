"""What came out, as tables for a terminal or a README, and as ratios against expectations.

Knows measurements only.  Invariant: a ratio is taken within rounds, and the median of the
rounds is shown with the lowest and the highest.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks import plan
from benchmarks.measure import Measurement

Cells = list[str]


@dataclass(frozen=True)
class Table:
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


@dataclass(frozen=True)
class Expectation:
    """Ours should be at least so many times as fast as a peer, each at its best number of rows.

    `ours` and `peer` list names of engines; of several, or of several rows, the fastest
    counts.  `rows` holds both to the same number of rows, each one apart.
    """

    works: tuple[str, ...]
    ours: tuple[str, ...]
    peer: tuple[str, ...]
    at_least: float | None = None
    rows: tuple[int, ...] = ()


_BEST_OF_OURS = (plan.OURS, plan.OURS_POOL)
_DECISIONS = ("relevance", "domains")
_GENERATED = ("schema", "long")
EXPECTED = (
    Expectation(_DECISIONS, _BEST_OF_OURS, (plan.ONE_BY_ONE,), 5),
    Expectation(_DECISIONS, _BEST_OF_OURS, (f"{plan.ONE_BY_ONE}, label long",)),
    Expectation(_DECISIONS, _BEST_OF_OURS, (plan.BATCH,)),
    Expectation(_DECISIONS, _BEST_OF_OURS, (plan.LLAMA,), 1.5),
    Expectation(("schema",), _BEST_OF_OURS, (plan.ONE_BY_ONE,), 5),
    Expectation(("schema",), _BEST_OF_OURS, (plan.BATCH,), 1.3),
    Expectation(_GENERATED, _BEST_OF_OURS, (plan.LLAMA,)),
    Expectation(("schema",), (plan.OURS,), (plan.NO_SPECULATION,), 1.5, (1, 4)),
    Expectation(("schema",), (plan.OURS,), (plan.NO_SPECULATION,), 0.97, (16, 64)),
    Expectation(("long",), (plan.OURS,), (plan.NO_SPECULATION,), 0.97, (1, 4, 16, 64)),
)


def works_of(measurements: Iterable[Measurement]) -> list[str]:
    """The works that were measured, in order."""
    return list(dict.fromkeys(m.work for m in measurements))


def table(work: str, measurements: Sequence[Measurement]) -> Table:
    """All engines on one work."""
    mine = [m for m in measurements if m.work == work]
    base = _rates(mine, (plan.ONE_BY_ONE,))
    rows = []
    for key in dict.fromkeys((m.engine, m.rows) for m in mine):
        rounds = [m for m in mine if (m.engine, m.rows) == key]
        rows.append(_line(key, rounds, base))
    columns = ["engine", "in flight", "requests/s", "lowest to highest", "times", "tokens/s"]
    return Table(f"{work}", [*columns, "peak MB", "checked"], rows)


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


def _rates(measurements: Iterable[Measurement], engines: Sequence[str]) -> dict[int, float]:
    """Round -> requests a second of the fastest of these engines, at its best rows."""
    best: dict[int, float] = {}
    for m in measurements:
        if m.engine in engines:
            best[m.round] = max(best.get(m.round, 0.0), m.per_second)
    return best


def ratios(measurements: Sequence[Measurement]) -> Table:
    """Every expectation that was measured, against what came out."""
    lines = []
    for expectation in EXPECTED:
        for work in expectation.works:
            for rows in expectation.rows or (None,):
                mine = [m for m in measurements if m.work == work and rows in (None, m.rows)]
                if line := _ratio_line(expectation, work, rows, mine):
                    lines.append(line)
    columns = ["work", "ours against", "in flight", "times", "lowest to highest", "expected"]
    return Table("ratios, each engine at its best number of rows", columns, lines)


def _ratio_line(
    expected: Expectation, work: str, rows: int | None, mine: list[Measurement]
) -> Cells | None:
    ours, peer = _rates(mine, expected.ours), _rates(mine, expected.peer)
    found = [ours[number] / peer[number] for number in ours.keys() & peer.keys()]
    if not found:
        return None
    return [
        work,
        " or ".join(expected.peer),
        str(rows or "best"),
        f"{median(found):.2f}",
        f"{min(found):.2f} to {max(found):.2f}",
        f"{expected.at_least:g}" if expected.at_least else "",
    ]
