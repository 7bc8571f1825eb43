"""Makes one finished run of the runs of all shards of an input.

Every stage's outcomes are woven together by their ids and sealed in the chunks that one run
would have had, so that whatever reads a run reads this one.  Knows sealed lines; processes
nothing.  Invariant: each record of the input is in it once, or there is no such run.
"""

from __future__ import annotations

import heapq
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

import orjson

from workers.core.errors import InputError, PoolError, UsageError
from workers.core.files import publish
from workers.queue.chunk_names import ChunkName
from workers.queue.chunk_paths import ChunkPaths, ChunkState
from workers.queue.chunk_queue import ChunkQueue
from workers.queue.json_lines import id_order
from workers.queue.lineage import lineages
from workers.queue.sealed import SealedLine, next_envelopes
from workers.run.input_files import check_unchanged, reading_options
from workers.run.kept_recipe import keep_recipe, kept_recipe
from workers.run.manifest import Manifest, SplitState
from workers.run.marks import DUPLICATES, JOINED
from workers.run.run_folder import RunFolder
from workers.run.run_model import TARGET
from workers.run.splitter import split
from workers.settings.config import RunConfig, shard_of

# Of which machine works on it, not of what comes out; `shard` is what they differ in.
_OWN = ("shard", "workers", "cluster", "cluster_certs", "chunk_size", "worker_timeout")
_OWN_MEMORY = ("memory_fraction", "memory_reserve_mb")
_AS_NEW: dict[str, Any] = dict.fromkeys(("shard", "workers", "cluster", "cluster_certs"))
_BY_CONTENT = ("model", "chat_template", "recipe")  # compared as they were, not by their names


def merge_shards(shards: Sequence[RunFolder], target: RunFolder) -> None:
    """Create `target` of all shards; raises UsageError or PoolError when they are not one input.

    What a break leaves has no manifest, and is done again.
    """
    check_shards(shards)
    first = min(shards, key=lambda run: shard_of(run.config).number)
    config = replace(first.config, **_AS_NEW)
    before: ChunkQueue | None = None
    for stage in config.stages:
        shutil.rmtree(target.path / stage, ignore_errors=True)  # of a merge that was broken off
        queue = ChunkQueue(target.path / stage)
        queue.create()
        expected = _cut(first, config) if before is None else _forwarded(before)
        _seal_all(queue, _woven(shards, stage), expected, first.manifest.chunk_size)
        before = queue
    _keep_findings([first, *shards], target)
    _finish(first, target, config, sum(run.manifest.split.records for run in shards))


def check_shards(shards: Sequence[RunFolder]) -> None:
    """Raise UsageError or PoolError unless these are all shards of one input, finished."""
    first = shards[0]
    count = shard_of(first.config).count
    numbers = sorted(shard_of(run.config).number for run in shards)
    for run in shards:
        _check_one(run, first.manifest)
    if numbers != list(range(1, count + 1)):
        missing = sorted(set(range(1, count + 1)) - set(numbers))
        what = f"shard {missing[0]}/{count} is missing" if missing else "a shard is named twice"
        raise UsageError(f"{what}; name the runs of all {count} shards")


def _check_one(run: RunFolder, first: Manifest) -> None:
    manifest = run.manifest
    if manifest.config.shard is None:
        raise UsageError(f"run {run.name}: not a shard; only runs with --shard are merged")
    if shard_of(manifest.config).count != shard_of(first.config).count:
        raise UsageError(
            f"run {run.name}: is shard {manifest.config.shard}, but the others have another N"
        )
    if not run.is_finished:
        raise PoolError(f"run {run.name}: not finished; resume it first")
    same = (
        _compared(manifest.config) == _compared(first.config)
        and _contents(manifest) == _contents(first)
        and _model(manifest) == _model(first)
        and manifest.recipe == first.recipe
    )
    if not same:
        raise UsageError(
            f"run {run.name}: has other settings, input, model or recipe than run {first.run}"
        )


def other_findings(shards: Sequence[RunFolder]) -> list[str]:
    """What a person should know: shards in which a trial of the model found something else."""
    told = []
    for stage in shards[0].config.stages:
        found = [(run, run.trial_file(stage)) for run in shards]
        kept = [(run, file.read_bytes()) for run, file in found if file.is_file()]
        told += [
            f"run {run.name}: its trial for {stage} found something else than that of run "
            f"{kept[0][0].name} ({run.trial_file(stage)}); some of its records may have another "
            "outcome than in one run"
            for run, findings in kept
            if orjson.loads(findings) != orjson.loads(kept[0][1])
        ]
    return told


