"""One stage's queue folder: publish chunks, claim them, list them, clean up after crashes.

Knows names, states and locks; a chunk's records are the claimed chunk's matter.
Invariant: a chunk moves pending -> claimed -> done, and only the holder of its locks moves it.
"""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from workers.core.errors import QueueError
from workers.core.files import discard, fsync_dir, is_temporary, make_folders, move, put
from workers.queue.claimed_chunk import ChunkLocks, ChunkPaths, ClaimedChunk
from workers.queue.deaths import Death, read_deaths
from workers.queue.envelopes import (
    Envelope,
    SealedLine,
    chunk_of_file,
    chunk_order,
    envelope_bytes,
    parse_envelopes,
    parse_sealed,
)
from workers.queue.journal import read_journal
from workers.queue.locks import InodeLock, KernelLock

STATES = ("pending", "claimed", "done", "failed")
_FOLDERS = (*STATES, "locks")
# A change within the file system's clock tick can leave the folder's time as it was.
_RELIST_S = 1.0


class ChunkQueue:
    """A stage's folder in a run.  One object per process; not for several threads."""

    def __init__(self, folder: Path, deaths_file: Path | None = None) -> None:
        self.folder = Path(folder)
        self.name = self.folder.name
        self.damaged: dict[str, QueueError] = {}
        self._deaths_file = deaths_file or self.folder.parent / "deaths.jsonl"
        self._waiting: deque[str] = deque()
        self._listed_at = (0, float("-inf"))
        self._held: set[str] = set()

    def create(self) -> None:
        """Make the folders; harmless when they exist."""
        for folder in _FOLDERS:
            make_folders(self.folder / folder)

    # Publishing and looking

    def publish(self, name: str, envelopes: Iterable[Envelope | Mapping[str, Any] | bytes]) -> bool:
        """Put a chunk into pending/; False when it exists in any state already."""
        put_one = self.put(name, envelopes)
        if put_one:
            self.settle()
        return put_one

    def put(self, name: str, envelopes: Iterable[Envelope | Mapping[str, Any] | bytes]) -> bool:
        """As `publish`, but until `settle` a power cut may take the chunk back, whole."""
        chunk_order(name)
        if self.exists(name):
            return False
        put(self._paths(name).state("pending"), map(envelope_bytes, envelopes))
        return True

    def settle(self) -> None:
        """Make the chunks last that were put: one sync for many of them."""
        fsync_dir(self.folder / "pending")

    def exists(self, name: str) -> bool:
        """Whether the chunk is in some state.  In the order chunks move, so none slips past."""
        paths = self._paths(name)
        return any(os.path.exists(paths.state(state)) for state in ("pending", "claimed", "done"))

    def names(self, state: str) -> list[str]:
        """The chunks in a state, in order.  Lists the folder: not for every claim."""
        return sorted(self._list(state), key=chunk_order)

    def counts(self) -> dict[str, int]:
        """Chunk files by state."""
        return {state: len(self._list(state)) for state in STATES}

    def sealed(self, name: str) -> list[SealedLine]:
        """The outcomes of a chunk in done/; raises QueueError when they are damaged."""
        return self._read_sealed(name, "done")

    def failed(self, name: str) -> list[SealedLine]:
        """The dead letters of a chunk in failed/."""
        return self._read_sealed(name, "failed")

    def find_damage(self) -> Iterator[str]:
        """What is wrong with each open chunk, or its journal, that can't be read."""
        for state in ("pending", "claimed"):
            for name in self.names(state):
                paths = self._paths(name)
                try:
                    parse_envelopes(paths.state(state).read_bytes(), str(paths.state(state)))
                    read_journal(paths.journal)
                except QueueError as error:
                    yield str(error)

    def _read_sealed(self, name: str, state: str) -> list[SealedLine]:
        path = self._paths(name).state(state)
        return parse_sealed(path.read_bytes(), str(path))

    def _list(self, state: str) -> list[str]:
        names = (chunk_of_file(file) for file in os.listdir(self.folder / state))
        return [name for name in names if name]

    def _paths(self, name: str) -> ChunkPaths:
        return ChunkPaths(self.folder, name)

    # Claiming

    def claim(self, worker: str | None = None) -> ClaimedChunk | None:
        """Take a chunk: first one whose worker died, then a waiting one; None if there is none.

        `worker` is the spawn id that the journal gets.  Raises QueueError or JournalError
        for a damaged chunk, once; it is kept in `damaged` and passed over from then on.
        """
        worker = worker or f"pid-{os.getpid()}"
        for name in self._candidates():
            chunk = self._claim_named(name, worker)
            if chunk is not None:
                return chunk
        return None

    def _candidates(self) -> Iterator[str]:
        yield from (n for n in self.names("claimed") if n not in self._held | self.damaged.keys())
        relisted = False
        while True:
            while self._waiting:
                name = self._waiting.popleft()
                # Others took most of these names already: a stat is cheaper than a lock.
                if self._is_waiting(name):
                    yield name
            if relisted or not self._list_waiting():
                return
            relisted = True

    def count_open(self, most: int) -> int:
        """How many chunks wait or are claimed, counted up to `most`; damaged ones don't.

        Cheap while many wait: the last ones listed are the last to be claimed.
        """
        claimed = len(set(self.names("claimed")) - self.damaged.keys())
        count = claimed + self._count_waiting(most - claimed)
        if count < most and self._list_waiting():
            count = claimed + self._count_waiting(most - claimed)
        return min(count, most)

    def _count_waiting(self, most: int) -> int:
        waiting = (name for name in reversed(self._waiting) if self._is_waiting(name))
        return sum(1 for _ in islice(waiting, max(0, most)))

    def _is_waiting(self, name: str) -> bool:
        return name not in self.damaged and os.path.exists(self._paths(name).state("pending"))

    def _list_waiting(self) -> bool:
        """List pending/ again, only when it may have changed; cheap, for few are left by then."""
        changed = os.stat(self.folder / "pending").st_mtime_ns
        last_change, last_time = self._listed_at
        now = time.monotonic()
        if changed == last_change and now - last_time < _RELIST_S:
            return False
        self._waiting = deque(self.names("pending"))
        self._listed_at = (changed, now)
        return bool(self._waiting)

    def _claim_named(self, name: str, worker: str) -> ClaimedChunk | None:
        paths = self._paths(name)
        lock = KernelLock.try_take(paths.lock)
        if lock is None:
            return None
        try:
            chunk = self._claim_locked(paths, lock, worker)
        except QueueError as error:
            self.damaged[name] = error
            lock.release()
            raise
        except BaseException:
            lock.release()
            raise
        if chunk is None:
            lock.release()
        return chunk

    def _claim_locked(
        self, paths: ChunkPaths, lock: KernelLock, worker: str
    ) -> ClaimedChunk | None:
        inode = self._bring_to_claimed(paths)
        if inode is None:
            return None
        try:
            lock.check()
            chunk = ClaimedChunk(
                paths, ChunkLocks(lock, inode), worker, self._read_deaths, self._held.discard
            )
        except BaseException:
            inode.release()
            raise
        self._held.add(paths.name)
        return chunk

    def _bring_to_claimed(self, paths: ChunkPaths) -> InodeLock | None:
        """Lock the chunk file itself and have it in claimed/; None when that can't be."""
        pending, claimed = paths.state("pending"), paths.state("claimed")
        if os.path.exists(paths.state("done")):
            self._finish_seal(paths)
            return None
        orphan = os.path.exists(claimed)
        inode = InodeLock.try_take(claimed if orphan else pending)
        if inode is None:
            return None
        try:
            if not orphan and inode.is_at(pending):
                move(pending, claimed)
            if inode.is_at(claimed):
                paths.drop_temporaries()
                return inode
        except BaseException:
            inode.release()
            raise
        inode.release()
        return None

    def _finish_seal(self, paths: ChunkPaths) -> bool:
        """Clean up after a worker that died between its commit and its cleaning."""
        left = [p for p in (paths.state("claimed"), paths.journal) if os.path.lexists(p)]
        if left:
            fsync_dir(self.folder / "done")
            paths.clean_up()
        return bool(left)

    def _read_deaths(self) -> dict[str, Death]:
        return read_deaths(self._deaths_file)

    # Cleaning up

    def recover(self) -> list[str]:
        """Remove what crashes left of chunks that nobody holds; says what it did.

        For the coordinator at its start: it is the only publisher, so drafts in pending/
        are nobody's.
        """
        done = [f"removed {path}" for path in self._stray_drafts("pending") if discard(path)]
        for name in self._suspicious_names():
            with self._locked(name) as lock:
                if lock:
                    done += self._recover_chunk(self._paths(name))
        return done

    def _stray_drafts(self, state: str) -> list[Path]:
        folder = self.folder / state
        return [folder / file for file in os.listdir(folder) if is_temporary(file)]

    def _suspicious_names(self) -> list[str]:
        files = os.listdir(self.folder / "claimed")
        found = {chunk_of_file(file.replace(".journal", ".jsonl")) for file in files}
        for state in ("claimed", "done", "failed"):
            drafts = self._stray_drafts(state)
            found |= {chunk_of_file(path.name[1:].removesuffix(".tmp")) for path in drafts}
        return sorted((name for name in found if name), key=chunk_order)

    def _recover_chunk(self, paths: ChunkPaths) -> list[str]:
        claimed = paths.state("claimed")
        inode = InodeLock.try_take(claimed)
        if inode is None and os.path.exists(claimed):
            return []  # its lock file was removed, but its holder lives
        try:
            return self._recover_unheld(paths)
        finally:
            if inode:
                inode.release()

    def _recover_unheld(self, paths: ChunkPaths) -> list[str]:
        done = [f"removed {path}" for path in paths.drop_temporaries()]
        if os.path.exists(paths.state("done")):
            if self._finish_seal(paths):
                done.append(f"finished sealing {self.name} {paths.name}")
        elif not self.exists(paths.name) and discard(paths.journal):
            done.append(f"removed {paths.journal}")
        return done

    @contextmanager
    def _locked(self, name: str) -> Iterator[KernelLock | None]:
        lock = KernelLock.try_take(self._paths(name).lock)
        try:
            yield lock
        finally:
            if lock:
                lock.release()
