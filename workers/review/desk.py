"""The pairs in front of a reviewer: claimed chunks, decisions with versions, sealing.

Knows queues and decisions; does not know who asks, a page or a terminal.  Invariant: a decision
is on the disk before `decide` returns, and none is made on a version that is not the current one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from stages.base import Failed, Outcome, Result
from stages.gates.duplicates import Duplicates
from stages.gates.gates import Failure
from stages.manual_reviewer.decision import Decision, failures, never_kept, outcome_of, recheck
from stages.manual_reviewer.note import ACCEPT, EDIT, DecisionNote
from stages.manual_reviewer.pair import ReviewedPair
from stages.manual_reviewer.rules import AcceptRule
from stages.manual_reviewer.stage import ManualReviewer
from workers.core.errors import QueueError, UsageError
from workers.queue.chunk_paths import OPEN_STATES
from workers.queue.chunk_queue import ChunkQueue
from workers.queue.claimed_chunk import ClaimedChunk
from workers.review.times import ReviewTimes

MOST_CHUNKS = 200  # held at once, so that their pairs fit in memory
FILES_PER_CHUNK = 3  # its lock, itself, its journal
UNDOABLE = 20  # a chunk is sealed when so many decisions came after its last one
OPEN, FAILED = "open", "failed"


class Conflict(Exception):
    """Somebody decided about this pair since; `item` is as it is now."""

    def __init__(self, item: DeskItem) -> None:
        super().__init__(f"pair {item.id} was changed meanwhile")
        self.item = item


class Gone(Exception):
    """There is no such pair here: its chunk is sealed, or another reviewer has it."""


class GatesFailed(Exception):
    """A pair does not pass the gates: an edited one, and nobody said to keep it anyway; or, if
    `final`, nobody can."""

    def __init__(self, failed: Sequence[Failure], final: bool = False) -> None:
        super().__init__("; ".join(one.reason for one in failed))
        self.failures = failed
        self.final = final


@dataclass(frozen=True)
class DeskItem:
    """A pair on the desk, and the chunk it is in."""

    id: str
    pair: ReviewedPair
    chunk: ClaimedChunk

    @property
    def version(self) -> int:
        """Grows with every decision, and with every one taken back."""
        return self.chunk.revision(self.id)

    @property
    def outcome(self) -> Outcome | None:
        line = self.chunk.outcomes.get(self.id)
        return line.outcome if line else None

    @property
    def note(self) -> DecisionNote | None:
        """What the decision said; None while it is open."""
        return DecisionNote.of(self.outcome)

    @property
    def state(self) -> str:
        """open, accept, edit, reject or failed."""
        if isinstance(self.outcome, Failed):
            return FAILED
        note = self.note
        return (note.decision if note else ACCEPT) if self.outcome else OPEN

    @property
    def current(self) -> ReviewedPair:
        """The pair as it leaves: the edited one, where it was edited."""
        outcome = self.outcome
        return ReviewedPair(outcome.records[0]) if isinstance(outcome, Result) else self.pair


class Desk:
    """Holds chunks of one queue until they are decided.  For one thread.

    changes: grows with every change of any pair; `changed_since` names them.
    damaged: what is wrong with chunks that were skipped, by name.
    """

    def __init__(
        self,
        queue: ChunkQueue,
        rules: Sequence[AcceptRule] = (),
        stage: ManualReviewer | None = None,
        worker: str = "reviewer",
        most_chunks: int = MOST_CHUNKS,
        times: ReviewTimes | None = None,
    ) -> None:
        self.changes = 0
        self.items: dict[str, DeskItem] = {}
        self.sealed: Counter[str] = Counter()
        self.damaged: dict[str, str] = {}
        self._queue = queue
        self._rules = rules
        self._stage = stage or ManualReviewer()
        self._bounds = self._stage.recipe.bounds
        self._worker = worker
        self._most_chunks = most_chunks
        self._times = times or ReviewTimes()
        self._chunks: dict[str, ClaimedChunk] = {}
        self._changed: dict[str, int] = {}
        self._states: dict[str, str] = {}  # of the pairs on the desk, and how many of each:
        self._tally: Counter[str] = Counter()
        self._decisions = 0
        self._decided_at: dict[str, int] = {}  # by chunk, the number of its last decision
        self._duplicates = Duplicates(self._bounds)

    # Taking chunks

    def take(self) -> int:
        """Claim chunks that wait, as many as may be held; returns how many were claimed."""
        taken = 0
        while len(self._chunks) < self._most_chunks and (chunk := self._claim()):
            self._lay_out(chunk)
            taken += 1
        return taken

    def _claim(self) -> ClaimedChunk | None:
        while True:
            try:
                return self._queue.claim(self._worker)
            except QueueError:
                self.damaged = {name: str(why) for name, why in self._queue.damaged.items()}

    def _lay_out(self, chunk: ClaimedChunk) -> None:
        self._chunks[chunk.name] = chunk
        for envelope in chunk.envelopes:
            if envelope.record is not None:
                repeats = self._duplicates.check(envelope.record) is not None
                pair = self._stage.shown(envelope.record, repeats)
                self.items[envelope.id] = item = DeskItem(envelope.id, pair, chunk)
                if item.state == OPEN and (outcome := self._by_rule(item)):
                    chunk.record(item.id, outcome)
                    self._log(item)
                self._touch(item.id)
        chunk.sync()
        if not chunk.remaining():
            self._seal(chunk)

    def _by_rule(self, item: DeskItem) -> Outcome | None:
        """The outcome of what no person is asked: no pair, one that no gate lets in, or a rule."""
        if item.pair.problem:
            return Failed(item.pair.problem)
        if why := self._stage.refused(item.pair.record):
            return why
        rule = next((rule for rule in self._rules if rule.accepts(item.id, item.pair)), None)
        return outcome_of(Decision(ACCEPT, rule=rule.words), item.pair) if rule else None

    # Deciding

    def show(self, pair_id: str) -> DeskItem:
        """The pair of this id, which a person looks at from now on; raises Gone."""
        item = self.item(pair_id)
        self._times.shown(pair_id)
        return item

    def item(self, pair_id: str) -> DeskItem:
        """The pair of this id; raises Gone."""
        if pair_id not in self.items:
            raise Gone(f"pair {pair_id} is not here any more")
        return self.items[pair_id]

    def decide(self, pair_id: str, version: int, decision: Decision) -> DeskItem:
        """Journal a decision, durably.

        Raises Gone, Conflict, GatesFailed, or UsageError for what is no decision; OSError or
        QueueError when it can't be written.
        """
        item = self._expected(pair_id, version)
        if decision.problem:
            raise UsageError(decision.problem)
        self._refuse_failing(item, decision)
        if item.outcome is not None:
            item.chunk.withdraw(item.id)
        item.chunk.record(item.id, outcome_of(decision, item.pair, self._bounds))
        self._note(item)
        return item

    def undo(self, pair_id: str, version: int) -> DeskItem:
        """Take a decision back; raises Gone, Conflict, and as `decide` what can't be written."""
        item = self._expected(pair_id, version)
        if item.outcome is not None:
            item.chunk.withdraw(item.id)
            self._note(item)
        return item

    def _expected(self, pair_id: str, version: int) -> DeskItem:
        item = self.item(pair_id)
        if item.version != version:
            raise Conflict(item)
        return item

    def _refuse_failing(self, item: DeskItem, decision: Decision) -> None:
        if decision.action == ACCEPT and (why := self._stage.refused(item.pair.record)):
            raise GatesFailed([Failure(why.details["gate"], why.reason, {})], final=True)
        if decision.action == EDIT:
            found = failures(recheck(decision, item.pair, self._bounds), item.pair)
            never = never_kept(found, item.pair)
            if never or (found and not decision.keep_anyway):
                raise GatesFailed(found, final=bool(never))

    def _note(self, item: DeskItem) -> None:
        item.chunk.sync()
        self._decisions += 1
        self._decided_at[item.chunk.name] = self._decisions
        self._log(item)
        self._touch(item.id)

    def _log(self, item: DeskItem) -> None:
        self._times.decided(item.id, item.note, item.chunk.published)

    def _touch(self, pair_id: str) -> None:
        self.changes += 1
        self._changed[pair_id] = self.changes
        if before := self._states.pop(pair_id, None):
            self._tally[before] -= 1
        if item := self.items.get(pair_id):
            self._states[pair_id] = state = item.state
            self._tally[state] += 1

    def changed_since(self, number: int) -> list[str]:
        """Ids of pairs that were decided about, or came or went, after change `number`."""
        return [pair_id for pair_id, at in self._changed.items() if at > number]

    # Counting

    def counts(self) -> Counter[str]:
        """Pairs by state: those on the desk, and those sealed in this session."""
        return self.sealed + self._tally

    @property
    def open(self) -> int:
        """Pairs on the desk that are not decided."""
        return sum(len(chunk.remaining()) for chunk in self._chunks.values())

    def chunks_elsewhere(self) -> int:
        """Open chunks that are not on this desk: still waiting, damaged, or another reviewer's."""
        names = {name for state in OPEN_STATES for name in self._queue.names(state)}
        return len(names - self._chunks.keys())

    # Sealing

    def seal_settled(self) -> int:
        """Seal the decided chunks whose decisions are too old to be undone; returns how many."""
        return self._seal_all(
            chunk
            for chunk in self._decided()
            if self._decisions - self._decided_at.get(chunk.name, 0) >= UNDOABLE
        )

    def finish(self) -> int:
        """Seal every decided chunk, so that nothing in it can be undone; returns how many."""
        return self._seal_all(self._decided())

    def close(self) -> None:
        """Seal what is decided, and let go of the rest, whose decisions are in the journals."""
        try:
            self.finish()
        finally:
            for chunk in self._chunks.values():
                chunk.release()
            self._chunks.clear()
            self.items.clear()
            self._states.clear()
            self._tally.clear()

    def _decided(self) -> Iterator[ClaimedChunk]:
        return (chunk for chunk in list(self._chunks.values()) if not chunk.remaining())

    def _seal_all(self, chunks: Iterable[ClaimedChunk]) -> int:
        return sum(self._seal(chunk) for chunk in list(chunks))

    def _seal(self, chunk: ClaimedChunk) -> int:
        chunk.seal()
        del self._chunks[chunk.name]
        for envelope in chunk.envelopes:
            if item := self.items.pop(envelope.id, None):
                self.sealed[item.state] += 1
                self._touch(item.id)
        return 1
