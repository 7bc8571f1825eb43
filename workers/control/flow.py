"""Carries records from stage to stage: input to first queue, sealed chunks to the next.

Knows which chunks each stage has and which are sealed; knows no processes.  Invariant:
everything here can be done again after a crash, for a chunk that exists is not published
twice and a sealed chunk always gives the same next chunk.
"""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from stages import BY_HAND
from stages.base import Failed
from workers.metrics.reasons import Reasons
from workers.observe.status import SHOWN_KINDS, RecordCounts, StageSpeed, StageStatus
from workers.queue.chunk_folder import ChunkCounts
from workers.queue.chunk_names import chunk_order
from workers.queue.chunk_paths import ChunkState
from workers.queue.chunk_queue import ChunkQueue
from workers.queue.sealed import OutcomeCounts, SealedLine, count_outcomes, next_envelopes

# A rename within the kernel's clock tick of a listing may not show in the folder's time,
# so a changed folder is listed once more a little later.
_SETTLE_S = 0.1
# Listings may take at most this share of the time, however many chunks there are.
_LISTING_SHARE = 0.1


class DoneFolder:
    """Notices new chunks in done/ from the folder's modification time."""

    def __init__(self, queue: ChunkQueue) -> None:
        self._queue = queue
        self._seen: set[str] = set()
        self._modified = -1
        self._look_again: float | None = 0.0
        self._not_before = 0.0

    def new(self) -> list[str]:
        """Names sealed since the last call, in order; usually costs one stat."""
        now = time.monotonic()
        if now < self._not_before:
            return []
        modified = self._queue.changed_ns(ChunkState.DONE)
        if modified != self._modified:
            self._modified, self._look_again = modified, now + _SETTLE_S
        elif self._look_again is None or now < self._look_again:
            return []
        else:
            self._look_again = None
        return self._list(now)

    def _list(self, started: float) -> list[str]:
        names = [name for name in self._queue.names(ChunkState.DONE) if name not in self._seen]
        self._seen.update(names)
        spent = time.monotonic() - started
        self._not_before = started + spent / _LISTING_SHARE
        return names


@dataclass(frozen=True)
class _LineageChunk:
    """A sealed chunk of a lineage: failed ids by kind of error, and the ids it requeued."""

    failed: dict[str, str]
    requeued: frozenset[str] = frozenset()


@dataclass
class DeadLetters:
    """Ids that failed and have not been requeued, by chunk lineage."""

    reasons: Reasons = field(default_factory=Reasons)
    chunks: int = 0
    _lineages: dict[int, dict[int, _LineageChunk]] = field(default_factory=dict)

    def add(self, chunk: str, lines: Iterable[SealedLine]) -> None:
        """Count a sealed chunk; chunks may come in any order."""
        name = chunk_order(chunk)
        lines = list(lines)
        failed = {
            line.id: self.reasons.note(line.outcome.error)
            for line in lines
            if isinstance(line.outcome, Failed)
        }
        if not failed and not name.retry:
            return
        requeued = frozenset(line.id for line in lines) if name.retry else frozenset()
        lineage = self._lineages.setdefault(name.number, {})
        before = _standing(lineage)
        lineage[name.retry] = _LineageChunk(failed, requeued)
        after = _standing(lineage)
        self.reasons.exchange(before, after)
        self.chunks += (after.total() > 0) - (before.total() > 0)

    @property
    def total(self) -> int:
        """Dead letters that stand."""
        return self.reasons.total


def _standing(lineage: dict[int, _LineageChunk]) -> Counter[str]:
    """Failures of a lineage by kind, but for those of ids that a later chunk requeued."""
    kinds, later = Counter[str](), set[str]()
    for retry in sorted(lineage, reverse=True):
        member = lineage[retry]
        kinds.update(kind for record_id, kind in member.failed.items() if record_id not in later)
        later |= member.requeued
    return kinds


