"""Merges the sealed chunks of a run into results/: the dataset and what did not get there.

results/STAGE.jsonl holds the result records of each stage in the order of the input; the
last stage's file is the dataset.  Invariant: the same sealed chunks give the same bytes,
and at no time is more than one chunk family in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from workers.core import files
from workers.queue.chunk_queue import ChunkQueue
from workers.queue.envelopes import SealedLine
from workers.queue.lineage import Family, families
from workers.run.run_folder import RunFolder

Progress = Callable[[], None]


@dataclass
class StageTotals:
    """How the records of one stage ended, counted while merging."""

    name: str
    results: int = 0
    removed: int = 0
    failed: int = 0
    records_out: int = 0

    @property
    def entered(self) -> int:
        return self.results + self.removed + self.failed


@dataclass
class Merged:
    """Where the merged files are, and their counts."""

    dataset: Path
    stages: list[StageTotals] = field(default_factory=list)

    @property
    def failed(self) -> int:
        return sum(stage.failed for stage in self.stages)


def merge(run: RunFolder, progress: Progress = lambda: None) -> Merged:
    """Write results/; `progress` is called after each family and may raise to stop.

    Parameters
        run: a run with every chunk sealed; chunks that aren't are left out.
    Raises OSError when the disk is full; earlier files of results/ stay as they were.
    """
    folder = results_folder(run)
    merged = Merged(folder / f"{run.queues[-1].name}.jsonl")
    for queue in run.queues:
        totals = StageTotals(queue.name)
        lines = _result_lines(queue, totals, progress)
        files.publish(folder / f"{totals.name}.jsonl", lines)
        merged.stages.append(totals)
    files.publish(folder / "removed.jsonl", _other_lines(run.queues, "removed", progress))
    files.publish(folder / "failed.jsonl", _other_lines(run.queues, "failed", progress))
    return merged


def results_folder(run: RunFolder) -> Path:
    """The folder of merged files, made if need be and cleared of torn ones."""
    folder = run.path / "results"
    folder.mkdir(exist_ok=True)
    for stray in folder.glob(".*.tmp"):
        stray.unlink()
    return folder


def _result_lines(queue: ChunkQueue, totals: StageTotals, progress: Progress) -> Iterator[bytes]:
    for family in families(queue):
        block = [orjson.dumps(record) + b"\n" for record in _count(family, totals)]
        progress()
        if block:
            yield b"".join(block)


def _count(family: Family, totals: StageTotals) -> Iterator[dict[str, Any]]:
    for line in family.sealed:
        if line["outcome"] == "result":
            totals.results += 1
            totals.records_out += len(line["records"])
            yield from line["records"]
        elif line["outcome"] == "removed":
            totals.removed += 1
        else:
            totals.failed += 1


def _other_lines(queues: Iterable[ChunkQueue], outcome: str, progress: Progress) -> Iterator[bytes]:
    for queue in queues:
        for family in families(queue):
            chosen = [line for line in family.sealed if line["outcome"] == outcome]
            progress()
            if chosen:
                yield b"".join(_with_stage(queue.name, line) for line in chosen)


def _with_stage(stage: str, line: SealedLine) -> bytes:
    rest = {key: value for key, value in line.items() if key != "outcome"}
    return orjson.dumps({"stage": stage, **rest}) + b"\n"
