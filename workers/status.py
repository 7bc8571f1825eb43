"""The status of a run as one snapshot: its shape, and how to get it from a run's files.

A live coordinator writes the snapshot once a second; without one the files are counted.
Invariant: reading a status changes nothing, and no string in it holds a control character.
"""

from __future__ import annotations

import os
from collections import Counter
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import orjson

from workers import files
from workers.chunk_queue import STATES, ChunkQueue
from workers.errors import QueueError
from workers.families import families
from workers.run_folder import RunFolder
from workers.terminal import plain_values

SHOWN_KINDS = 3
RECOUNTED_CHUNKS = 200
LIVE_STATES = ("starting", "running", "paused", "draining", "merging")


@dataclass
class RecordCounts:
    """Records of one stage: come in, and how they ended so far."""

    entered: int = 0
    results: int = 0
    removed: int = 0
    failed: int = 0

    def to_json(self) -> dict[str, int]:
        values = asdict(self)
        return {"in": values.pop("entered"), **values}


@dataclass
class StageStatus:
    """Chunks of one stage by state, its records, and its speed."""

    name: str
    pending: int = 0
    claimed: int = 0
    done: int = 0
    failed: int = 0
    records: RecordCounts = field(default_factory=RecordCounts)
    items_per_s: float = 0.0
    tokens_per_s: float = 0.0
    items_per_s_overall: float = 0.0
    tokens_per_s_overall: float = 0.0
    batch_size: int | None = None  # most rows that are allowed now
    batch_rows: int | None = None  # rows side by side of late
    acceptance: float | None = None
    dead_letters: dict[str, int] = field(default_factory=dict)  # by kind of error

    def to_json(self) -> dict[str, Any]:
        return {**self.__dict__, "records": self.records.to_json()}


@dataclass
class RunStatus:
    """A run at one moment, as `status --json` prints it."""

    run: str
    state: str
    stages: list[StageStatus]
    workers: list[dict[str, Any]] = field(default_factory=list)
    eta_s: float | None = None
    elapsed_s: float = 0.0
    message: str | None = None

    def to_json(self) -> dict[str, Any]:
        values = {**self.__dict__, "stages": [stage.to_json() for stage in self.stages]}
        cleaned: dict[str, Any] = plain_values(values)
        return cleaned


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
