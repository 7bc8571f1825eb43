"""Carries records from stage to stage: input to first queue, sealed chunks to the next.

Knows which chunks each stage has and which are sealed; knows no processes.  Invariant:
everything here can be done again after a crash, for a chunk that exists is not published
twice and a sealed chunk always gives the same next chunk.
"""

from __future__ import annotations

import sys
import time
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field

from workers.metrics.session_totals import error_kind
from workers.observe.status import SHOWN_KINDS, RecordCounts, StageStatus
from workers.queue.chunk_queue import ChunkQueue
from workers.queue.envelopes import SealedLine, chunk_order, next_envelopes
from workers.queue.lineage import chunk_places

# A rename within the kernel's clock tick of a listing may not show in the folder's time,
# so a changed folder is listed once more a little later.
_SETTLE_S = 0.1
# Listings may take at most this share of the time, however many chunks there are.
_LISTING_SHARE = 0.1


class DoneFolder:
    """Notices new files in a done folder from its modification time."""

    def __init__(self, queue: ChunkQueue) -> None:
        self._queue = queue
        self._path = queue.folder / "done"
        self._seen: set[str] = set()
        self._modified = -1
        self._look_again: float | None = 0.0
        self._not_before = 0.0

    def new(self) -> list[str]:
        """Names sealed since the last call, in order; usually costs one stat."""
        now = time.monotonic()
        if now < self._not_before:
            return []
        modified = self._path.stat().st_mtime_ns
        if modified != self._modified:
            self._modified, self._look_again = modified, now + _SETTLE_S
        elif self._look_again is None or now < self._look_again:
            return []
        else:
            self._look_again = None
        return self._list(now)

    def _list(self, started: float) -> list[str]:
        names = [name for name in self._queue.names("done") if name not in self._seen]
        self._seen.update(names)
        spent = time.monotonic() - started
        self._not_before = started + spent / _LISTING_SHARE
        return sorted(names, key=chunk_order)


# Failed ids with their kind of error, and the ids that a retry sent round again.
_Ends = tuple[dict[str, str], set[str]]


@dataclass
class Failures:
    """Failed ids of the families that have any, without those that were sent round again."""

    kinds: Counter[str] = field(default_factory=Counter)
    chunks: int = 0
    _families: dict[int, dict[int, _Ends]] = field(default_factory=dict)

    def add(self, chunk: str, lines: Iterable[SealedLine]) -> None:
        """Take in a sealed chunk, in any order."""
        name = chunk_order(chunk)
        lines = list(lines)
        # A few kinds stand for any number of records: keep one string of each.
        failed = {
            line["id"]: sys.intern(error_kind(line["error"]))
            for line in lines
            if line["outcome"] == "failed"
        }
        if not failed and not name.retry:
            return
        family = self._families.setdefault(name.number, {})
        before = _standing(family)
        family[name.retry] = (failed, {line["id"] for line in lines} if name.retry else set())
        after = _standing(family)
        self.kinds = self.kinds - before + after
        self.chunks += (after.total() > 0) - (before.total() > 0)

    @property
    def total(self) -> int:
        """Dead letters that stand."""
        return self.kinds.total()


def _standing(family: dict[int, _Ends]) -> Counter[str]:
    kinds, later = Counter[str](), set[str]()
    for retry in sorted(family, reverse=True):
        failed, ids = family[retry]
        kinds.update(kind for record_id, kind in failed.items() if record_id not in later)
        later |= ids
    return kinds


class StageFlow:
    """One stage: the chunks it was given, those it sealed, and how their records ended."""

    def __init__(self, queue: ChunkQueue) -> None:
        self.queue = queue
        self.name = queue.name
        self.published: set[str] = set()
        self.absorbed: set[str] = set()
        self.earlier: set[str] = set()
        self.records = RecordCounts()
        self.failures = Failures()
        self.outputs = 0
        self.done = DoneFolder(queue)
        self.backlog: deque[str] = deque()

    @property
    def is_through(self) -> bool:
        """Whether every chunk given so far is sealed and handed on."""
        return len(self.absorbed) == len(self.published) and not self.backlog

    @property
    def is_sealed(self) -> bool:
        """Whether no chunk given so far waits for a worker."""
        return len(self.absorbed) + len(self.backlog) == len(self.published)

    def publish(self, name: str, lines: list[bytes]) -> bool:
        """Give the stage a chunk; False if it has it already.  May be called again."""
        fresh = self.put(name, lines)
        if fresh:
            self.queue.settle()
        return fresh

    def put(self, name: str, lines: list[bytes]) -> bool:
        """As `publish`, but the chunk lasts only once the queue was settled."""
        if name in self.published:
            return False
        fresh = self.queue.put(name, lines)
        self.published.add(name)
        return fresh

    def count(self, name: str, lines: list[SealedLine]) -> None:
        """Add a sealed chunk to the counts."""
        ends = Counter(line["outcome"] for line in lines)
        self.records.results += ends["result"]
        self.records.removed += ends["removed"]
        self.failures.add(name, lines)
        self.records.failed = self.failures.total
        self.outputs += sum(len(line["records"]) for line in lines if line["outcome"] == "result")
        self.absorbed.add(name)

    def has_only(self, chunks: Set[str]) -> bool:
        """Whether every chunk that isn't sealed and handed on is one of these."""
        return not self.backlog and self.published - self.absorbed <= chunks

    def status(self) -> StageStatus:
        claimed = len(self.queue.names("claimed"))
        done = len(self.absorbed) + len(self.backlog)
        pending = max(0, len(self.published) - done - claimed)
        failed = self.failures.chunks
        status = StageStatus(self.name, pending, claimed, done, failed, self.records)
        status.dead_letters = dict(self.failures.kinds.most_common(SHOWN_KINDS))
        return status


class Flow:
    """All stages of a run, in order."""

    def __init__(self, queues: Iterable[ChunkQueue]) -> None:
        self.stages = [StageFlow(queue) for queue in queues]

    def scan(self) -> None:
        """See what is there from before; what was sealed is counted again bit by bit."""
        for stage in self.stages:
            places = chunk_places(stage.queue)
            stage.published.update(places)
            stage.earlier = {name for name, state in places.items() if state == "done"}

    @property
    def is_through(self) -> bool:
        return all(stage.is_through for stage in self.stages)

    @property
    def is_sealed(self) -> bool:
        return all(stage.is_sealed for stage in self.stages)

    def advance(self, seconds: float) -> Iterator[tuple[StageFlow, int]]:
        """Hand on sealed chunks for about `seconds`; yields stage and records for each.

        Chunks that were sealed before this coordinator came are counted, not yielded.
        """
        until = time.monotonic() + seconds
        for index, stage in enumerate(self.stages):
            stage.backlog.extend(stage.done.new())
            while stage.backlog and time.monotonic() < until:
                name = stage.backlog[0]
                records = self._hand_on(index, stage, name)
                stage.backlog.popleft()
                if name not in stage.earlier:
                    yield stage, records

    def _hand_on(self, index: int, stage: StageFlow, name: str) -> int:
        lines = stage.queue.sealed(name)
        if index + 1 < len(self.stages):
            following = self.stages[index + 1]
            if name not in following.published:
                envelopes = [envelope.to_bytes() for envelope in next_envelopes(lines)]
                if envelopes:
                    following.publish(name, envelopes)
        # A worker started by hand may seal a chunk that was published behind our back.
        stage.published.add(name)
        stage.count(name, lines)
        return len(lines)
