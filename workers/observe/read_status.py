"""Writes the status snapshot of a run and reads it back, recounting what it can't know.

Knows a run's folder and when its snapshot is out of date.  Invariant: reading a status
changes nothing.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from stages import BY_HAND
from stages.base import Failed
from workers.core import files
from workers.core.errors import QueueError
from workers.metrics.reasons import Reasons
from workers.observe.status import (
    SHOWN_KINDS,
    RecordCounts,
    RunStatus,
    StageStatus,
)
from workers.queue.chunk_paths import LIFE_CYCLE
from workers.queue.chunk_queue import ChunkQueue
from workers.queue.lineage import lineages
from workers.queue.sealed import OutcomeCounts, count_outcomes
from workers.run.review_notice import review_notice
from workers.run.run_folder import RunFolder
from workers.run.run_state import RunState

RECOUNTED_CHUNKS = 200


def write_status(run: RunFolder, status: RunStatus) -> None:
    """Replace status.json; not fsynced, for it says nothing that the files don't."""
    with suppress(OSError):  # a full disk: the next second tries again
        files.replace(run.status_file, status.to_bytes())


def read_status(run: RunFolder) -> RunStatus:
    """The snapshot of a live coordinator, or one made from the files.

    Costs no more than listing the folders: for a large run whose coordinator was killed, the
    records are those of its last snapshot, and the message says so.
    """
    last = _last_written(run)
    if run.coordinator_alive():
        return last or RunStatus(run.name, RunState.STARTING, _stages(run))
    found = _read_at_rest(run, last)
    return _with_notice(run, found) if found.state == RunState.WAITING else found


def _with_notice(run: RunFolder, status: RunStatus) -> RunStatus:
    """With the number of decisions that a person still has to make, as of now."""
    by_hand = [queue for queue in run.queues if queue.name in BY_HAND]
    try:
        open_now = sum(queue.count_undecided() for queue in by_hand)
    except QueueError as error:
        return replace(status, message=str(error))
    return replace(status, message=review_notice(run.name, open_now))


def _read_at_rest(run: RunFolder, last: RunStatus | None) -> RunStatus:
    if last and _is_final(run, last):
        return _at_rest(last)
    stages = _stages(run)
    if last and _still_true(stages, last):
        return _at_rest(last)
    state = RunState.UNFINISHED if last is None else _rest_state(last)
    if sum(stage.chunks.pending + stage.chunks.done for stage in stages) <= RECOUNTED_CHUNKS:
        return _from_files(run, state)
    return _out_of_date(run.name, state, stages, last)


def _from_files(run: RunFolder, state: str) -> RunStatus:
    stages, message = [], None
    for queue in run.queues:
        try:
            stages.append(recount(queue))
        except QueueError as error:  # what is damaged has to be shown all the same
            stages.append(_chunks(queue))
            message = message or str(error)
    return RunStatus(run.name, state, tuple(stages), message=message)


def _out_of_date(
    name: str, state: str, stages: tuple[StageStatus, ...], last: RunStatus | None
) -> RunStatus:
    """Chunks as they are, records as they were last reported."""
    records = "records as it last reported them" if last else "records are not known"
    note = f"the coordinator was killed: chunks are as they are now, {records}; "
    note += f"`verify {name}` counts everything"
    then = {stage.name: stage.records for stage in last.stages} if last else {}
    stages = tuple(replace(stage, records=then.get(stage.name, stage.records)) for stage in stages)
    return RunStatus(name, state, stages, message=note)


def recount(queue: ChunkQueue) -> StageStatus:
    """One stage counted from its files; opens every sealed chunk."""
    entered, ends, reasons = 0, OutcomeCounts(), Reasons()
    for lineage in lineages(queue):
        sealed = lineage.sealed
        entered += len(sealed) + len(lineage.open_ids)
        ends += count_outcomes(sealed)
        for line in sealed:
            if isinstance(line.outcome, Failed):
                reasons.add(line.outcome.error)
    records = RecordCounts.of(entered, ends)
    return replace(_chunks(queue), records=records, dead_letters=reasons.most_common(SHOWN_KINDS))


def _chunks(queue: ChunkQueue) -> StageStatus:
    return StageStatus(queue.name, queue.counts())


def _stages(run: RunFolder) -> tuple[StageStatus, ...]:
    return tuple(map(_chunks, run.queues))


def _last_written(run: RunFolder) -> RunStatus | None:
    """None when there is no snapshot, or a damaged one: the files say more."""
    try:
        return RunStatus.parse(run.status_file.read_bytes(), str(run.status_file))
    except (OSError, ValueError):
        return None


def _is_final(run: RunFolder, last: RunStatus) -> bool:
    """Whether the run was finished and no chunk was moved since, by the times of the folders."""
    if last.state != RunState.FINISHED:
        return False
    written = run.status_file.stat().st_mtime_ns
    return all(q.changed_ns(state) < written for q in run.queues for state in LIFE_CYCLE)


def _still_true(stages: tuple[StageStatus, ...], last: RunStatus) -> bool:
    """Whether a dead coordinator's last snapshot has the chunks that the folders have."""
    now, then = (
        [(stage.name, stage.chunks.pending, stage.chunks.done) for stage in snapshot]
        for snapshot in (stages, last.stages)
    )
    return now == then


def _at_rest(last: RunStatus) -> RunStatus:
    """A snapshot without what only a live coordinator has."""
    stages = tuple(
        replace(stage, speed=replace(stage.speed, items_per_s=0.0, tokens_per_s=0.0))
        for stage in last.stages
    )
    return replace(last, state=_rest_state(last), stages=stages, workers=(), eta_s=None)


def _rest_state(last: RunStatus) -> str:
    """A live state without a coordinator means that it was killed."""
    return RunState.UNFINISHED if last.is_live else last.state
