"""Figures of several runs side by side, as a table with ratios to the first run.

Knows runs' figures; draws nothing.  Invariant: a figure that is not known is "-", and has
no ratio.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from workers.core.terminal import duration, plain_text
from workers.metrics.batch_figures import per
from workers.metrics.sums import Sums
from workers.observe.report.cells import UNKNOWN, number_text
from workers.observe.report.figures import RunFigures
from workers.observe.report.tables import Table

_COMPARED: tuple[tuple[str, Callable[[RunFigures], float | None], str], ...] = (
    ("run time", lambda run: run.seconds, "s"),
    ("records, all stages", lambda run: run.sums.records, ""),
    ("records/s", lambda run: per(run.sums.records, run.seconds), ""),
    ("prompt tokens", lambda run: run.sums.prompt_tokens, ""),
    ("of them cached", lambda run: _cached(run.sums), "%"),
    ("generated tokens", lambda run: run.sums.generated_tokens, ""),
    ("generated tokens/s", lambda run: per(run.sums.generated_tokens, run.seconds), ""),
    ("mean batch size", lambda run: run.sums.mean_batch, ""),
    ("draft acceptance", lambda run: run.drafts.acceptance, "%"),
    ("dead letters", lambda run: run.sums.failed, ""),
    ("workers that died", lambda run: len(run.deaths), ""),
    ("peak memory of a worker, MiB", lambda run: run.totals.peak_rss_mb, ""),
)
_SETTINGS = ("model", "batch_size", "no_batching", "workers", "enable_speculative", "draft_model")


def comparison(runs: Sequence[RunFigures]) -> Table:
    """A row for each figure and for each setting that differs, a column for each run."""
    rows = []
    for label, read, unit in _COMPARED:
        values = [read(run) for run in runs]
        first, *others = (_cell(value, unit) for value in values)
        cells = [
            f"{text}{_ratio(v, values[0])}" for text, v in zip(others, values[1:], strict=True)
        ]
        rows.append([label, first, *cells])
    for name in _SETTINGS:
        found = [str(getattr(run.config, name)) for run in runs]
        if len(set(found)) > 1:
            rows.append([name.replace("_", " "), *(plain_text(text, 30) for text in found)])
    head = ("", *(run.name for run in runs))
    return Table("Comparison", head, rows, f"in brackets: ratio to {runs[0].name}")


def _cached(sums: Sums) -> float | None:
    """The share of the prompt tokens that were not computed again."""
    return per(sums.prefix_tokens, sums.prompt_tokens)


def _cell(value: float | None, unit: str) -> str:
    if value is None:
        return UNKNOWN
    if unit == "s":
        return duration(value)
    return f"{value:.0%}" if unit == "%" else number_text(value)


def _ratio(value: float | None, first: float | None) -> str:
    return f" ({value / first:.2f})" if value is not None and first else ""
