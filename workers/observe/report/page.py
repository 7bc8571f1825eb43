"""The report as one HTML page that needs nothing else: no network, no scripts, no fonts.

Puts figures, tables and charts into the template; all text is escaped by Jinja2 or by the
charts.  Invariant: a page is published whole.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from workers.core.errors import UsageError
from workers.core.files import publish
from workers.core.terminal import duration, plain_text
from workers.metrics.batch_figures import Drafts
from workers.observe.report import charts
from workers.observe.report.charts import Note
from workers.observe.report.figures import PHASES, RunFigures, Series
from workers.observe.report.tables import Table, comparison, tables_of
from workers.observe.status_lines import compact, short_name


@dataclass(frozen=True)
class Figure:
    """A titled chart and a line that says how to read it."""

    title: str
    chart: Markup
    note: str = ""


@dataclass(frozen=True)
class Section:
    """One run on the page."""

    name: str
    line: str
    figures: Sequence[Figure]
    tables: Sequence[Table]


def write_page(runs: Sequence[RunFigures], path: Path) -> None:
    """Write the report of these runs; raises UsageError for a place it can't go to."""
    if not path.parent.is_dir() or (path.exists() and not path.is_file()):
        raise UsageError(f"--html {path}: not a file in a folder that exists")
    publish(path, [render(runs).encode("utf-8", "backslashreplace")])


def render(runs: Sequence[RunFigures]) -> str:
    """The page's HTML."""
    environment = Environment(
        loader=PackageLoader("workers.observe.report", "."),
        autoescape=True,
        undefined=StrictUndefined,
    )
    environment.filters["plain"] = lambda text: plain_text(text, 300)
    return environment.get_template("page.html.jinja").render(
        title=" and ".join(run.name for run in runs),
        made=time.strftime("%Y-%m-%d %H:%M"),
        compared=comparison(runs) if len(runs) > 1 else None,
        together=together(runs) if len(runs) > 1 else [],
        sections=[section(run) for run in runs],
    )


def section(run: RunFigures) -> Section:
    """One run: its figures and tables."""
    begun = time.strftime("%Y-%m-%d %H:%M", time.localtime(run.timeline.sessions[0].start))
    sessions = len(run.timeline.sessions)
    parts = [run.state, f"started {begun}", f"worked for {duration(run.seconds)}"]
    parts += [f"in {sessions} sessions"] if sessions > 1 else []
    parts += [f"model {run.settings.get('model')}"] if not run.settings.get("disable_llm") else []
    return Section(run.name, ", ".join(parts), list(figures_of(run)), tables_of(run))


def together(runs: Sequence[RunFigures]) -> list[Figure]:
    """Charts with a line or a bar for each run."""
    longest = max(run.seconds for run in runs)
    speed = {run.name: _total(run.items) for run in runs}
    written = {run.name: _total(run.tokens) for run in runs if run.tokens}
    made = [Figure("Records a second, all stages", charts.line_chart(speed, longest, "records/s"))]
    if written:
        chart = charts.line_chart(written, longest, "tokens/s")
        made.append(Figure("Tokens written a second", chart))
    by_run = {run.name: run.all_phases() for run in runs}
    whole = max(sum(phases.values()) for phases in by_run.values())
    chart = charts.stacked_bars(by_run, _used(by_run.values()), whole)
    note = "worker time: seconds of all workers together"
    return [*made, Figure("Time by phase", chart, note)]


def _total(series: Series) -> list[tuple[float, float]]:
    rates = [bins.rates() for bins in series.values()]
    return [(points[0][0], sum(y for _, y in points)) for points in zip(*rates, strict=True)]


def figures_of(run: RunFigures) -> list[Figure]:
    """Every chart of a run that has something to show."""
    breaks = [Note(at, "stopped, later resumed", "break") for at in run.timeline.breaks]
    made = [
        _speed("Records a second, by stage", run, run.items, "records/s", breaks),
        _speed("Tokens written a second, by stage", run, run.tokens, "tokens/s", breaks),
        _phase_figure(run),
        _batch_figure(run, breaks),
        _memory_figure(run, breaks),
        _level("Free memory of the machine", run, run.available, "MB", breaks),
        _acceptance_figure(run),
        *_length_figures(run),
        _event_figure(run),
    ]
    return [figure for figure in made if figure]


