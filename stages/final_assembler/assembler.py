"""Makes a dataset's folder from pairs in three passes: lay down, plan, write.

Knows the parts; what is written where a person named it, is the command's.  Invariant: every
pair that was read is in the dataset's files or in removed.jsonl with its reason, once.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson

from stages.base import Record, Removed
from stages.final_assembler.decontaminate import Benchmarks
from stages.final_assembler.exports import ExportedPair, ExportFiles
from stages.final_assembler.options import AssemblyOptions
from stages.final_assembler.pairs import (
    AssemblyError,
    PairFacts,
    PairInput,
    SourcedRecord,
    facts_of,
)
from stages.final_assembler.plan import Plan, plan
from stages.final_assembler.sides import SIDES
from stages.final_assembler.spool import Spool, Spooled
from stages.final_assembler.tally import Tally

PROVENANCE, REMOVED = "provenance.jsonl", "removed.jsonl"


@dataclass(frozen=True)
class Assembled:
    """What was made: counts, files relative to the folder, and sources moved to fill a side."""

    tally: Tally
    files: list[str]
    moved: int
    benchmarks: Benchmarks


def assemble(
    inputs: Sequence[PairInput],
    options: AssemblyOptions,
    benchmarks: Benchmarks,
    folder: Path,
    scratch: Path,
    progress: Callable[[int], None] = lambda read: None,
) -> Assembled:
    """Write the dataset's files into `folder`, an empty one.

    Parameters
        scratch: another empty folder, whose contents are of no use afterwards.
    Raises AssemblyError when an input holds what is no pair, or nothing is left.
    """
    tally = Tally()
    with (folder / REMOVED).open("wb") as removed:
        dropped = _Dropped(tally, removed.write)
        spool = Spool(scratch, benchmarks, dropped.add)
        spooled = spool.fill(_counted(inputs, tally), progress)
        decided = plan(spooled, options)
        files = _write(spooled, decided, options, folder, tally, dropped)
        _sync(removed.fileno(), removed.flush)
    if not tally.kept:
        raise AssemblyError(_nothing_left(tally))
    return Assembled(tally, [PROVENANCE, REMOVED, *files], decided.moved, benchmarks)


def _counted(inputs: Sequence[PairInput], tally: Tally) -> Iterator[SourcedRecord]:
    for one in inputs:
        for given in one.pairs:
            tally.read += 1
            try:
                facts_of(given.record)
            except AssemblyError as error:
                raise AssemblyError(f"{given.origin.place}: {error}") from None
            yield given


def _nothing_left(tally: Tally) -> str:
    if not tally.read:
        return "no pairs: the inputs are empty"
    reasons = ", ".join(f"{reason} ({count})" for reason, count in tally.removed.most_common(5))
    return f"nothing is left of {tally.read} pairs: {reasons}"


class _Dropped:
    """Writes what is removed, and counts it."""

    def __init__(self, tally: Tally, write: Callable[[bytes], int]) -> None:
        self._tally = tally
        self._write = write

    def add(self, given: SourcedRecord, why: Removed) -> None:
        self._tally.removed[why.reason] += 1
        where = {"run": given.origin.run, "id": name_of(given)}
        said = {**where, "reason": why.reason, "details": why.details, "record": given.record}
        self._write(orjson.dumps(said) + b"\n")


def _write(
    spooled: Spooled,
    decided: Plan,
    options: AssemblyOptions,
    folder: Path,
    tally: Tally,
    dropped: _Dropped,
) -> list[str]:
    """The third pass."""
    exports = ExportFiles(folder, options.exports)
    wanted = {repeat.of for repeat in decided.repeats.values()}
    names: dict[int, str] = {}
    with (folder / PROVENANCE).open("wb") as provenance:
        for row, given in enumerate(spooled.again()):
            if row in wanted:
                names[row] = name_of(given)
            if why := decided.why_not(row, names):
                dropped.add(given, why)
                continue
            side, pair = int(decided.sides[row]), facts_of(given.record)
            line = provenance_of(given, pair, side, tally.sides[SIDES[side]])
            provenance.write(orjson.dumps(line) + b"\n")
            exports.write(side, ExportedPair(name_of(given), pair, given.origin, options.system))
            tally.keep(side, given.record, pair)
        files = exports.close()
        _sync(provenance.fileno(), provenance.flush)
    return files


def _sync(descriptor: int, flush: Callable[[], None]) -> None:
    flush()
    os.fsync(descriptor)


def name_of(given: SourcedRecord) -> str:
    """What a pair is called in every file of the dataset: its run, and its id there."""
    return f"{given.origin.run}:{given.origin.id}"


def provenance_of(given: SourcedRecord, pair: PairFacts, side: int, row: int) -> Record:
    """Where a pair comes from; `row` is its place among those of its side, from 0."""
    origin = given.origin
    return {
        "id": name_of(given),
        "side": SIDES[side],
        "row": row,
        "run": origin.run,
        "file": origin.file,
        "record": origin.record,
        "source": pair.source,
        "source_id": pair.source_id,
        "url": pair.url,
        "licence": pair.licence,
        "kind": pair.kind,
        "spans": pair.spans,
        "written_by": pair.written_by,
        "model": origin.model,
        "recipe": origin.recipe,
    }
