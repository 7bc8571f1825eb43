"""One stage's queue: publish chunks, claim them, clean up after crashes.

Knows states and locks; a chunk's records are the claimed chunk's matter.  Invariant: a chunk
moves pending -> claimed -> done, and only the holder of its locks moves it.
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
from workers.core.files import discard, fsync_dir, is_temporary, move, named_by, put
from workers.queue.chunk_folder import ChunkFolder
from workers.queue.chunk_names import chunk_of_file, chunk_order
from workers.queue.chunk_paths import ChunkPaths, ChunkState, chunk_file_of
from workers.queue.claimed_chunk import ChunkLocks, ClaimedChunk
from workers.queue.deaths import DEATHS_FILE, Death, read_deaths
from workers.queue.envelopes import Envelope, envelope_bytes
from workers.queue.locks import InodeLock, KernelLock

# A change within the file system's clock tick can leave the folder's time as it was.
_RELIST_S = 1.0


class ChunkQueue(ChunkFolder):
    """A stage's folder in a run.  One object per process; not for several threads."""

    def __init__(self, folder: Path, deaths_file: Path | None = None) -> None:
        super().__init__(folder)
        self.damaged: dict[str, QueueError] = {}
        self._deaths_file = deaths_file or self.folder.parent / DEATHS_FILE
        self._waiting: deque[str] = deque()
        self._listed_at = (0, float("-inf"))
        self._held: set[str] = set()

    # Publishing

    def publish(self, name: str, envelopes: Iterable[Envelope | Mapping[str, Any] | bytes]) -> bool:
        """Put a chunk into pending/, durably; False when it exists in any state already."""
        fresh = self.put(name, envelopes)
        if fresh:
            self.sync_pending()
        return fresh

    def put(self, name: str, envelopes: Iterable[Envelope | Mapping[str, Any] | bytes]) -> bool:
        """As `publish`, but until `sync_pending` a power cut may undo it, as a whole."""
        chunk_order(name)
        if self.exists(name):
            return False
        put(self._paths(name).state(ChunkState.PENDING), map(envelope_bytes, envelopes))
        return True

    def sync_pending(self) -> None:
        """Fsync the folder once for all chunks put so far."""
        fsync_dir(self.folder / ChunkState.PENDING)

    def sync_done(self) -> None:
        """Fsync the folder of sealed chunks: a rename may be seen before it is durable."""
        fsync_dir(self.folder / ChunkState.DONE)

    # Claiming

    def claim(self, worker: str | None = None) -> ClaimedChunk | None:
        """Claim a chunk: one whose worker died, else a pending one; None if there is none.

        `worker` is the spawn id that the journal gets.  Raises QueueError or JournalError
        for a damaged chunk, once; it is kept in `damaged` and skipped from then on.
        """
        worker = worker or f"pid-{os.getpid()}"
        for name in self._candidates():
            chunk = self._claim_named(name, worker)
            if chunk is not None:
                return chunk
        return None

    def claim_named(self, name: str, worker: str) -> ClaimedChunk | None:
        """Claim this chunk; None when somebody else has it, or when it is sealed.

        Raises as `claim` does.
        """
        return None if name in self._held else self._claim_named(name, worker)

    def _candidates(self) -> Iterator[str]:
        skipped = self._held | self.damaged.keys()
        yield from (name for name in self.names(ChunkState.CLAIMED) if name not in skipped)
        relisted = False
        while True:
            while self._waiting:
                name = self._waiting.popleft()
                # Others have claimed most of these already: a stat is cheaper than a lock.
                if self._is_waiting(name):
                    yield name
            if relisted or not self._list_waiting():
                return
            relisted = True

    def count_open(self, limit: int) -> int:
        """Chunks that are pending or claimed, counted up to `limit`; damaged ones are left out.

        Cheap while many are pending: the last ones listed are the last to be claimed.
        """
        claimed = len(set(self.names(ChunkState.CLAIMED)) - self.damaged.keys())
        count = claimed + self._count_waiting(limit - claimed)
        if count < limit and self._list_waiting():
            count = claimed + self._count_waiting(limit - claimed)
        return min(count, limit)

    def _count_waiting(self, limit: int) -> int:
        waiting = (name for name in reversed(self._waiting) if self._is_waiting(name))
        return sum(1 for _ in islice(waiting, max(0, limit)))

    def _is_waiting(self, name: str) -> bool:
        path = self._paths(name).state(ChunkState.PENDING)
        return name not in self.damaged and os.path.exists(path)

    def _list_waiting(self) -> bool:
        """List pending/ again if it may have changed; few chunks are left by then."""
        changed = self.changed_ns(ChunkState.PENDING)
        last_change, last_time = self._listed_at
        now = time.monotonic()
        if changed == last_change and now - last_time < _RELIST_S:
            return False
        self._waiting = deque(self.names(ChunkState.PENDING))
        self._listed_at = (changed, now)
        return bool(self._waiting)

    def _claim_named(self, name: str, worker: str) -> ClaimedChunk | None:
        paths = self._paths(name)
        lock = KernelLock.try_acquire(paths.lock)
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
        """Lock the chunk file itself and move it to claimed/; None when another worker has it."""
        pending, claimed = paths.state(ChunkState.PENDING), paths.state(ChunkState.CLAIMED)
        if os.path.exists(paths.state(ChunkState.DONE)):
            self._finish_seal(paths)
            return None
        orphan = os.path.exists(claimed)
        inode = InodeLock.try_acquire(claimed if orphan else pending)
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
        """Clean up after a worker that died between its commit and its own clean-up."""
        left = (paths.state(ChunkState.CLAIMED), paths.journal)
        if not any(map(os.path.lexists, left)):
            return False
        fsync_dir(self.folder / ChunkState.DONE)
        paths.clean_up()
        return True

    def _read_deaths(self) -> dict[str, Death]:
        return read_deaths(self._deaths_file)

    # Cleaning up

    def recover(self) -> list[str]:
        """Remove what crashes left of chunks that nobody holds; returns what was done.

        For the coordinator at its start: it is the only publisher, so temporary files in
        pending/ are nobody's.
        """
        strays = self._temporaries(ChunkState.PENDING)
        done = [f"removed {path}" for path in strays if discard(path)]
        for name in self._suspicious_names():
            with self._locked(name) as lock:
                if lock:
                    done += self._recover_chunk(self._paths(name))
        return done

    def _temporaries(self, state: ChunkState) -> list[Path]:
        folder = self.folder / state
        return [folder / file for file in os.listdir(folder) if is_temporary(file)]

    def _suspicious_names(self) -> list[str]:
        files = os.listdir(self.folder / ChunkState.CLAIMED)
        found = {chunk_of_file(chunk_file_of(file)) for file in files}
        for state in (ChunkState.CLAIMED, ChunkState.DONE, ChunkState.FAILED):
            found |= {chunk_of_file(named_by(path.name)) for path in self._temporaries(state)}
        return sorted((name for name in found if name), key=chunk_order)

    def _recover_chunk(self, paths: ChunkPaths) -> list[str]:
        claimed = paths.state(ChunkState.CLAIMED)
        inode = InodeLock.try_acquire(claimed)
        if inode is None and os.path.exists(claimed):
            return []  # its lock file was removed, but its holder lives
        try:
            return self._recover_unheld(paths)
        finally:
            if inode:
                inode.release()

    def _recover_unheld(self, paths: ChunkPaths) -> list[str]:
        done = [f"removed {path}" for path in paths.drop_temporaries()]
        if os.path.exists(paths.state(ChunkState.DONE)):
            if self._finish_seal(paths):
                done.append(f"finished sealing {self.name} {paths.name}")
        elif not self.exists(paths.name) and discard(paths.journal):
            done.append(f"removed {paths.journal}")
        return done

    @contextmanager
    def _locked(self, name: str) -> Iterator[KernelLock | None]:
        lock = KernelLock.try_acquire(self._paths(name).lock)
        try:
            yield lock
        finally:
            if lock:
                lock.release()
