"""Requeues dead letters: each failed record goes into a new chunk of its stage.

Knows chunk lineages and queues; runs nothing.  Done only under the coordinator's lock.
Invariant: a dead letter is requeued at most once per failure, also when this is interrupted
and done again.
"""

from __future__ import annotations

from dataclasses import dataclass

from workers.queue.chunk_names import ChunkName
from workers.queue.chunk_paths import ChunkState
from workers.queue.chunk_queue import ChunkQueue
from workers.queue.lineage import members_by_number, read_lineage
from workers.queue.sealed import retry_envelopes


@dataclass
class Requeued:
    """How many dead letters were requeued, and how many can't be: they hold no record."""

    records: int = 0
    unreadable: int = 0


def requeue(queues: list[ChunkQueue], stages: tuple[str, ...]) -> Requeued:
    """Publish the dead letters of `stages` anew; lines that hold no record stay where they are."""
    total = Requeued()
    names = [name for queue in queues for name in queue.places()]
    # A lineage has the same names in all stages, so a new retry's number must be new to all.
    used = {number: members[-1].retry for number, members in members_by_number(names).items()}
    for queue in queues:
        if queue.name in stages:
            _requeue_stage(queue, used, total)
    return total


def _requeue_stage(queue: ChunkQueue, used: dict[int, int], total: Requeued) -> None:
    places = queue.places()
    members = members_by_number(places)
    with_failures = members_by_number(queue.names(ChunkState.FAILED))
    for number in sorted(with_failures.keys() & members.keys()):
        lineage = read_lineage(queue, members[number], places)
        failed = [line for line in lineage.sealed if line.has_failed]
        again = [envelope for envelope in retry_envelopes(failed) if envelope.record is not None]
        if again:
            used[number] += 1
            published = queue.publish(str(ChunkName(number, used[number])), again)
            assert published, "the number is larger than any in use"
        total.records += len(again)
        total.unreadable += len(failed) - len(again)
        unreadable = [line.id for line in failed if line.record is None]
        for member in members[number]:
            queue.keep_failed(str(member), unreadable)
