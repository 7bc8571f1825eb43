"""The report's tables: heads and cells as text, for the terminal and for the page.

Knows a run's figures; draws nothing.  Invariant: a figure that is not known is "-".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from workers.core.terminal import duration, plain_text
from workers.metrics.batch_figures import per
from workers.metrics.reasons import Reasons
from workers.metrics.session_totals import StageTotals
from workers.observe.report.figures import NO_WORKER, RunFigures
from workers.observe.status_lines import compact, short_name

UNKNOWN = "-"


@dataclass(frozen=True)
class Table:
    """A title, the columns' heads, rows of as many cells, and a line of explanation."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""


def tables_of(run: RunFigures) -> list[Table]:
    """Every table of a run that has rows."""
    made = (
        outcomes(run),
        model_work(run),
        drafting(run),
        phases(run),
        own_stages(run),
        reasons(run, "Dead letters by reason", lambda totals: totals.errors),
        reasons(run, "Removed by reason", lambda totals: totals.reasons),
        events(run),
    )
    return [table for table in made if table.rows]


def outcomes(run: RunFigures) -> Table:
    """How many records each stage had, how they ended, how fast, how long they waited."""
    rows = []
    for name, counts in run.records.items():
        totals = run.stages[name]
        ends = [compact(count) for count in counts.to_json().values()]
        speed = rate(totals.sum("records"), run.seconds)
        wait = seconds_text(totals.rate("waited_seconds", "chunks"))
        rows.append([short_name(name), *ends, speed, wait])
    head = ("stage", "in", "results", "removed", "failed", "items/s", "queued")
    note = "items/s over the run's time; queued: mean wait of a chunk for a worker"
    if run.damaged.count:
        note += f"; {run.damaged.count} damaged log lines skipped, the first: {run.damaged.first}"
    return Table("Records", head, rows, note)


def model_work(run: RunFigures) -> Table:
    """What the model read and wrote for each stage."""
    rows = []
    for name, totals in run.stages.items():
        if not totals.sum("batches"):
            continue
        read, reused = totals.sum("prompt_tokens"), totals.sum("prefix_tokens")
        written, forced = totals.sum("generated_tokens"), totals.sum("forced_tokens")
        cells = [
            short_name(name),
            compact(totals.sum("requests")),
            compact(read),
            share(reused, read),
            compact(written),
            share(forced, written),
            number_text(totals.rate("generated_tokens", "batch_seconds")) if written else UNKNOWN,
            number_text(totals.rate("rows", "batches")),
            seconds_text(totals.rate("first_token_seconds", "first_tokens")),
        ]
        rows.append(cells)
    head = ("stage", "asked", "read", "reused", "wrote", "forced", "tok/s", "rows", "first")
    note = (
        "tokens; reused: share of the prompt not recomputed; forced: share that the grammar left "
        "no choice for; rows: mean side by side; first: mean wait for the first token"
    )
    return Table("The model's work", head, rows, note)


def drafting(run: RunFigures) -> Table:
    """Drafted tokens by stage and source."""
    rows = [
        [
            short_name(name),
            source,
            compact(drafts.drafts),
            compact(drafts.proposed),
            compact(drafts.accepted),
            share(drafts.accepted, drafts.proposed),
            number_text(per(drafts.accepted, drafts.drafts)),
        ]
        for name, totals in run.stages.items()
        for source, drafts in sorted(totals.drafts.items())
    ]
    head = ("stage", "source", "drafts", "proposed", "accepted", "rate", "length")
    note = "each accepted token saved a model pass of its row; length: accepted tokens per draft"
    return Table("Speculative decoding", head, rows, note)


def phases(run: RunFigures) -> Table:
    """Where the time went, over all workers."""
    found = run.all_phases()
    whole = sum(found.values())
    rows = [[name, duration(spent), share(spent, whole)] for name, spent in found.items()]
    if rows:
        rows.append(["all", duration(whole), "100%"])
    slots = len(run.phases)
    note = (
        f"{slots} x {duration(run.seconds)} of the run; grammar: picking tokens, with the grammar; "
        f"other: the stages' own work and the rest; "
        f"{NO_WORKER}: before a start, after a death, and what a killed worker could not log"
    )
    return Table("Time by phase", ("phase", "time", "share"), rows, note)


