"""A chunk held by one worker: its envelopes, its journal, and its sealing.

Knows the files of one chunk in one stage; does not know how a chunk is found.
Invariant: the rename into done/ is the only commit, and it needs every record's outcome
and a lock that still guards the chunk.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from stages.base import Failed, Outcome
from workers.core.errors import QueueError
from workers.core.files import publish, remove
from workers.queue import suspects
from workers.queue.chunk_paths import ChunkPaths, ChunkState
from workers.queue.deaths import Death
from workers.queue.envelopes import Envelope, parse_envelopes
from workers.queue.journal import Journal
from workers.queue.journal_entries import (
    ChunkReleased,
    OutcomeRecorded,
    OutcomeWithdrawn,
    RecordsBegun,
    SessionStarted,
)
from workers.queue.locks import InodeLock, KernelLock
from workers.queue.sealed import SealedLine, sealed_line

# How long a claim waits for the coordinator to write a death that decides a record's fate.
DEATH_PATIENCE_S = 2.0


@dataclass(frozen=True)
class ChunkLocks:
    """The lock file's lock, and the chunk file's own in case somebody removes the lock file."""

    file: KernelLock
    inode: InodeLock

    def check(self) -> None:
        """Raise QueueError when the lock file is no longer where it was."""
        self.file.check()

    def release(self) -> None:
        """Release both."""
        self.inode.release()
        self.file.release()


class ClaimedChunk:
    """Made by `ChunkQueue.claim`; ends with `seal` or `release`."""

    def __init__(
        self,
        paths: ChunkPaths,
        locks: ChunkLocks,
        worker: str,
        read_deaths: Callable[[], Mapping[str, Death]],
        on_end: Callable[[str], None] = lambda name: None,
    ) -> None:
        self.name = paths.name
        self.worker = worker
        self._paths = paths
        self._locks = locks
        self._on_end = on_end
        self._ended = False
        claimed = paths.state(ChunkState.CLAIMED)
        # A rename keeps the time of writing, so this is how long it was in its queue.
        self.published = claimed.stat().st_mtime
        self.waited_seconds = max(0.0, time.time() - self.published)
        self.envelopes = parse_envelopes(claimed.read_bytes(), str(claimed))
        self._by_id = {envelope.id: envelope for envelope in self.envelopes}
        self._revisions: Counter[str] = Counter()
        self._journal = Journal(paths.journal)
        try:
            self._resume(read_deaths)
        except BaseException:
            self._journal.close()
            raise

    def _resume(self, read_deaths: Callable[[], Mapping[str, Death]]) -> None:
        history = suspects.replay(self._journal.entries)
        self.outcomes = self._journaled_outcomes()
        self._attempts = dict(history.begun)
        for envelope in self.envelopes:
            if (known := envelope.outcome) is not None:
                self.outcomes[envelope.id] = sealed_line(envelope, known, 1)
        verdict = suspects.judge(history, _deaths_for(history, read_deaths))
        self._suspects = verdict.groups
        self._journal.append(SessionStarted(self.worker))
        for record_id, error in verdict.fatal.items():
            if record_id not in self.outcomes:
                self.record(record_id, Failed(error))

    def _journaled_outcomes(self) -> dict[str, SealedLine]:
        outcomes: dict[str, SealedLine] = {}
        for number, entry in enumerate(self._journal.entries, 1):
            where = f"{self._paths.journal} line {number}"
            if isinstance(entry, OutcomeRecorded):
                line = entry.sealed
                if line.id not in self._by_id or line.id in outcomes:
                    raise QueueError(
                        f"{where}: outcome of {line.id}, which is not open in this chunk"
                    )
                outcomes[line.id] = line
                self._revisions[line.id] += 1
            elif isinstance(entry, OutcomeWithdrawn):
                if outcomes.pop(entry.id, None) is None:
                    raise QueueError(f"{where}: {entry.id} has no outcome to withdraw")
                self._revisions[entry.id] += 1
        return outcomes

    def remaining(self) -> list[str]:
        """Ids without an outcome, in the chunk's order."""
        return [e.id for e in self.envelopes if e.id not in self.outcomes]

    def envelope(self, record_id: str) -> Envelope:
        """The envelope of a record."""
        return self._by_id[record_id]

    def groups(self) -> list[list[str]]:
        """The remaining ids in groups, to be processed one after the other.

        Normally one group; after deaths, halves of what was in flight come first.
        """
        return suspects.plan(self.remaining(), self._suspects)

    @property
    def suspected(self) -> bool:
        """Whether suspects are still open.  While they are, the worker must process nothing
        else: a death could be blamed on the wrong record."""
        return any(i not in self.outcomes for group in self._suspects for i in group)

    def begin(self, ids: Iterable[str], alone: bool = False) -> None:
        """Journal that these records are being processed, before they are.

        `alone`: the worker has no record of any other chunk in flight until these are done;
        always so while the chunk is `suspected`.
        """
        ids = tuple(ids)
        self._journal.append(RecordsBegun(ids, alone or self.suspected))
        for record_id in ids:
            self._attempts[record_id] = self._attempts.get(record_id, 0) + 1

    def record(self, record_id: str, outcome: Outcome, attempts: int | None = None) -> None:
        """Journal a record's one outcome; `attempts` defaults to how often it was begun."""
        if record_id in self.outcomes or record_id not in self._by_id:
            raise QueueError(f"{self.name}: {record_id} already has an outcome, or is not in it")
        tries = attempts if attempts is not None else max(1, self._attempts.get(record_id, 0))
        line = sealed_line(self._by_id[record_id], outcome, tries)
        self._journal.append(OutcomeRecorded(line))
        self.outcomes[record_id] = line
        self._revisions[record_id] += 1

    def withdraw(self, record_id: str) -> None:
        """Journal that a record's outcome no longer stands; the record is open again.

        For decisions of people.  Raises QueueError when there is no outcome, or when the line of
        the input could not be read.
        """
        if record_id not in self.outcomes or self._by_id[record_id].record is None:
            raise QueueError(f"{self.name}: {record_id} has no outcome to withdraw")
        self._journal.append(OutcomeWithdrawn(record_id))
        del self.outcomes[record_id]
        self._revisions[record_id] += 1

    def revision(self, record_id: str) -> int:
        """How often the record's outcome was recorded or withdrawn so far, in all sessions."""
        return self._revisions[record_id]

    def sync(self) -> None:
        """Make the journal durable, and check that the chunk is still this worker's."""
        self._locks.check()
        self._journal.sync()

    def seal(self) -> None:
        """Commit: publish every record's outcome, then let go of the chunk.

        Raises QueueError when outcomes are missing or the lock was lost, OSError when the
        disk fails; the chunk is still held then, and `seal` may be called again.
        """
        if missing := self.remaining():
            raise QueueError(f"{self.name}: no outcome yet for {', '.join(missing[:5])}")
        lines = [self.outcomes[envelope.id] for envelope in self.envelopes]
        self._publish_failed([line for line in lines if line.has_failed])
        self._locks.check()
        publish(self._paths.state(ChunkState.DONE), (line.to_bytes() for line in lines))
        self._journal.close()
        self._paths.clean_up()
        self._end()

    def _publish_failed(self, failed: list[SealedLine]) -> None:
        path = self._paths.state(ChunkState.FAILED)
        if failed:
            publish(path, (line.to_bytes() for line in failed))
        else:
            remove(path)

    def release(self, clean: bool = True) -> None:
        """Let go of the chunk; it stays in claimed/ with its journal, for the next worker.

        `clean`: journal that the worker did not die, so that no record in flight becomes a
        suspect.
        """
        if self._ended:
            return
        try:
            if clean:
                # A full disk must not keep the lock: the next worker then only halves.
                with suppress(OSError, QueueError):
                    self._journal.append(ChunkReleased())
        finally:
            self._journal.close()
            self._end()

    def _end(self) -> None:
        if not self._ended:
            self._ended = True
            self._locks.release()
            self._on_end(self.name)


def _deaths_for(
    history: suspects.History, read_deaths: Callable[[], Mapping[str, Death]]
) -> Mapping[str, Death]:
    """The known deaths, after a short wait for one that the coordinator is about to write."""
    if not history.lost_sessions():
        return {}
    deadline = time.monotonic() + DEATH_PATIENCE_S
    deaths = read_deaths()
    while suspects.needs_cause(history, deaths) and time.monotonic() < deadline:
        time.sleep(0.05)
        deaths = read_deaths()
    return deaths
