"""The parcels that a machine has in hand: published as chunks, their outcomes read back.

A parcel becomes as many chunks as there are workers here, or more, so that all share it.  Knows
the queue folders of a hosted run; processes nothing.  Invariant: of a parcel each outcome is
handed out once, and nothing of one that was dropped.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from math import ceil

from workers.core.files import discard
from workers.queue.chunk_names import ChunkName
from workers.queue.chunk_paths import ChunkPaths, ChunkState
from workers.queue.chunk_queue import ChunkQueue
from workers.queue.envelopes import Envelope, parse_envelopes
from workers.queue.journal import read_journal
from workers.queue.journal_entries import OutcomeRecorded
from workers.queue.locks import KernelLock
from workers.queue.sealed import SealedLine
from workers.run.run_folder import RunFolder


@dataclass
class _Parcel:
    """A chunk, all or part of a parcel: where it is, which of its outcomes were handed out."""

    queue: ChunkQueue
    paths: ChunkPaths
    records: int
    handed: set[str] = field(default_factory=set)
    journal_bytes: int = 0  # seen
    read_bytes: int = 0  # of those, in whole entries
    dropped: bool = False

    @property
    def is_sealed(self) -> bool:
        return os.path.exists(self.paths.state(ChunkState.DONE)) and not os.path.exists(
            self.paths.state(ChunkState.CLAIMED)
        )

    def new_lines(self) -> list[SealedLine]:
        """Outcomes that were not handed out yet, from the journal, or once it is sealed."""
        lines = self.queue.sealed(self.paths.name) if self.is_sealed else self._journaled()
        new = [line for line in lines if line.id not in self.handed]
        self.handed.update(line.id for line in new)
        return [] if self.dropped else new

    def _journaled(self) -> list[SealedLine]:
        try:
            size = os.path.getsize(self.paths.journal)
        except FileNotFoundError:
            return []
        if size == self.journal_bytes:
            return []
        self.journal_bytes = size
        found = read_journal(self.paths.journal, self.read_bytes)
        self.read_bytes = found.good_bytes
        return [entry.sealed for entry in found.entries if isinstance(entry, OutcomeRecorded)]

    def forget(self) -> None:
        """Remove what a sealed chunk has left; nobody will ask for it again."""
        discard(self.paths.state(ChunkState.FAILED))
        discard(self.paths.state(ChunkState.DONE))
        discard(self.paths.lock)


class Parcels:
    """All parcels of one hosted run, which so many `workers` process."""

    def __init__(self, run: RunFolder, workers: int = 1) -> None:
        self._run = run
        self._workers = workers
        self._parcels: list[_Parcel] = []
        self._numbers = 0

    @property
    def in_hand(self) -> int:
        """Records whose outcomes were not handed out, those that were dropped left out."""
        held = (parcel for parcel in self._parcels if not parcel.dropped)
        return sum(parcel.records - len(parcel.handed) for parcel in held)

    def put(self, stage: str, data: bytes) -> None:
        """Publish a parcel; raises QueueError for lines that are no envelopes, and UsageError
        for a stage that the run hasn't."""
        queue = self._run.queue(stage)
        envelopes = parse_envelopes(data, f"a parcel of {queue.name}")
        size = self._piece(len(envelopes))
        for start in range(0, len(envelopes), size):
            self._put(queue, envelopes[start : start + size])
        queue.sync_pending()

    def _piece(self, records: int) -> int:
        """How many of them one worker takes at once: no more than leaves some to each."""
        if self._run.config.no_batching:
            return 1
        return max(1, min(self._run.manifest.chunk_size, ceil(records / self._workers)))

    def _put(self, queue: ChunkQueue, envelopes: list[Envelope]) -> None:
        self._numbers += 1
        name = str(ChunkName(self._numbers))
        queue.put(name, envelopes)
        self._parcels.append(_Parcel(queue, ChunkPaths(queue.folder, name), len(envelopes)))

    def new_outcomes(self) -> list[SealedLine]:
        """Outcomes that were not handed out yet."""
        found = []
        for parcel in list(self._parcels):
            sealed = parcel.is_sealed  # before its lines are read: none come after
            found += parcel.new_lines()
            if sealed:
                parcel.forget()
                self._parcels.remove(parcel)
        return found

    def drop(self) -> None:
        """Nobody waits for any of them any more; those that no worker has are removed."""
        for parcel in list(self._parcels):
            parcel.dropped = True
            lock = KernelLock.try_acquire(parcel.paths.lock)
            if lock is None:  # a worker has it: its outcomes are passed over
                continue
            with lock:
                if discard(parcel.paths.state(ChunkState.PENDING)):
                    self._parcels.remove(parcel)
