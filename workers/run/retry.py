"""Sends dead letters round again: each failed record goes into a new chunk of its stage.

Done only under the coordinator's lock.  Invariant: a dead letter is sent round at most
once per failure, also when this is interrupted and done again.
"""

from __future__ import annotations

from dataclasses import dataclass

import orjson

from workers.core import files
from workers.queue.chunk_queue import ChunkQueue
from workers.queue.envelopes import ChunkName, SealedLine, chunk_order, retry_envelopes
from workers.queue.lineage import chunk_places, read_family


@dataclass
class Requeued:
    """How many dead letters were sent round, and how many can't be."""

    records: int = 0
    unreadable: int = 0


def requeue(queues: list[ChunkQueue], stages: tuple[str, ...]) -> Requeued:
    """Publish the dead letters of `stages` anew; lines that were no records stay where they are."""
    total = Requeued()
    names = [name for queue in queues for name in chunk_places(queue)]
    used = _used_retries(names)
    for queue in queues:
        if queue.name in stages:
            _requeue_stage(queue, used, total)
    return total


def _used_retries(names: list[str]) -> dict[int, int]:
    """The highest retry of each chunk number over all stages: a family shares its names."""
    used: dict[int, int] = {}
    for name in map(chunk_order, names):
        used[name.number] = max(used.get(name.number, 0), name.retry)
    return used


def _requeue_stage(queue: ChunkQueue, used: dict[int, int], total: Requeued) -> None:
    places = chunk_places(queue)
    members: dict[int, list[ChunkName]] = {}
    for name in map(chunk_order, places):
        members.setdefault(name.number, []).append(name)
    for number in sorted({chunk_order(name).number for name in queue.names("failed")}):
        family = read_family(queue, number, members.get(number, []), places)
        failed = [line for line in family.sealed if line["outcome"] == "failed"]
        again = [envelope for envelope in retry_envelopes(failed) if envelope.record is not None]
        if again:
            used[number] += 1
            published = queue.publish(str(ChunkName(number, used[number])), again)
            assert published, "the number is larger than any in use"
        total.records += len(again)
        total.unreadable += len(failed) - len(again)
        for member in members.get(number, []):
            _tidy(queue, str(member), [line for line in failed if "record" not in line])


def _tidy(queue: ChunkQueue, chunk: str, unreadable: list[SealedLine]) -> None:
    """failed/ keeps only what can't be sent round."""
    path = queue.folder / "failed" / f"{chunk}.jsonl"
    if not path.exists():
        return
    ids = {line["id"] for line in unreadable}
    kept = [line for line in queue.failed(chunk) if line["id"] in ids]
    if kept:
        files.publish(path, [orjson.dumps(line) + b"\n" for line in kept])
    else:
        files.remove(path)