class StageFlow:
    """One stage: the chunks it was given, those it sealed, and how their records ended."""

    def __init__(self, queue: ChunkQueue) -> None:
        self.queue = queue
        self.name = queue.name
        self.by_hand = queue.name in BY_HAND
        self.published: set[str] = set()
        self.forwarded: set[str] = set()
        self.earlier: set[str] = set()
        self.dead_letters = DeadLetters()
        self.outputs = 0
        self.done = DoneFolder(queue)
        self.backlog: deque[str] = deque()
        self._ends = OutcomeCounts()

    @property
    def is_finished(self) -> bool:
        """Whether every chunk given so far is sealed and forwarded."""
        return len(self.forwarded) == len(self.published) and not self.backlog

    @property
    def is_sealed(self) -> bool:
        """Whether no chunk given so far waits for a worker."""
        return self.by_hand or len(self.forwarded) + len(self.backlog) == len(self.published)

    @property
    def awaits_review(self) -> bool:
        """Whether it only waits for a person, who has not sealed anything unseen meanwhile.

        Lists folders: for when nothing else is left to do.
        """
        if not self.by_hand or self.backlog:
            return False
        waiting = len(self.queue.names(ChunkState.PENDING)) + self.claimed()
        return waiting >= len(self.published) - len(self.forwarded) > 0

    @property
    def ends(self) -> OutcomeCounts:
        """How records ended; those that failed and were requeued count once, as they end."""
        return OutcomeCounts(self._ends.results, self._ends.removed, self.dead_letters.total)

    def publish(self, name: str, lines: list[bytes]) -> bool:
        """Give the stage a chunk, durably; False if it has it already.  May be called again."""
        fresh = self.put(name, lines)
        if fresh:
            self.queue.sync_pending()
        return fresh

    def put(self, name: str, lines: list[bytes]) -> bool:
        """As `publish`, but the chunk is durable only after the queue's `sync_pending`."""
        if name in self.published:
            return False
        fresh = self.queue.put(name, lines)
        self.published.add(name)
        return fresh

    def count(self, name: str, lines: list[SealedLine]) -> None:
        """Add a sealed chunk to the counts."""
        self._ends += count_outcomes(lines)
        self.dead_letters.add(name, lines)
        self.outputs += sum(len(line.records) for line in lines)
        self.forwarded.add(name)

    def has_only(self, chunks: Iterable[str]) -> bool:
        """Whether every chunk that isn't sealed and forwarded is one of these: STAGE/CHUNK."""
        named = {chunk.removeprefix(f"{self.name}/") for chunk in chunks}
        return not self.backlog and self.published - self.forwarded <= named

    def claimed(self) -> int:
        """Chunks that workers have now; lists a folder."""
        return len(self.queue.names(ChunkState.CLAIMED))

    def status(self, entered: int, speed: StageSpeed) -> StageStatus:
        """The stage as it is now; `entered`: records that came in."""
        done, claimed = len(self.forwarded) + len(self.backlog), self.claimed()
        pending = max(0, len(self.published) - done - claimed)
        chunks = ChunkCounts(pending, claimed, done, self.dead_letters.chunks)
        records = RecordCounts.of(entered, self.ends)
        shown = self.dead_letters.reasons.most_common(SHOWN_KINDS)
        return StageStatus(self.name, chunks, records, speed, shown)


class Flow:
    """All stages of a run, in order."""

    def __init__(self, queues: Iterable[ChunkQueue]) -> None:
        self.stages = [StageFlow(queue) for queue in queues]

    def scan(self) -> None:
        """See what is there from before; what was sealed is counted again bit by bit."""
        for stage in self.stages:
            places = stage.queue.places()
            stage.published.update(places)
            stage.earlier = {name for name, state in places.items() if state == ChunkState.DONE}

    @property
    def is_finished(self) -> bool:
        """Whether every stage is."""
        return all(stage.is_finished for stage in self.stages)

    @property
    def is_sealed(self) -> bool:
        """Whether every stage is."""
        return all(stage.is_sealed for stage in self.stages)

    def has_only(self, chunks: Iterable[str]) -> bool:
        """Whether nothing is left to do but these chunks: STAGE/CHUNK."""
        chunks = tuple(chunks)
        return all(stage.has_only(chunks) for stage in self.stages)

    def awaits_review(self, damaged: Iterable[str] = ()) -> bool:
        """Whether nothing is left to do but what people have to decide, and damaged chunks."""
        damaged = tuple(damaged)
        left = [stage for stage in self.stages if not stage.has_only(damaged)]
        return bool(left) and all(stage.awaits_review for stage in left)

    def undecided(self) -> int:
        """Records that wait for people; reads the open chunks of their stages."""
        return sum(stage.queue.count_undecided() for stage in self.stages if stage.by_hand)

    def advance(self, seconds: float) -> Iterator[tuple[StageFlow, int]]:
        """Forward sealed chunks for about `seconds`; yields stage and records for each.

        Chunks that were sealed before this coordinator came are counted, not yielded.
        """
        until = time.monotonic() + seconds
        for index, stage in enumerate(self.stages):
            stage.backlog.extend(stage.done.new())
            if stage.backlog:  # or a power cut could take back what was forwarded already
                stage.queue.sync_done()
            while stage.backlog and time.monotonic() < until:
                name = stage.backlog[0]
                records = self._forward(index, stage, name)
                stage.backlog.popleft()
                if name not in stage.earlier:
                    yield stage, records

    def _forward(self, index: int, stage: StageFlow, name: str) -> int:
        lines = stage.queue.sealed(name)
        following = self.stages[index + 1] if index + 1 < len(self.stages) else None
        if following and name not in following.published:
            envelopes = [envelope.to_bytes() for envelope in next_envelopes(lines)]
            if envelopes:
                following.publish(name, envelopes)
        # A worker started by hand may seal a chunk that was published behind our back.
        stage.published.add(name)
        stage.count(name, lines)
        return len(lines)
