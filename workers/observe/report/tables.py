"""The report's tables of one run: heads and cells as text, for the terminal and for the page.

Knows a run's figures; draws nothing.  Invariant: a figure that is not known is "-".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median

from workers.core.terminal import duration, plain_text
from workers.metrics.reasons import Reasons
from workers.metrics.session_totals import StageTotals
from workers.observe.report.cells import UNKNOWN, figure, number_text, rate, seconds_text, share
from workers.observe.report.figures import NO_WORKER, RunFigures
from workers.observe.report.machines import machines
from workers.observe.report.pairs import WRITERS
from workers.observe.report.table import Table as Table
from workers.observe.status_lines import compact, stage_label

IDLE = ("load", "wait", NO_WORKER)
MOMENTS = 12  # rows of a table over time
_MOST_REASONS = 20
_MOST_EVENTS = 50


@dataclass(frozen=True)
class HeadlineMetric:
    """A run's figure for the top of the page, and what it is."""

    value: str
    label: str


def facts_of(run: RunFigures) -> list[HeadlineMetric]:
    """What one wants to know first; nothing of the model where it generated nothing."""
    counts = list(run.records.values())
    facts = [
        HeadlineMetric(compact(counts[0].entered) if counts else UNKNOWN, "records in"),
        HeadlineMetric(compact(counts[-1].results) if counts else UNKNOWN, "results"),
        HeadlineMetric(compact(sum(count.removed for count in counts)), "removed"),
        HeadlineMetric(compact(sum(count.failed for count in counts)), "dead letters"),
        HeadlineMetric(duration(run.seconds), "run time"),
    ]
    if generated := run.sums.generated_tokens:
        facts.append(HeadlineMetric(rate(generated, run.seconds), "generated tokens/s"))
    if drafted := run.drafts.proposed:
        facts.append(
            HeadlineMetric(share(run.drafts.accepted, drafted), "of drafted tokens accepted")
        )
    return [*facts, HeadlineMetric(_working(run.all_phases()), "of worker time was work")]


def _working(phases: Mapping[str, float]) -> str:
    spent = sum(phases.values())
    return share(spent - sum(phases.get(name, 0.0) for name in IDLE), spent)


def tables_of(run: RunFigures) -> list[Table]:
    """Every table of a run that has rows."""
    made = (
        outcomes(run),
        kept_pairs(run),
        left_out_pairs(run),
        decisions(run),
        model_work(run),
        drafting(run),
        phases(run),
        own_stages(run),
        machines(run),
        reasons(run, "Dead letters by reason", lambda totals: totals.errors),
        reasons(run, "Removed records by reason", lambda totals: totals.reasons),
        events(run),
    )
    return [table for table in made if table.rows]


def outcomes(run: RunFigures) -> Table:
    """How many records each stage had, how they ended, how fast, how long they waited."""
    rows = []
    for name, counts in run.records.items():
        sums = run.stages[name].sums
        ends = [compact(count) for count in counts.to_json().values()]
        speed = rate(sums.records, run.seconds)
        wait = seconds_text(sums.mean_wait_s)
        rows.append([stage_label(name), *ends, speed, wait])
    head = ("stage", "in", "results", "removed", "failed", "records/s", "queued")
    note = "records/s: mean over the whole run; queued: mean time a chunk waited for a worker"
    if run.damaged.count:
        note += f"; {run.damaged.count} damaged log lines skipped, the first: {run.damaged.first}"
    return Table("Records", head, rows, note)


def kept_pairs(run: RunFigures) -> Table:
    """The finished pairs by type: who wrote them, how much of them is their source's."""
    rows = [
        [
            name,
            compact(one.pairs),
            *(compact(one.writers[writer]) for writer in WRITERS),
            share(one.grounded, one.measured),
            share(one.verbatim, one.measured),
            compact(one.flagged),
        ]
        for name, one in run.pairs.kept.items()
    ]
    head = ("type", "pairs", *WRITERS, "grounded", "verbatim", "flagged")
    note = (
        f"{', '.join(WRITERS)}: who wrote the answer; grounded: words that stand in the source; "
        "verbatim: words in whole phrases of the source; means over the pairs; flagged: to be "
        "reviewed; a type without shares is made by templates"
    )
    note = "; ".join([note, *(plain_text(told, 120) for told in run.pairs.told)])
    return Table("Pairs", head, rows, note)


def left_out_pairs(run: RunFigures) -> Table:
    """Why pairs that were made were not kept, the commonest reasons first."""
    found = sorted(run.pairs.left_out.items(), key=lambda item: (-item[1], item[0]))
    made = sum(one.pairs for one in run.pairs.kept.values()) + run.pairs.left_out.total()
    rows = [
        [stage_label(stage), compact(count), share(count, made), plain_text(reason, 120)]
        for (stage, reason), count in found[:_MOST_REASONS]
    ]
    note = "share: of all pairs that were made; with their figures in results/removed.jsonl"
    head = ("stage", "pairs", "share", "reason")
    return Table("Pairs that were not kept, by reason", head, rows, note, words=True)


