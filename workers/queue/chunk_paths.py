"""The states of a chunk in their order, and the paths of its files in each.

Knows names and folders; opens no chunk.  Invariant: every path inside a stage's queue folder
is built here or in `ChunkFolder`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from workers.core.files import discard, fsync_dir, temporary
from workers.queue.chunk_names import CHUNK_ENDING

_LOCKS = "locks"
_JOURNAL_ENDING = ".journal"


class ChunkState(StrEnum):
    """The folders of chunk files, in the order a chunk passes through them.

    FAILED is not a stop on that way: it holds the dead letters of chunks that are in DONE.
    """

    PENDING = "pending"
    CLAIMED = "claimed"
    DONE = "done"
    FAILED = "failed"


OPEN_STATES = (ChunkState.PENDING, ChunkState.CLAIMED)
LIFE_CYCLE = (*OPEN_STATES, ChunkState.DONE)
FOLDERS = (*ChunkState, _LOCKS)


@dataclass(frozen=True)
class ChunkPaths:
    """Where the files of one chunk are."""

    folder: Path
    name: str

    def state(self, state: ChunkState) -> Path:
        """The chunk's file in the folder of a state."""
        return self.folder / state / f"{self.name}{CHUNK_ENDING}"

    @property
    def journal(self) -> Path:
        return self.folder / ChunkState.CLAIMED / f"{self.name}{_JOURNAL_ENDING}"

    @property
    def lock(self) -> Path:
        return self.folder / _LOCKS / f"{self.name}.lock"

    def clean_up(self) -> None:
        """Drop what a sealed chunk leaves in claimed/.  The journal first: a chunk that is
        still in claimed/ will be met by the next claim, a journal alone would not."""
        discard(self.journal)
        discard(self.state(ChunkState.CLAIMED))
        fsync_dir(self.folder / ChunkState.CLAIMED)

    def drop_temporaries(self) -> list[Path]:
        """Remove files that a killed holder left half-written; call it with the lock held."""
        states = (ChunkState.DONE, ChunkState.FAILED)
        left = [temporary(self.state(state)) for state in states]
        return [path for path in left if discard(path)]


def chunk_file_of(file_name: str) -> str:
    """The chunk file that a file in claimed/ belongs to: itself, or the one of a journal."""
    stem = file_name.removesuffix(_JOURNAL_ENDING)
    return file_name if stem == file_name else stem + CHUNK_ENDING
