"""Merges the sealed chunks of a run into results/: the dataset and what did not get there.

results/STAGE.jsonl holds the result records of each stage in the order of the input; the
last stage's file is the dataset, without the records that its screen finds to repeat earlier
ones.  Knows sealed lines, not how they came about.  Invariant: the same sealed
chunks give the same bytes, and at no time is more than one chunk lineage in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from stages.base import Failed, LeftOut, Record, Removed
from stages.gating import gate
from stages.own import is_own_name
from stages.recipe.recipe import Recipe, shipped
from stages.text.kinds import is_pair
from workers.core import files
from workers.metrics.reasons import Reasons
from workers.queue.chunk_queue import ChunkQueue
from workers.queue.lineage import Lineage, lineages
from workers.queue.sealed import OutcomeCounts, SealedLine, count_outcomes, left_out_to_json
from workers.run.kept_recipe import kept_recipe
from workers.run.run_folder import RunFolder
from workers.settings.chosen_stages import make_stage, makes_pairs
from workers.settings.config import RunConfig

Progress = Callable[[], None]
Screen = Callable[[Record], Removed | None]
Place = Callable[[str], str]


@dataclass
class MergedStage:
    """How the records of one stage ended, counted while merging."""

    name: str
    ends: OutcomeCounts = OutcomeCounts()
    records_out: int = 0
    left_out: int = 0  # records that the stage made and did not keep, or that were screened
    screened: int = 0  # results that repeat others, or are pairs of an own stage that pass no gate
    unreadable: int = 0  # dead letters of input that holds no record
    dead_letters: Reasons = field(default_factory=Reasons)

    def count(self, lineage: Lineage, screen: Screen) -> Iterator[Record]:
        """Count a lineage; yields its result records in order, those that pass the screen."""
        self.ends += count_outcomes(lineage.sealed)
        for line in lineage.sealed:
            kept = [record for record in line.records if screen(record) is None]
            self.records_out += len(kept)
            self.screened += len(line.records) - len(kept)
            self.left_out += len(line.left_out) + len(line.records) - len(kept)
            yield from kept
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
    def dataset_line(self) -> str:
        """For people: where the dataset is, and how many results are not in it."""
        last = self.stages[-1]
        less = f"; {last.screened} left out, see removed.jsonl" if last.screened else ""
        return f"dataset: {self.dataset} ({last.records_out} records{less})"

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
        lines = _result_lines(queue, stage, _screen(run, queue), progress)
        files.publish(run.merged_file(queue.name), lines)
        merged.stages.append(stage)
    files.publish(run.removed_file, _removed_lines(run, progress))
    files.publish(run.failed_file, _failed_lines(run, progress))
    return merged


def _clear(folder: Path) -> None:
    """The folder of merged files, made if need be and cleared of half-written ones."""
    folder.mkdir(exist_ok=True)
    for path in folder.iterdir():
        if files.is_temporary(path.name):
            path.unlink()


def _screen(run: RunFolder, queue: ChunkQueue) -> Screen:
    """What says which records of the last stage repeat earlier ones, or are pairs of a stage of a
    user's own that pass no gate.

    A stage without a screen leaves that to the one before it.  It remembers what it has seen, so
    each pass over the records needs a new one.
    """
    if queue is run.queues[-1]:
        recipe = kept_recipe(run)
        stages = (make_stage(run.config, name, recipe) for name in reversed(run.config.stages))
        screen = next(filter(None, (stage.screen() for stage in stages)), _nothing)
        return _gated(run.config, recipe, screen) if is_own_name(run.config.stages[-1]) else screen
    return _nothing


def _nothing(record: Record) -> None:
    return None


def _gated(config: RunConfig, recipe: Recipe | None, screen: Screen) -> Screen:
    known = recipe or shipped()
    judged_by = known if makes_pairs(config) else None

    def check(record: Record) -> Removed | None:
        why = gate(record, judged_by, here=known) if is_pair(record) else None
        return why or screen(record)

    return check


def dataset_screen(run: RunFolder) -> Screen:
    """What says which of the last stage's results are not in the dataset; for one pass."""
    return _screen(run, run.queues[-1])


def _result_lines(
    queue: ChunkQueue, stage: MergedStage, screen: Screen, progress: Progress
) -> Iterator[bytes]:
    for lineage in lineages(queue):
        block = [orjson.dumps(record) + b"\n" for record in stage.count(lineage, screen)]
        progress()
        if block:
            yield b"".join(block)


def _failed_lines(run: RunFolder, progress: Progress) -> Iterator[bytes]:
    place = _places(run)
    for queue in run.queues:
        for lineage in lineages(queue):
            lost = (line for line in lineage.sealed if line.has_failed)
            failed = [_with_stage(queue.name, line, place) for line in lost]
            progress()
            if failed:
                yield b"".join(failed)


def _removed_lines(run: RunFolder, progress: Progress) -> Iterator[bytes]:
    """Records that were removed, and, marked as such, what was left out of records that weren't."""
    place = _places(run)
    for queue in run.queues:
        screen = _screen(run, queue)
        for lineage in lineages(queue):
            found = (_removed(queue, line, screen, place) for line in lineage.sealed)
            removed = [part for parts in found for part in parts]
            progress()
            if removed:
                yield b"".join(removed)


def _removed(queue: ChunkQueue, line: SealedLine, screen: Screen, place: Place) -> Iterator[bytes]:
    if isinstance(line.outcome, Removed):
        yield _with_stage(queue.name, line, place)
    screened = (LeftOut(record, why) for record in line.records if (why := screen(record)))
    for one in (*line.left_out, *screened):
        head = {"stage": queue.name, "id": line.id, "place": place(line.id), "left_out": True}
        yield orjson.dumps({**head, **left_out_to_json(one)}) + b"\n"


def _with_stage(stage: str, line: SealedLine, place: Place) -> bytes:
    rest = {key: value for key, value in line.to_json().items() if key not in ("outcome", "id")}
    head = {"stage": stage, "id": line.id, "place": place(line.id)}
    return orjson.dumps({**head, **rest}) + b"\n"


def _places(run: RunFolder) -> Place:
    """What says where in the input a record came from: "in.jsonl record 3" of "0:3.1"."""
    inputs = [source.shown for source in run.manifest.inputs]

    def place(record_id: str) -> str:
        index, _, number = record_id.partition(":")
        known = index.isdecimal() and int(index) < len(inputs)
        return f"{inputs[int(index)]} record {number.partition('.')[0]}" if known else ""

    return place