def own_stages(run: RunFigures) -> Table:
    """Blocks measured in a user's own stages."""
    rows = [
        [
            short_name(name),
            compact(totals.sum("work_blocks")),
            compact(int(totals.sum("work_items"))),
            seconds_text(totals.sum("work_seconds")),
            number_text(totals.rate("work_items", "work_seconds")),
        ]
        for name, totals in run.stages.items()
        if totals.sum("work_blocks")
    ]
    return Table("Your own stages", ("stage", "blocks", "items", "time", "items/s"), rows)


def reasons(run: RunFigures, title: str, read: Callable[[StageTotals], Reasons]) -> Table:
    """Why records failed or were removed, the commonest kinds first, each by an example."""
    found = [
        (count, short_name(name), example)
        for name, totals in run.stages.items()
        for example, count in read(totals).most_common().items()
    ]
    rows = [
        [name, compact(count), plain_text(example, 120)]
        for count, name, example in sorted(found, key=lambda row: (-row[0], row[1:]))
    ]
    note = "one example of each reason; reasons that differ only in numbers or quotes are one"
    return Table(title, ("stage", "records", "reason"), rows[:20], note)


def events(run: RunFigures) -> Table:
    """Deaths, pauses and changed batch sizes."""
    rows = [
        [duration(mark.at), mark.slot, plain_text(mark.text, 160)]
        for mark in run.marks
        if mark.kind != "failed"
    ]
    return Table("What happened", ("at", "where", "what"), rows[:50])


# Runs side by side

_COMPARED: tuple[tuple[str, Callable[[RunFigures], float | None], str], ...] = (
    ("time", lambda run: run.seconds, "s"),
    ("records through a stage", lambda run: run.finished_records, ""),
    ("records/s", lambda run: per(run.finished_records, run.seconds), ""),
    ("tokens read", lambda run: run.sum("prompt_tokens"), ""),
    ("of them reused", lambda run: per(run.sum("prefix_tokens"), run.sum("prompt_tokens")), "%"),
    ("tokens written", lambda run: run.sum("generated_tokens"), ""),
    ("written tokens/s", lambda run: per(run.sum("generated_tokens"), run.seconds), ""),
    ("mean rows", lambda run: per(run.sum("rows"), run.sum("batches")), ""),
    ("drafts accepted", lambda run: _acceptance(run.stages.values()), "%"),
    ("dead letters", lambda run: run.sum("failed"), ""),
    ("workers that died", lambda run: len(run.deaths), ""),
    ("peak memory of a worker, MB", lambda run: run.totals.peak_rss_mb, ""),
)
_SETTINGS = ("model", "batch_size", "no_batching", "workers", "enable_speculative", "draft_model")


def comparison(runs: Sequence[RunFigures]) -> Table:
    """Figures of several runs side by side, each with its ratio to the first run's."""
    rows = []
    for label, read, unit in _COMPARED:
        values = [read(run) for run in runs]
        first, *others = (_compared(value, unit) for value in values)
        cells = [
            f"{text}{_ratio(v, values[0])}" for text, v in zip(others, values[1:], strict=True)
        ]
        rows.append([label, first, *cells])
    for name in _SETTINGS:
        found = [str(run.settings.get(name, UNKNOWN)) for run in runs]
        if len(set(found)) > 1:
            rows.append([name.replace("_", " "), *(plain_text(text, 30) for text in found)])
    head = ("", *(run.name for run in runs))
    return Table("Compared", head, rows, f"in brackets: times the figure of {runs[0].name}")


def _acceptance(stages: Iterable[StageTotals]) -> float | None:
    drafts = [totals.all_drafts for totals in stages]
    return per(sum(d.accepted for d in drafts), sum(d.proposed for d in drafts))


def _compared(value: float | None, unit: str) -> str:
    if value is None:
        return UNKNOWN
    if unit == "s":
        return duration(value)
    return f"{value:.0%}" if unit == "%" else number_text(value)


def _ratio(value: float | None, first: float | None) -> str:
    return f" ({value / first:.2f})" if value is not None and first else ""


# Cells


def number_text(value: float | None) -> str:
    if value is None:
        return UNKNOWN
    return compact(int(value)) if value == int(value) else f"{value:.{1 if value >= 10 else 2}f}"


def rate(amount: float, seconds: float) -> str:
    return number_text(per(amount, seconds)) if amount else UNKNOWN


def share(part: float, whole: float) -> str:
    return f"{part / whole:.0%}" if whole and part else UNKNOWN


def seconds_text(value: float | None) -> str:
    if not value:
        return UNKNOWN
    return f"{value:.2g}s" if value < 10 else duration(value)
