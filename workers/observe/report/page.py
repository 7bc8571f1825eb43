"""The report as one HTML page that needs nothing else: no network, no scripts, no fonts.

Puts facts, tables and charts into the template; text is escaped by Jinja2, or by what drew
the chart.  Invariant: a page is published whole.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from workers.core.errors import UsageError
from workers.core.files import publish
from workers.core.terminal import duration, plain_text
from workers.observe.report.comparison import comparison
from workers.observe.report.figures import RunFigures
from workers.observe.report.plots import Figure, figures_of, together
from workers.observe.report.tables import HeadlineMetric, Table, facts_of, tables_of

LONGEST_TEXT = 300


@dataclass(frozen=True)
class Section:
    """One run on the page."""

    name: str
    line: str
    facts: Sequence[HeadlineMetric]
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
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["plain"] = _plain
    return environment.get_template("page.html.jinja").render(
        title=" and ".join(run.name for run in runs),
        made=time.strftime("%Y-%m-%d %H:%M"),
        compared=comparison(runs) if len(runs) > 1 else None,
        together=together(runs) if len(runs) > 1 else [],
        sections=[_section(run) for run in runs],
    )


def _plain(text: object) -> Markup:
    """Printable and escaped; lines may break after an underscore or a stroke."""
    safe = escape(plain_text(text, LONGEST_TEXT))
    return safe.replace("_", Markup("_<wbr>")).replace("/", Markup("/<wbr>"))


def _section(run: RunFigures) -> Section:
    begun = time.strftime("%Y-%m-%d %H:%M", time.localtime(run.timeline.sessions[0].start))
    sessions = len(run.timeline.sessions)
    parts = [run.state, f"started {begun}", f"ran for {duration(run.seconds)}"]
    parts += [f"in {sessions} sessions"] if sessions > 1 else []
    parts += [f"model {run.config.model}"] if not run.config.disable_llm else []
    figures = figures_of(run)
    below = [figure.table for figure in figures]
    tables = [table for table in tables_of(run) if table not in below]
    return Section(run.name, ", ".join(parts), facts_of(run), figures, tables)
