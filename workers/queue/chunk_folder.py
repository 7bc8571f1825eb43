"""One stage's queue folder as a reader sees it: which chunks it has, and what is in them.

Knows states and files; takes no lock and changes no chunk but its dead letters.  Invariant:
states are listed in the order a chunk passes through them, so a chunk that workers move
meanwhile is seen at least once.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from workers.core.errors import QueueError
from workers.core.files import make_folders, publish, remove
from workers.queue.chunk_names import CHUNK_ENDING, chunk_of_file, chunk_order
from workers.queue.chunk_paths import FOLDERS, LIFE_CYCLE, OPEN_STATES, ChunkPaths, ChunkState
from workers.queue.envelopes import parse_envelopes
from workers.queue.journal import read_journal
from workers.queue.journal_entries import OutcomeRecorded, OutcomeWithdrawn
from workers.queue.sealed import SealedLine, parse_sealed

_PREFIX = "chunk-"


@dataclass(frozen=True)
class ChunkCounts:
    """Chunks of a stage by state; `failed` are those with dead letters, also in `done`."""

    pending: int = 0
    claimed: int = 0
    done: int = 0
    failed: int = 0

    @property
    def total(self) -> int:
        """All chunks, each counted once."""
        return self.pending + self.claimed + self.done

    def by_state(self) -> dict[str, int]:
        """In the order of `ChunkState`."""
        return asdict(self)


class ChunkFolder:
    """A stage's folder in a run."""

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)
        self.name = self.folder.name

    def create(self) -> None:
        """Create the folders; does nothing where they exist."""
        for folder in FOLDERS:
            make_folders(self.folder / folder)

    # Listing

    def exists(self, name: str) -> bool:
        """Whether the chunk is in some state."""
        paths = self._paths(name)
        return any(os.path.exists(paths.state(state)) for state in LIFE_CYCLE)

    def names(self, state: ChunkState) -> list[str]:
        """The chunks in a state, in order.  Lists the folder: not for every claim."""
        names = (chunk_of_file(file) for file in os.listdir(self.folder / state))
        return sorted((name for name in names if name), key=chunk_order)

    def counts(self) -> ChunkCounts:
        """Chunk files by state."""
        return ChunkCounts(**{state.value: self._count(state) for state in ChunkState})

    def _count(self, state: ChunkState) -> int:
        # Names are not parsed: for 40,000 of them that takes 50 ms.
        files = os.listdir(self.folder / state)
        return sum(file.startswith(_PREFIX) and file.endswith(CHUNK_ENDING) for file in files)

    def states(self) -> dict[str, list[ChunkState]]:
        """Every chunk, and the states that hold it: one, or two after a crash."""
        found: dict[str, list[ChunkState]] = {}
        for state in LIFE_CYCLE:
            for name in self.names(state):
                found.setdefault(name, []).append(state)
        return found

    def places(self) -> dict[str, ChunkState]:
        """Every chunk, and the last state it has reached."""
        return {name: states[-1] for name, states in self.states().items()}

    def changed_ns(self, state: ChunkState) -> int:
        """When a chunk last entered or left a state, in nanoseconds; costs one stat."""
        return os.stat(self.folder / state).st_mtime_ns

    # Contents

    def open_ids(self, name: str, state: ChunkState) -> list[str]:
        """Ids of the records of a chunk that isn't sealed."""
        path = self._paths(name).state(state)
        return [envelope.id for envelope in parse_envelopes(path.read_bytes(), str(path))]

    def count_undecided(self) -> int:
        """Records of open chunks that have no outcome in a journal; reads all those chunks."""
        open_chunks = [(name, state) for state in OPEN_STATES for name in self.names(state)]
        return sum(self._undecided(name, state) for name, state in open_chunks)

    def _undecided(self, name: str, state: ChunkState) -> int:
        try:
            ids = set(self.open_ids(name, state))
        except FileNotFoundError:  # somebody has just moved it
            return 0
        decided: set[str] = set()
        for entry in read_journal(self._paths(name).journal).entries:
            if isinstance(entry, OutcomeRecorded):
                decided.add(entry.sealed.id)
            elif isinstance(entry, OutcomeWithdrawn):
                decided.discard(entry.id)
        return len(ids - decided)

    def sealed(self, name: str) -> list[SealedLine]:
        """The outcomes of a chunk in done/; raises QueueError when they are damaged."""
        return self._read_sealed(name, ChunkState.DONE)

    def failed(self, name: str) -> list[SealedLine]:
        """The dead letters of a chunk in failed/."""
        return self._read_sealed(name, ChunkState.FAILED)

    def keep_failed(self, name: str, ids: Iterable[str]) -> None:
        """Remove a chunk's dead letters from failed/, except those with these ids."""
        path = self._paths(name).state(ChunkState.FAILED)
        if not path.exists():
            return
        wanted = set(ids)
        kept = [line.to_bytes() for line in self.failed(name) if line.id in wanted]
        if kept:
            publish(path, kept)
        else:
            remove(path)

    def find_damage(self) -> Iterator[str]:
        """One error message for each open chunk that can't be read, or whose journal can't."""
        for state in OPEN_STATES:
            for name in self.names(state):
                try:
                    self.open_ids(name, state)
                    read_journal(self._paths(name).journal)
                except QueueError as error:
                    yield str(error)

    def _read_sealed(self, name: str, state: ChunkState) -> list[SealedLine]:
        path = self._paths(name).state(state)
        return parse_sealed(path.read_bytes(), str(path))

    def _paths(self, name: str) -> ChunkPaths:
        return ChunkPaths(self.folder, name)