def _compared(config: RunConfig) -> dict[str, object]:
    values = config.to_json()
    return {k: v for k, v in values.items() if k not in (*_OWN, *_OWN_MEMORY, *_BY_CONTENT)}


def _model(manifest: Manifest) -> tuple[object, ...]:
    """What it is by its contents; of a server's model only the name is known."""
    target = manifest.model.get(TARGET)
    return (target.sha256 or target.name, target.chat_template) if target else ()


def _contents(manifest: Manifest) -> list[tuple[int, str | None]]:
    """Of the input: the same files, wherever they are."""
    return [(source.size, source.sha256) for source in manifest.inputs]


@dataclass(frozen=True)
class _Cut:
    """A chunk that one run would have had: its name, and the ids of its records."""

    name: str
    ids: list[str]


def _cut(first: RunFolder, config: RunConfig) -> Iterator[_Cut] | None:
    """Those of the first stage, from the input; None where it isn't here."""
    inputs, size = first.manifest.inputs, first.manifest.chunk_size
    try:
        check_unchanged(inputs)
    except InputError:
        return None
    again = split(inputs, size, config.limit, reading_options(config))
    return (_Cut(cut.name, cut.ids) for cut in again)


def _forwarded(queue: ChunkQueue) -> Iterator[_Cut]:
    """Those of a later stage, from the one before it."""
    for name in queue.names(ChunkState.DONE):
        ids = [envelope.id for envelope in next_envelopes(queue.sealed(name))]
        if ids:
            yield _Cut(name, ids)


def _by_size(lines: Iterator[SealedLine], size: int) -> Iterator[list[SealedLine]]:
    """Without the input: so many to a chunk."""
    while block := list(islice(lines, size)):
        yield block


def _woven(shards: Sequence[RunFolder], stage: str) -> Iterator[SealedLine]:
    """All outcomes of a stage in the order of the input; one chunk of each shard in memory."""
    return heapq.merge(*(_lines(run, stage) for run in shards), key=lambda line: id_order(line.id))


def _lines(run: RunFolder, stage: str) -> Iterator[SealedLine]:
    for lineage in lineages(run.queue(stage)):
        yield from lineage.sealed


def _seal_all(
    queue: ChunkQueue, lines: Iterator[SealedLine], expected: Iterator[_Cut] | None, size: int
) -> None:
    """Seal a stage's outcomes in these chunks; raises PoolError unless they are those records."""
    if expected is None:
        for number, block in enumerate(_by_size(lines, size), 1):
            _seal(queue, str(ChunkName(number)), block)
        return
    for cut in expected:
        block = list(islice(lines, len(cut.ids)))
        if [line.id for line in block] != cut.ids:
            raise PoolError(f"{queue.name}: the shards' records are not those of {cut.name}")
        _seal(queue, cut.name, block)
    if left := next(lines, None):
        raise PoolError(f"{queue.name}: record {left.id} is in no chunk of one run")


def _seal(queue: ChunkQueue, name: str, lines: Sequence[SealedLine]) -> None:
    paths = ChunkPaths(queue.folder, name)
    if failed := [line.to_bytes() for line in lines if line.has_failed]:
        publish(paths.state(ChunkState.FAILED), failed)
    publish(paths.state(ChunkState.DONE), (line.to_bytes() for line in lines))


def _keep_findings(shards: Sequence[RunFolder], target: RunFolder) -> None:
    """What trials found, so that a retry goes by it: the first's, or whoever's there is."""
    for stage in shards[0].config.stages:
        kept = (run.trial_file(stage) for run in shards)
        if file := next(filter(Path.is_file, kept), None):
            publish(target.trial_file(stage), [file.read_bytes()])


def _finish(first: RunFolder, target: RunFolder, config: RunConfig, records: int) -> None:
    """What else belongs to a run; the manifest last."""
    manifest = first.manifest
    chunks = len(ChunkQueue(target.path / config.stages[0]).names(ChunkState.DONE))
    for name in (DUPLICATES, JOINED):
        if (first.path / name).is_file():
            with (first.path / name).open("rb") as lines:
                publish(target.path / name, lines)
    kept = keep_recipe(target, kept_recipe(first)) if manifest.recipe else None
    split_state = SplitState(True, records, chunks, manifest.chunk_size)
    target.create(config, manifest.inputs, manifest.model, manifest.versions, split_state, kept)
