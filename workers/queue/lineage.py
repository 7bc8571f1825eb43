"""Reads what became of the records of one stage, chunk family by chunk family.

A family is a chunk and its retries (chunk-000007, chunk-000007.r1, ...); families hold
whole ranges of input records, so a reader never needs more than one of them in memory.
Invariant: a failed outcome whose id was sent round again in a later chunk is not read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from workers.queue.chunk_queue import ChunkQueue
from workers.queue.envelopes import ChunkName, SealedLine, chunk_order, id_order, parse_envelopes

_OPEN_STATES = ("pending", "claimed")


@dataclass
class Family:
    """What one stage knows of a chunk and its retries."""

    number: int
    chunks: dict[str, list[SealedLine]] = field(default_factory=dict)
    open_ids: list[str] = field(default_factory=list)

    @property
    def sealed(self) -> list[SealedLine]:
        """The outcomes that stand, in the order of the input."""
        lines = [line for chunk in self.chunks.values() for line in chunk]
        return sorted(lines, key=lambda line: id_order(line["id"]))


def chunk_places(queue: ChunkQueue) -> dict[str, str]:
    """Every chunk of a stage and the furthest state that holds it.

    States are listed in the order a chunk passes through them, so none is missed
    while workers move them.
    """
    places: dict[str, str] = {}
    for state in ("pending", "claimed", "done"):
        for name in queue.names(state):
            places[name] = state
    return places


def families(queue: ChunkQueue, places: dict[str, str] | None = None) -> Iterator[Family]:
    """Every family of a stage in order."""
    places = chunk_places(queue) if places is None else places
    members: dict[int, list[ChunkName]] = {}
    for name in places:
        parsed = chunk_order(name)
        members.setdefault(parsed.number, []).append(parsed)
    for number in sorted(members):
        yield read_family(queue, number, sorted(members[number]), places)


def read_family(
    queue: ChunkQueue, number: int, members: list[ChunkName], places: dict[str, str]
) -> Family:
    """Read members latest first, so that what they send round again is known."""
    family = Family(number)
    later: set[str] = set()
    for member in sorted(members, reverse=True):
        name = str(member)
        if places[name] in _OPEN_STATES:
            ids = open_ids(queue, name, places[name])
            family.open_ids += ids
        else:
            lines = queue.sealed(name)
            ids = [line["id"] for line in lines]
            family.chunks[name] = [line for line in lines if not _again(line, later)]
        later.update(ids)
    return family


def _again(line: SealedLine, later: set[str]) -> bool:
    return line["outcome"] == "failed" and line["id"] in later


def open_ids(queue: ChunkQueue, name: str, state: str) -> list[str]:
    """Ids of the envelopes of a chunk that isn't sealed."""
    path = queue.folder / state / f"{name}.jsonl"
    return [envelope.id for envelope in parse_envelopes(path.read_bytes(), str(path))]
