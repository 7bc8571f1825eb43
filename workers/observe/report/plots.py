"""Which charts the page has, of one run and of several side by side.

Knows a run's figures and the kinds of charts; writes no HTML.  Invariant: a chart is there
only where the logs have something to show in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from workers.metrics.batch_figures import Drafts, length_bucket
from workers.observe.report import charts, tables
from workers.observe.report.charts import Bar, Chart, LineSeries, Note, TimeSpan
from workers.observe.report.figures import PHASES, RunFigures, Series
from workers.observe.report.tables import Table
from workers.observe.report.timeline import Bins
from workers.observe.status_lines import compact, stage_label

COLOURS = 10  # of the style sheet: c0 to c9
MOST_LINES = 8  # more workers than this are drawn as their lowest, mean and highest
BUCKETS = sorted({int(length_bucket(start << power)) for start in (1, 3) for power in range(31)})

Points = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Figure:
    """A titled chart, a line that says how to read it, and its figures as a table."""

    title: str
    chart: Chart
    note: str = ""
    table: Table | None = None


def figures_of(run: RunFigures) -> list[Figure]:
    """Every chart of a run that has something to show."""
    breaks = [Note(at, "stopped, resumed later", "break") for at in run.timeline.breaks]
    made = [
        _speed("Records per second, by stage", run, run.items, "records/s", breaks),
        _speed("Generated tokens per second, by stage", run, run.tokens, "tokens/s", breaks),
        _batch_size(run, breaks),
        _phases(run),
        _events(run, breaks),
        _acceptance(run),
        _memory(run, breaks),
        _available(run, breaks),
        _lengths(
            "Prompt length",
            (totals.prompt_lengths for totals in run.stages.values()),
            "requests by tokens of the prompt",
        ),
        _lengths(
            "Answer length",
            (totals.answer_lengths for totals in run.stages.values()),
            "requests by tokens of the answer",
        ),
    ]
    return [figure for figure in made if figure]


def together(runs: Sequence[RunFigures]) -> list[Figure]:
    """Charts with a line or a bar for each run."""
    longest = max(run.seconds for run in runs)
    names = distinct([run.name for run in runs])
    made = [
        _lines(title, lines, longest, unit)
        for title, unit, lines in (
            ("Records per second, all stages", "records/s", _sums(names, [r.items for r in runs])),
            ("Generated tokens per second", "tokens/s", _sums(names, [r.tokens for r in runs])),
        )
        if lines
    ]
    rows = {name: run.all_phases() for name, run in zip(names, runs, strict=True)}
    whole = max(sum(phases.values()) for phases in rows.values())
    chart = charts.stacked_bars(rows, _used(rows.values()), whole)
    return [*made, Figure("Worker time by phase", chart, "time of all workers, added up")]


def distinct(names: Sequence[str]) -> list[str]:
    """The names, numbered where one is there twice."""
    return [
        name if names.count(name) == 1 else f"{name} ({names[: place + 1].count(name)})"
        for place, name in enumerate(names)
    ]


def _lines(
    title: str,
    lines: Sequence[LineSeries],
    seconds: float,
    unit: str,
    notes: Sequence[Note] = (),
    note: str = "",
) -> Figure:
    chart = charts.line_chart(lines, seconds, unit, notes)
    series = {line.name: line.points for line in lines}
    return Figure(title, chart, note, tables.over_time(title, series, seconds, unit))


def _colour(number: int) -> str:
    return f"c{number % COLOURS}"


# Speed


def _speed(
    title: str, run: RunFigures, series: Series, unit: str, breaks: Sequence[Note]
) -> Figure | None:
    """A line for each stage, in a colour that the stage keeps on the page."""
    lines = [
        LineSeries(name, series[name].rates(), _colour(number))
        for number, name in enumerate(map(stage_label, run.stages))
        if name in series and any(series[name].amounts)
    ]
    return _lines(title, lines, run.seconds, unit, breaks) if lines else None


def _sums(names: Sequence[str], all_series: Sequence[Series]) -> list[LineSeries]:
    return [
        LineSeries(name, _sum(series.values()), _colour(number))
        for number, (name, series) in enumerate(zip(names, all_series, strict=True))
        if any(any(bins.amounts) for bins in series.values())
    ]


def _sum(series: Iterable[Bins]) -> Points:
    rates = [bins.rates() for bins in series]
    return [(points[0][0], sum(y for _, y in points)) for points in zip(*rates, strict=True)]


# Workers


def _by_worker(
    run: RunFigures, series: Series, suffix: str = "", dashed: bool = False
) -> list[LineSeries]:
    """A line for each worker, or for the lowest, mean and highest of many."""
    slots = list(run.phases)
    lines = [
        LineSeries(slot + suffix, series[slot].levels(), _colour(slots.index(slot)), dashed)
        for slot in slots
        if slot in series
    ]
    return lines if len(lines) <= MOST_LINES else list(_summary(lines, suffix, dashed))


def _summary(lines: Sequence[LineSeries], suffix: str, dashed: bool) -> Iterable[LineSeries]:
    levels: dict[float, list[float]] = {}
    for line in lines:
        for at, value in line.points:
            levels.setdefault(at, []).append(value)
    kinds: dict[str, Callable[[list[float]], float]] = {
        "lowest": min,
        "mean": fmean,
        "highest": max,
    }
    for number, (name, pick) in enumerate(kinds.items()):
        points = [(at, pick(values)) for at, values in sorted(levels.items())]
        yield LineSeries(name + suffix, points, _colour(number), dashed)


def _phases(run: RunFigures) -> Figure | None:
    if not run.phases:
        return None
    chart = charts.stacked_bars(run.phases, _used(run.phases.values()), run.seconds)
    note = "added up for each worker, not in the order of the run"
    return Figure("Time by phase", chart, note, tables.phases(run))


def _used(rows: Iterable[Mapping[str, float]]) -> dict[str, str]:
    """The phases that took any time, in a colour that each keeps on every page."""
    found = {name for phases in rows for name, seconds in phases.items() if seconds}
    known = {name: f"p{place}" for place, name in enumerate(PHASES) if name in found}
    return known | dict.fromkeys(sorted(found - set(PHASES)), "p-unknown")


def _events(run: RunFigures, breaks: Sequence[Note]) -> Figure | None:
    spans = [TimeSpan(life.slot, life.start, life.end, life.worker) for life in run.lives]
    notes = [Note(mark.at, mark.text, mark.kind, mark.slot) for mark in run.marks]
    if not spans and not notes:
        return None
    note = "a bar is the life of one worker process"
    return Figure("Workers and events", charts.lanes(spans, [*notes, *breaks], run.seconds), note)


def _batch_size(run: RunFigures, breaks: Sequence[Note]) -> Figure | None:
    lines = _by_worker(run, run.rows)
    if not lines:
        return None
    limits = _by_worker(run, run.limits, " limit", dashed=True)
    changes = [Note(m.at, m.text, m.kind) for m in run.marks if m.kind == "batch_size"]
    note = "sequences generated side by side"
    return _lines(
        "Batch size", [*lines, *limits], run.seconds, "sequences", [*breaks, *changes], note
    )


def _memory(run: RunFigures, breaks: Sequence[Note]) -> Figure | None:
    lines = [*_by_worker(run, run.rss), *_by_worker(run, run.mlx, " MLX arrays", dashed=True)]
    if not lines:
        return None
    note = "resident memory of each process; dashed: MLX's arrays"
    return _lines("Memory of the workers", lines, run.seconds, "MiB", breaks, note)


def _available(run: RunFigures, breaks: Sequence[Note]) -> Figure | None:
    lines = [LineSeries("available", bins.levels(), "c0") for bins in run.available.values()]
    if not lines:
        return None
    return _lines("Available memory of the machine", lines, run.seconds, "MiB", breaks)


# The model's work


def _acceptance(run: RunFigures) -> Figure | None:
    bars = [
        Bar(f"{stage_label(stage)}, {source}", drafts.acceptance or 0.0, _accepted(drafts))
        for stage, totals in run.stages.items()
        for source, drafts in sorted(totals.drafts.items())
    ]
    if not bars:
        return None
    note = "share of the drafted tokens that the model accepted, by stage and source of the draft"
    return Figure("Draft acceptance", charts.bar_chart(bars, full=1.0), note)


def _accepted(drafts: Drafts) -> str:
    return f"{drafts.acceptance or 0:.0%} of {compact(drafts.proposed)}"


def _lengths(title: str, counted: Iterable[Counter[str]], note: str) -> Figure | None:
    """Requests by length; the buckets between those that have any are shown too."""
    counts = sum(counted, Counter[str]())
    found = [place for place, low in enumerate(BUCKETS[:-1]) if counts[str(low)]]
    if not found:
        return None
    places = range(found[0], found[-1] + 1)
    bars = [_bucket(place, counts[str(BUCKETS[place])]) for place in places]
    return Figure(title, charts.bar_chart(bars), note)


def _bucket(place: int, count: int) -> Bar:
    low, after = BUCKETS[place : place + 2]
    return Bar(f"{low:,}\u2013{after - 1:,}", count, f"{count:,}")
