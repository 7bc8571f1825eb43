"""What was expected of the engine with a model, and whether it was met: one table of a whole run.

Knows measurements and pipeline runs only.  Invariant: a ratio is taken within rounds; the
median of the rounds is held against what was expected of this model, and shown with the lowest and
highest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from benchmarks import pipeline, plan
from benchmarks.measure import Measurement
from benchmarks.pipeline import PipelineRun
from benchmarks.tables import Cells, TextTable, rates
from workers.models.gemma3_270m import NAME as GEMMA
from workers.settings.config import DEFAULT_MODEL


@dataclass(frozen=True)
class Expectation:
    """Ours should be at least so many times as fast as a peer, each at its best number of rows.

    `ours` and `peer` list names of engines; of several, or of several rows, the fastest
    counts.  `rows` holds both to the same number of rows, each one apart.  Without `at_least`
    the ratio is only shown.
    """

    works: tuple[str, ...]
    ours: tuple[str, ...]
    peer: str
    at_least: float | None = None
    rows: tuple[int, ...] = ()


_BEST_OF_OURS = (plan.OURS, plan.OURS_POOL)
_DECISIONS = ("relevance", "domains")
_SOURCES = tuple(f"ours, drafts from {source} only" for source in plan.SOURCES)
_PIPELINE = 8
_OF_THE_DEFAULT_MODEL = (
    Expectation(_DECISIONS, _BEST_OF_OURS, plan.ONE_BY_ONE, 5),
    Expectation(_DECISIONS, _BEST_OF_OURS, plan.LLAMA, 1.5),
    Expectation(("schema",), _BEST_OF_OURS, plan.ONE_BY_ONE, 5),
    Expectation(("schema",), _BEST_OF_OURS, plan.BATCH, 1.3),
    Expectation(("schema",), (plan.OURS,), plan.NO_SPECULATION, 1.5, (1, 4)),
    Expectation(("schema",), (plan.OURS,), plan.NO_SPECULATION, 0.97, (8, 16, 64)),
    Expectation(("long",), (plan.OURS,), plan.NO_SPECULATION, 0.97, (1, 4, 8, 16, 64)),
    *(
        Expectation(("schema",), (name,), plan.NO_SPECULATION, 0.97, (1, 4))
        for name in (*_SOURCES, plan.BY_MODEL)
    ),
    Expectation(_DECISIONS, _BEST_OF_OURS, f"{plan.ONE_BY_ONE}, label long"),
    Expectation(_DECISIONS, _BEST_OF_OURS, plan.BATCH),
    Expectation(("schema", "long"), _BEST_OF_OURS, plan.LLAMA),
    Expectation(("long",), _BEST_OF_OURS, plan.ONE_BY_ONE),
    Expectation(("long",), _BEST_OF_OURS, plan.BATCH),
)


# Of Gemma 3 270M only this was asked, for answers under a schema.
_OF_GEMMA = {plan.ONE_BY_ONE: 10.0, plan.BATCH: 2.5}


def expectations(model: str) -> tuple[Expectation, ...]:
    """What was expected with this model, and ratios that are shown all the same."""
    if model == DEFAULT_MODEL:
        return _OF_THE_DEFAULT_MODEL
    asked = _OF_GEMMA if Path(model).name == GEMMA else {}
    return tuple(
        replace(one, at_least=asked.get(one.peer) if one.works == ("schema",) else None)
        for one in _OF_THE_DEFAULT_MODEL
    )


def table(
    measurements: Sequence[Measurement],
    runs: Sequence[PipelineRun] = (),
    model: str = DEFAULT_MODEL,
) -> TextTable:
    """Every expectation of this model that was measured, against what came out."""
    expected = expectations(model)
    lines = [line for one in expected for line in _lines(one, measurements)]
    if times := pipeline.factors(runs):
        records = max(run.records for run in runs)
        work = f"four stages, {records} records, full pool"
        least = _PIPELINE if model == DEFAULT_MODEL else None
        lines.append(_line(work, "one by one, --no-batching", times, least))
    columns = ["work", "against", "at least", "measured", "lowest to highest", "rounds", "met"]
    return TextTable("expected and measured, times as fast", columns, lines)


def _lines(expected: Expectation, measurements: Sequence[Measurement]) -> Iterator[Cells]:
    for work in expected.works:
        for rows in expected.rows or (None,):
            mine = [m for m in measurements if m.work == work and rows in (None, m.rows)]
            ours, peer = rates(mine, expected.ours), rates(mine, (expected.peer,))
            if found := [ours[number] / peer[number] for number in ours.keys() & peer.keys()]:
                name = _name(work, rows, expected.ours)
                yield _line(name, expected.peer, found, expected.at_least)


def _name(work: str, rows: int | None, ours: Iterable[str]) -> str:
    """The work, how many rows, and which of ours where that is not simply ours."""
    kind = [name.removeprefix("ours, ") for name in ours if name not in _BEST_OF_OURS]
    return ", ".join([work, f"{rows} in flight" if rows else "a full queue", *kind])


def _line(work: str, against: str, found: Sequence[float], at_least: float | None) -> Cells:
    middle = median(found)
    met = "" if at_least is None else "yes" if middle >= at_least else "no"
    spread = f"{min(found):.2f} to {max(found):.2f}"
    bound = "" if at_least is None else f"{at_least:g}"
    return [work, against, bound, f"{middle:.2f}", spread, str(len(found)), met]
