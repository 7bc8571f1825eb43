"""Reads the outcomes of one stage's records, chunk lineage by chunk lineage.

A lineage is a chunk and its retries (chunk-000007, chunk-000007.r1, ...); lineages hold
whole ranges of input records, so a reader never needs more than one of them in memory.
Invariant: a failed outcome whose id was requeued in a later chunk is not read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from workers.queue.chunk_folder import ChunkFolder
from workers.queue.chunk_names import ChunkName, chunk_order
from workers.queue.chunk_paths import OPEN_STATES, ChunkState
from workers.queue.json_lines import id_order
from workers.queue.sealed import SealedLine


@dataclass
class Lineage:
    """A chunk and its retries in one stage: their outcomes by chunk, and open records."""

    number: int
    chunks: dict[str, list[SealedLine]] = field(default_factory=dict)
    open_ids: list[str] = field(default_factory=list)

    @property
    def sealed(self) -> list[SealedLine]:
        """The outcomes that stand, in the order of the input."""
        lines = [line for chunk in self.chunks.values() for line in chunk]
        return sorted(lines, key=lambda line: id_order(line.id))

    @property
    def ids(self) -> list[str]:
        """Ids of all its records, with an outcome or without."""
        return [line.id for line in self.sealed] + self.open_ids


def members_by_number(names: Iterable[str]) -> dict[int, list[ChunkName]]:
    """The chunks of each lineage, all in order."""
    members: dict[int, list[ChunkName]] = {}
    for name in sorted(map(chunk_order, names)):
        members.setdefault(name.number, []).append(name)
    return members


def lineages(
    queue: ChunkFolder, places: Mapping[str, ChunkState] | None = None
) -> Iterator[Lineage]:
    """Every lineage of a stage in order; `places` are those of the queue, when known."""
    places = queue.places() if places is None else places
    for members in members_by_number(places).values():
        yield read_lineage(queue, members, places)


def read_lineage(
    queue: ChunkFolder, members: Sequence[ChunkName], places: Mapping[str, ChunkState]
) -> Lineage:
    """Read the members of one lineage, latest first, so that what they requeue is known."""
    lineage = Lineage(members[0].number)
    later: set[str] = set()
    for member in sorted(members, reverse=True):
        name = str(member)
        if places[name] in OPEN_STATES:
            ids = queue.open_ids(name, places[name])
            lineage.open_ids += ids
        else:
            lines = queue.sealed(name)
            ids = [line.id for line in lines]
            lineage.chunks[name] = [line for line in lines if not _is_requeued(line, later)]
        later.update(ids)
    return lineage


def _is_requeued(line: SealedLine, later: set[str]) -> bool:
    return line.has_failed and line.id in later
