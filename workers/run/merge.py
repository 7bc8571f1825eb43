"""Merges the sealed chunks of a run into results/: the dataset and what did not get there.

results/STAGE.jsonl holds the result records of each stage in the order of the input; the
last stage's file is the dataset.  Knows sealed lines, not how they came about.  Invariant:
the same sealed chunks give the same bytes, and at no time is more than one chunk lineage in
memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from stages.base import Failed, Record, Removed
from workers.core import files
from workers.metrics.reasons import Reasons
from workers.queue.chunk_queue import ChunkQueue
from workers.queue.lineage import Lineage, lineages
from workers.queue.sealed import OutcomeCounts, SealedLine, count_outcomes
from workers.run.run_folder import RunFolder

Progress = Callable[[], None]


@dataclass
class MergedStage:
    """How the records of one stage ended, counted while merging."""

    name: str
    ends: OutcomeCounts = OutcomeCounts()
    records_out: int = 0
    unreadable: int = 0  # dead letters of input that holds no record
    dead_letters: Reasons = field(default_factory=Reasons)

    def count(self, lineage: Lineage) -> Iterator[Record]:
        """Count a lineage; yields its result records in order."""
        self.ends += count_outcomes(lineage.sealed)
        for line in lineage.sealed:
            self.records_out += len(line.records)
            yield from line.records
            if isinstance(line.outcome, Failed):
                self.dead_letters.add(line.outcome.error)
                self.unreadable += line.record is None


@dataclass
class Merged:
    """Where the merged files are, and their counts."""

    dataset: Path
    dead_letters: Path
    stages: list[MergedStage] = field(default_factory=list)

    @property
    def failed(self) -> int:
        """Dead letters of all stages."""
        return sum(stage.ends.failed for stage in self.stages)

    @property
    def unreadable(self) -> int:
        """Dead letters that no retry can help: input that could not be read."""
        return sum(stage.unreadable for stage in self.stages)


def merge(run: RunFolder, progress: Progress = lambda: None) -> Merged:
    """Write results/; `progress` is called after each lineage and may raise to stop.

    Parameters
        run: a run with every chunk sealed; chunks that aren't are left out.
    Raises OSError when the disk is full; earlier files of results/ stay as they were.
    """
    _clear(run.results_dir)
    merged = Merged(run.dataset_file, run.failed_file)
    for queue in run.queues:
        stage = MergedStage(queue.name)
        files.publish(run.merged_file(queue.name), _result_lines(queue, stage, progress))
        merged.stages.append(stage)
    files.publish(run.removed_file, _other_lines(run.queues, Removed, progress))
    files.publish(run.failed_file, _other_lines(run.queues, Failed, progress))
    return merged


def _clear(folder: Path) -> None:
    """The folder of merged files, made if need be and cleared of half-written ones."""
    folder.mkdir(exist_ok=True)
    for path in folder.iterdir():
        if files.is_temporary(path.name):
            path.unlink()


def _result_lines(queue: ChunkQueue, stage: MergedStage, progress: Progress) -> Iterator[bytes]:
    for lineage in lineages(queue):
        block = [orjson.dumps(record) + b"\n" for record in stage.count(lineage)]
        progress()
        if block:
            yield b"".join(block)


def _other_lines(
    queues: Iterable[ChunkQueue], kind: type[Removed] | type[Failed], progress: Progress
) -> Iterator[bytes]:
    for queue in queues:
        for lineage in lineages(queue):
            chosen = [line for line in lineage.sealed if isinstance(line.outcome, kind)]
            progress()
            if chosen:
                yield b"".join(_with_stage(queue.name, line) for line in chosen)


def _with_stage(stage: str, line: SealedLine) -> bytes:
    rest = {key: value for key, value in line.to_json().items() if key != "outcome"}
    return orjson.dumps({"stage": stage, **rest}) + b"\n"