def _speed(
    title: str, run: RunFigures, series: Series, unit: str, notes: list[Note]
) -> Figure | None:
    if not any(sum(bins.amounts) for bins in series.values()):
        return None
    order = [short_name(stage) for stage in run.stages]
    lines = {name: series[name].rates() for name in order if name in series}
    return Figure(title, charts.line_chart(lines, run.seconds, unit, notes))


def _level(
    title: str, run: RunFigures, series: Series, unit: str, notes: list[Note]
) -> Figure | None:
    if not series:
        return None
    lines = {name: bins.levels() for name, bins in sorted(series.items())}
    return Figure(title, charts.line_chart(lines, run.seconds, unit, notes))


def _batch_figure(run: RunFigures, breaks: list[Note]) -> Figure | None:
    if not run.rows:
        return None
    lines = {f"{slot}: rows": bins.levels() for slot, bins in sorted(run.rows.items())}
    limits = {f"{slot}: most allowed": b.levels() for slot, b in sorted(run.limits.items())}
    changes = [Note(m.at, m.text, "batch_size") for m in run.marks if m.kind == "batch_size"]
    chart = charts.line_chart(
        lines | limits, run.seconds, "rows", [*breaks, *changes], frozenset(limits)
    )
    return Figure("Batch size", chart, "sequences side by side; a mark is a changed limit")


def _memory_figure(run: RunFigures, breaks: list[Note]) -> Figure | None:
    lines = {f"{slot}: process": bins.levels() for slot, bins in sorted(run.rss.items())}
    lines |= {f"{slot}: MLX arrays": bins.levels() for slot, bins in sorted(run.mlx.items())}
    if not lines:
        return None
    return Figure("Memory of the workers", charts.line_chart(lines, run.seconds, "MB", breaks))


def _acceptance_figure(run: RunFigures) -> Figure | None:
    bars = [
        (f"{short_name(stage)}, {source}", drafts.acceptance or 0.0, _accepted(drafts))
        for stage, totals in run.stages.items()
        for source, drafts in sorted(totals.drafts.items())
    ]
    if not bars:
        return None
    note = "accepted of the drafted tokens, by stage and source of the drafts"
    return Figure("Acceptance of drafts", charts.bar_chart(bars, share=True), note)


def _accepted(drafts: Drafts) -> str:
    return f"{drafts.acceptance or 0:.0%} of {compact(drafts.proposed)}"


def _length_figures(run: RunFigures) -> list[Figure]:
    made = []
    stages = run.stages.values()
    prompts = sum((totals.prompt_lengths for totals in stages), Counter[str]())
    answers = sum((totals.answer_lengths for totals in stages), Counter[str]())
    for title, counts in (("Prompts", prompts), ("Answers", answers)):
        if counts:
            chart = charts.histogram(counts, "tokens")
            made.append(Figure(f"{title} by length", chart, "requests by length in tokens"))
    return made


def _phase_figure(run: RunFigures) -> Figure | None:
    if not run.phases:
        return None
    chart = charts.stacked_bars(run.phases, _used(run.phases.values()), run.seconds)
    return Figure("Time by phase", chart, "each bar is one worker over the run's time")


def _used(rows: Iterable[Mapping[str, float]]) -> dict[str, int]:
    """The phases that took any time, in a colour that each keeps on every page."""
    found = {name for phases in rows for name, seconds in phases.items() if seconds}
    order = [*PHASES, *sorted(found - set(PHASES))]
    return {name: colour for colour, name in enumerate(order) if name in found}


def _event_figure(run: RunFigures) -> Figure | None:
    lives = [(life.slot, life.start, life.end, life.worker) for life in run.lives]
    notes = [(mark.slot, Note(mark.at, mark.text, mark.kind)) for mark in run.marks]
    if not lives and not notes:
        return None
    note = "a bar is a worker's life; red: it died; orange: dead letters; blue: a new batch size"
    chart = charts.lanes(lives, notes, run.seconds)
    return Figure("Workers, deaths and errors", chart, note)
