"""Writes the status snapshot of a run and reads it back, recounting what it can't know.

Invariant: reading a status changes nothing.
"""

from __future__ import annotations

import os
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson

from workers.core import files
from workers.core.errors import QueueError
from workers.core.terminal import plain_values
from workers.observe.status import LIVE_STATES, RunStatus, StageStatus
from workers.queue.chunk_queue import STATES, ChunkQueue
from workers.queue.lineage import families
from workers.run.run_folder import RunFolder

RECOUNTED_CHUNKS = 200


def write_status(run: RunFolder, status: RunStatus) -> None:
    """Replace status.json; not fsynced, for it says nothing that the files don't."""
    with suppress(OSError):  # a full disk: the next second tries again
        files.replace(run.status_file, orjson.dumps(status.to_json()))


def read_status(run: RunFolder) -> dict[str, Any]:
    """The snapshot of a live coordinator, or one made from the files.

    Costs no more than listing the folders: on a large run that was killed the records are
    those of its last snapshot, and the message says so.
    """
    last = _last_written(run)
    if run.coordinator_alive():
        return last or RunStatus(run.name, "starting", _stages(run)).to_json()
    if last and _is_final(run, last):
        return _at_rest(last)
    stages = _stages(run)
    if last and _still_true(stages, last):
        return _at_rest(last)
    state = "unfinished" if last is None else _rest_state(last["state"])
    if sum(stage.pending + stage.done for stage in stages) <= RECOUNTED_CHUNKS:
        return _from_files(run, state).to_json()
    return _out_of_date(run.name, state, stages, last)


def _from_files(run: RunFolder, state: str) -> RunStatus:
    stages, message = [], None
    for queue in run.queues:
        try:
            stages.append(recount(queue))
        except QueueError as error:  # what is damaged has to be shown all the same
            stages.append(_chunks(queue))
            message = message or str(error)
    return RunStatus(run.name, state, stages, message=message)


def _out_of_date(
    name: str, state: str, stages: list[StageStatus], last: dict[str, Any] | None
) -> dict[str, Any]:
    """Chunks as they are, records as they were last reported."""
    note = f"chunks are counted now, records were {'' if last else 'never '}counted by the "
    note += f"coordinator before it was killed; `verify {name}` counts everything"
    status = RunStatus(name, state, stages, message=note).to_json()
    if last:
        then = {stage["name"]: stage["records"] for stage in last["stages"]}
        for stage in status["stages"]:
            stage["records"] = then.get(stage["name"], stage["records"])
    return status


def recount(queue: ChunkQueue) -> StageStatus:
    """One stage counted from its files; opens every sealed chunk."""
    stage = _chunks(queue)
    counts = stage.records
    for family in families(queue):
        ends = Counter(line["outcome"] for line in family.sealed)
        counts.entered += len(family.open_ids) + ends.total()
        counts.results += ends["result"]
        counts.removed += ends["removed"]
        counts.failed += ends["failed"]
    return stage


def _chunks(queue: ChunkQueue) -> StageStatus:
    counts = {state: _count(queue.folder / state) for state in STATES}
    return StageStatus(
        queue.name, counts["pending"], counts["claimed"], counts["done"], counts["failed"]
    )


def _count(folder: Path) -> int:
    # Names are not parsed, as ChunkQueue.counts does: with 40,000 of them that takes 50 ms.
    return sum(name.startswith("chunk-") and name.endswith(".jsonl") for name in os.listdir(folder))


def _stages(run: RunFolder) -> list[StageStatus]:
    return [_chunks(queue) for queue in run.queues]


def _last_written(run: RunFolder) -> dict[str, Any] | None:
    try:
        value = orjson.loads(run.status_file.read_bytes())
    except (OSError, ValueError):
        return None
    known = isinstance(value, dict) and {"run", "state", "stages", "workers"} <= value.keys()
    return plain_values(value) if known else None


def _is_final(run: RunFolder, last: dict[str, Any]) -> bool:
    """Whether the run was finished and no chunk was moved since, by the times of the folders."""
    if last["state"] != "finished":
        return False
    written = run.status_file.stat().st_mtime_ns
    folders = (q.folder / state for q in run.queues for state in ("pending", "claimed", "done"))
    return all(folder.stat().st_mtime_ns < written for folder in folders)


def _still_true(stages: list[StageStatus], last: dict[str, Any]) -> bool:
    """Whether a dead coordinator's last snapshot has the chunks that the folders have."""
    now = [(stage.name, stage.pending, stage.done) for stage in stages]
    then = [(stage["name"], stage["pending"], stage["done"]) for stage in last["stages"]]
    return now == then


def _at_rest(last: dict[str, Any]) -> dict[str, Any]:
    stages = [{**stage, "items_per_s": 0.0, "tokens_per_s": 0.0} for stage in last["stages"]]
    state = _rest_state(last["state"])
    return {**last, "state": state, "stages": stages, "workers": [], "eta_s": None}


def _rest_state(state: str) -> str:
    """A live state without a coordinator means that it was killed."""
    return "unfinished" if state in LIVE_STATES else state
