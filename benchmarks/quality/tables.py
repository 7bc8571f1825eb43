"""What a run of the stages gave, as tables: yield, gates, shares, duplicates.

Knows a `Run` and judged pairs; measures nothing anew but what the gates measure.  Add a table
by adding a function to TABLES.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from statistics import median

import orjson

from benchmarks.quality.run import Run, StageRun, reasons
from benchmarks.quality.samples import SampleRecord
from benchmarks.tables import TextTable
from stages.base import Record, Removed, Result
from stages.gates.gates import Pair, judge
from stages.gates.measures import SourceText
from stages.gates.quality import passed_checks
from stages.recipe.recipe import Recipe

STRUCTURER = "3_data_structurer"
FILTER = "2_data_filter"


def _of(run: Run, name: str) -> StageRun | None:
    return next((stage for stage in run.stages if stage.name == name), None)


def _groups(samples: Iterable[SampleRecord]) -> list[str]:
    return list(dict.fromkeys(sample.group for sample in samples))


def stage_table(run: Run) -> TextTable:
    """What went into each stage and what came out of it."""
    rows = []
    for stage in run.stages:
        kinds = Counter(_kind(one.outcome) for one in stage.endings)
        out = sum(len(one.kept) for one in stage.endings)
        left = sum(len(one.left_out) for one in stage.endings)
        counts = [len(stage.endings), kinds["result"], kinds["removed"], kinds["failed"], out, left]
        rows.append([stage.name, *map(str, counts), f"{stage.seconds:.1f}"])
    columns = ["stage", "in", "results", "removed", "failed", "records out", "left out", "seconds"]
    return TextTable("stages", columns, rows)


def _kind(outcome: object) -> str:
    if isinstance(outcome, Result):
        return "result"
    return "removed" if isinstance(outcome, Removed) else "failed"


def yield_table(run: Run) -> TextTable:
    """By group: records that the filter kept, those with a pair, and pairs of each."""
    entered = run.stages[0].endings
    structured = _of(run, STRUCTURER)
    kept = structured.endings if structured else []
    rows = []
    for group in _groups(one.sample for one in entered):
        before = sum(one.sample.group == group for one in entered)
        mine = [one for one in kept if one.sample.group == group]
        some = sum(bool(one.kept) for one in mine)
        pairs = sum(sample.group == group for sample, _ in run.pairs)
        share = f"{some / len(mine):.0%}" if mine else ""
        each = f"{pairs / some:.2f}" if some else ""
        rows.append([group, str(before), str(len(mine)), str(some), share, str(pairs), each])
    columns = ["group", "records", "relevant", "with a pair", "share", "pairs", "pairs each"]
    return TextTable("yield", columns, rows)


def kind_table(run: Run) -> TextTable:
    """By stage and kind of record: what went in, what came out, and how many each gave."""
    rows = []
    for stage in run.stages:
        for kind in sorted({one.sample.kind for one in stage.endings}):
            mine = [one for one in stage.endings if one.sample.kind == kind]
            some = sum(bool(one.kept) for one in mine)
            out = sum(len(one.kept) for one in mine)
            share, each = f"{some / len(mine):.0%}", f"{out / some:.2f}" if some else ""
            rows.append([stage.name, kind, str(len(mine)), str(some), share, str(out), each])
    columns = ["stage", "kind", "in", "with a result", "share", "records out", "each"]
    return TextTable("yield by kind", columns, rows)


def pair_table(run: Run) -> TextTable:
    """By type of pair: how many, who wrote them, and how much of them is their source's."""
    types = sorted({str(pair.get("type")) for _, pair in run.pairs})
    rows = []
    for type_ in types:
        drawn = [(sample, pair) for sample, pair in run.pairs if pair.get("type") == type_]
        mine = [pair for _, pair in drawn]
        quality = [pair["quality"] for pair in mine if "quality" in pair]
        writers = Counter(one["written_by"] for one in quality)
        shares = [
            f"{median(one[name] for one in quality):.2f}" if quality else ""
            for name in ("grounded", "verbatim")
        ]
        bad = sum(not _passes(pair, sample.source, run.recipe) for sample, pair in drawn)
        written = [str(writers[by]) for by in ("record", "form", "model")]
        rows.append([type_, str(len(mine)), *written, *shares, str(bad)])
    columns = ["type", "pairs", "record", "form", "model", "grounded", "verbatim", "fail a gate"]
    return TextTable("pairs", columns, rows)


def _passes(pair: Record, whole: Record, recipe: Recipe) -> bool:
    """Whether a finished pair still passes the gates, after all stages; the record as it went in
    allows what an instruction calls it."""
    source = pair.get("source_data", {})
    text = source.get("text", "")
    held = passed_checks(pair.get("quality"), pair["instruction"], pair["response"], text)
    by_form = held and pair["quality"].get("written_by") == "form"
    stated = orjson.dumps(whole, default=str).decode()
    allowed = " ".join([str(source.get("id")), str(source.get("name")), stated])
    allowed = f"{allowed} {pair['response']}" if by_form else allowed
    asked = Pair(pair["instruction"], pair["response"], _name(pair, source))
    failed = {one.gate for one in judge(asked, SourceText(text, allowed), recipe.bounds).failures}
    # These two need the opening, or the whole name: what was found of this very pair counts.
    return not failed - (held & {"grounded", "new_words"})


def _name(pair: Record, source: Record) -> str:
    """What the instruction calls the record."""
    known = [f"{source.get('id')} ({source.get('name')})", source.get("name"), source.get("id")]
    return next((str(one) for one in known if one and str(one) in pair["instruction"]), "")


def reason_table(run: Run) -> TextTable:
    """Why records and pairs were not kept."""
    found = Counter(
        (stage.name, reason) for stage in run.stages for reason in reasons(stage.endings)
    )
    found.update(("merge", f"duplicate of {one.why.details['of']}") for one in run.duplicates)
    rows = [[name, reason, str(count)] for (name, reason), count in sorted(found.items())]
    return TextTable("left out and removed", ["stage", "reason", "count"], rows)


def duplicate_table(run: Run) -> TextTable:
    """Exact duplicates among what is left, and those that the merge drops."""
    pairs = [pair for _, pair in run.pairs]
    asked = Counter(pair["instruction"] for pair in pairs)
    said = Counter(pair["response"] for pair in pairs)
    rows = [
        ["dropped at the merge", str(len(run.duplicates))],
        ["instructions left twice", str(sum(count - 1 for count in asked.values()))],
        ["responses left twice", str(sum(count - 1 for count in said.values()))],
    ]
    return TextTable("duplicates", ["what", "count"], rows)


def trial_table(run: Run) -> TextTable:
    """By type of question: how a model did in the trial, beside the record's own words."""
    found = run.findings.get(STRUCTURER)
    kinds = found.get("kinds", {}) if isinstance(found, dict) else {}
    rows = [
        [name, *(str(one[key]) for key in ("asked", "right")),
         *(f"{one[key]:.2f}" for key in ("score", "own_score")), "yes" if one["writes"] else "no"]
        for name, one in kinds.items()
    ]  # fmt: skip
    columns = ["type", "tasks", "right", "score", "own words", "writes"]
    return TextTable("trial of the model", columns, rows)


TABLES: Sequence[Callable[[Run], TextTable]] = (
    stage_table,
    yield_table,
    kind_table,
    pair_table,
    reason_table,
    duplicate_table,
    trial_table,
)