def decisions(run: RunFigures) -> Table:
    """What reviewers decided, how long they looked, and how long the pairs had waited."""
    found = sorted(run.reviews.decisions.items(), key=lambda item: (-item[1].pairs, item[0]))
    rows = [
        [
            plain_text(name, 80),
            compact(one.pairs),
            share(one.pairs, run.reviews.pairs),
            seconds_text(median(one.looked) if one.looked else None),
            seconds_text(fmean(one.waited)),
        ]
        for name, one in found[:_MOST_REASONS]
    ]
    note = (
        f"looked: median time from a pair's showing to its decision, "
        f"{duration(run.reviews.seconds)} in all; waited: mean time from the stage before to the "
        "decision"
    )
    return Table("Review", ("decision", "pairs", "share", "looked", "waited"), rows, note)


def model_work(run: RunFigures) -> Table:
    """What the model read and generated for each stage."""
    rows = []
    for name, totals in run.stages.items():
        sums = totals.sums
        if not sums.batches:
            continue
        output = sums.generated_tokens
        cells = [
            stage_label(name),
            compact(sums.requests),
            compact(sums.prompt_tokens),
            share(sums.prefix_tokens, sums.prompt_tokens),
            compact(output),
            share(sums.forced_tokens, output),
            number_text(sums.tokens_per_s) if output else UNKNOWN,
            number_text(sums.mean_batch),
            seconds_text(sums.mean_first_token_s),
        ]
        rows.append(cells)
    head = ("stage", "calls", "prompt", "cached", "output", "forced", "tok/s", "batch", "TTFT")
    note = (
        "prompt, output: tokens; cached: share of the prompt tokens taken from the prefix cache; "
        "forced: share of the output that the grammar left no choice for; tok/s: output while "
        "the model worked for the stage; batch: mean size; TTFT: mean time to first token"
    )
    return Table("Model", head, rows, note)


def drafting(run: RunFigures) -> Table:
    """Drafted tokens by stage and source."""
    rows = [
        [
            stage_label(name),
            source,
            compact(drafts.drafts),
            compact(drafts.proposed),
            compact(drafts.accepted),
            share(drafts.accepted, drafts.proposed),
            number_text(drafts.mean_length),
        ]
        for name, totals in run.stages.items()
        for source, drafts in sorted(totals.drafts.items())
    ]
    head = ("stage", "source", "drafts", "proposed", "accepted", "rate", "length")
    note = (
        "proposed, accepted: tokens; rate: accepted share of the proposed; "
        "length: accepted tokens per draft"
    )
    return Table("Speculative decoding", head, rows, note)


def phases(run: RunFigures) -> Table:
    """Where the time went, over all workers."""
    found = run.all_phases()
    whole = sum(found.values())
    rows = [[name, duration(spent), share(spent, whole)] for name, spent in found.items()]
    if rows:
        rows.append(["all", duration(whole), "100%"])
    note = (
        f"{_workers(len(run.phases))} x {duration(run.seconds)} of the run; choose: decisions; "
        "grammar: sampling under the grammar; other: the stages' own work and the rest; "
        f"{NO_WORKER}: before a start, after a death, and what a killed worker could not log"
    )
    return Table("Time by phase", ("phase", "time", "share"), rows, note)


def _workers(count: int) -> str:
    return "1 worker" if count == 1 else f"{count} workers"


def own_stages(run: RunFigures) -> Table:
    """Blocks measured in a user's own stages."""
    rows = [
        [
            stage_label(name),
            compact(sums.work_blocks),
            compact(int(sums.work_items)),
            seconds_text(sums.work_seconds),
            number_text(sums.work_items_per_s),
        ]
        for name, sums in ((name, totals.sums) for name, totals in run.stages.items())
        if sums.work_blocks
    ]
    return Table(
        "Blocks measured in custom stages", ("stage", "blocks", "items", "time", "items/s"), rows
    )


def reasons(run: RunFigures, title: str, read: Callable[[StageTotals], Reasons]) -> Table:
    """Why records failed or were removed, the commonest kinds first, each by an example."""
    found = [
        (count, stage_label(name), example)
        for name, totals in run.stages.items()
        for example, count in read(totals).most_common().items()
    ]
    rows = [
        [name, compact(count), plain_text(example, 120)]
        for count, name, example in sorted(found, key=lambda row: (-row[0], row[1:]))
    ]
    note = "one example of each reason; reasons that differ only in numbers or quotes are one"
    if len(rows) > _MOST_REASONS:
        note += f"; the {_MOST_REASONS} most frequent of {len(rows)}"
    return Table(title, ("stage", "records", "reason"), rows[:_MOST_REASONS], note, words=True)


def events(run: RunFigures) -> Table:
    """Deaths, pauses and changed batch sizes."""
    rows = [
        [duration(mark.at), mark.slot, plain_text(mark.text, 160)]
        for mark in run.marks
        if mark.kind != "dead_letters"
    ]
    note = f"the first {_MOST_EVENTS} of {len(rows)}" if len(rows) > _MOST_EVENTS else ""
    return Table("Events", ("time", "where", "what"), rows[:_MOST_EVENTS], note, words=True)


def over_time(
    title: str, series: Mapping[str, Sequence[tuple[float, float]]], seconds: float, unit: str
) -> Table:
    """The means of each series in each twelfth of the run."""
    width = seconds / MOMENTS or 1.0
    rows = []
    for number in range(MOMENTS):
        cells = [
            _mean([value for at, value in points if number <= at / width < number + 1])
            for points in series.values()
        ]
        if any(cell != UNKNOWN for cell in cells):
            rows.append([duration(number * width), *cells])
    return Table(title, ("from", *series), rows, f"{unit}, mean of each twelfth of the run")


def _mean(values: Sequence[float]) -> str:
    return figure(fmean(values)) if values else UNKNOWN
