"""The proxy of one machine: claims chunks like a worker, has them processed there, seals them here.

Knows the run's queues and a way to send a message; knows no Dask.  Invariant: only this side
writes to the queue, and a chunk whose machine is lost stays claimed with its journal and a free
lock.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from stages.base import Stage
from workers.cluster.connection import (
    MachineFull,
    MachineLost,
    MachineRefused,
    MachineSilent,
)
from workers.cluster.feed import Feed
from workers.cluster.losses import Loss, Witness
from workers.cluster.messages import (
    HostState,
    MessageError,
    MessagePart,
    PartKind,
    Reply,
    Request,
    RunOffer,
)
from workers.cluster.remote_logs import RemoteLogs
from workers.cluster.remote_stage import ELSEWHERE, Outbox, remote_stages
from workers.cluster.sharing import Hand
from workers.cluster.verdicts import Verdicts
from workers.core.errors import QueueError
from workers.observe.meters import Rate
from workers.performance_logger import PerformanceLogger
from workers.run.heartbeat import WorkerState
from workers.run.run_folder import RunFolder
from workers.worker.chunks_in_hand import ChunksInHand
from workers.worker.metrics import log_chunk

Send = Callable[[bytes], Awaitable[bytes]]

_IDLE_S = 0.5  # between two looks for a chunk
_SYNC_S = 1.0
_REST_S = 5.0  # after a chunk was given back: others look for one meanwhile
_SHOWN_SPEED_S = 10.0  # without an outcome for so long, a machine has shown that it is slow
_SUDDEN_S = 10.0  # a machine that answered so lately and is gone now ended by itself
_LOADED = (WorkerState.IDLE, WorkerState.WORKING)


@dataclass
class Proxy:
    """What one machine has of a run.

    verdicts: what is known of the stages' trials.
    control_for: seconds that it has to work with other records before it tries a suspect alone.
    wait: the longest that the machine may take to answer while it has little to say, in seconds.
    workers: how many worker processes of the run share the last chunks, its own included.
    fresh: no other session was with the same process there.
    lost: it is gone, and a record that it had may be to blame.
    """

    run: RunFolder
    name: str
    stages: Mapping[str, Stage]
    offer: RunOffer
    send: Send
    logger: PerformanceLogger
    verdicts: Verdicts
    control_for: Callable[[str], float] = lambda suspect: 0.0
    wait: float = 1.0
    workers: int = 1
    fresh: bool = True
    lost: bool = False
    clock: Callable[[], float] = time.monotonic
    outbox: Outbox = field(default_factory=Outbox)
    session: str = field(default_factory=lambda: secrets.token_hex(4))
    records: Rate = field(default_factory=Rate)
    last: Reply = Reply(HostState.UNKNOWN)
    notices: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.hand = ChunksInHand(
            *(self.run, remote_stages(self.stages, self.outbox), self.worker_id, self.workers),
            llm_for=lambda stage: ELSEWHERE,
            is_ready=lambda stage: self.verdicts.may_start(stage, self.session),
            may_try=self._may_try,
        )
        self.logs = RemoteLogs(self.run.logs_dir, self.name)
        self.begun = self._synced = self._answered = self._busy = self.clock()
        self.idle_seconds = 0.0
        self._witness = Witness()
        self.loss: Loss | None = None  # how the session ended, if the machine was lost
        self._pace = Rate()  # of records since it last had nothing to do
        self._rests_until = 0.0
        self._offered = False
        self._told: set[str] = set()
        self._feed = Feed(self.run.manifest, self.hand, self.outbox)

    @property
    def worker_id(self) -> str:
        """As the journal has it; another one in each session."""
        return f"{self.name}-{self.session}"

    async def serve(self) -> None:
        """Until cancelled.

        Raises MachineLost, MachineRefused, and whatever goes wrong with the queue.
        """
        try:
            while True:
                await self.turn()
        except MachineLost as error:
            self.lose(isinstance(error, MachineSilent))
            raise
        except MachineFull:
            await asyncio.sleep(0)
            self._collect()  # what came with its last words
            raise
        finally:
            self.hand.abandon(suspect=self.lost)
            self.verdicts.leave(self.session)

    def lose(self, silent: bool = False) -> None:
        """The machine is gone as of now, or does not answer; that means something, with what it
        has in hand, unless it was gone before this session began."""
        self.lost = True
        if self.fresh or self.has_answered:
            who, tells = (self.worker_id, self.hand.lone), self.fresh and self.hand.proved
            sudden = self.clock() - self._answered < _SUDDEN_S
            if silent:
                self.loss = self._witness.silence(*who, tells, self._answered, self.wait)
            else:
                self.loss = self._witness.loss(*who, tells and sudden)

    @property
    def has_answered(self) -> bool:
        """Whether the machine has, in this session."""
        return self._answered > self.begun

    def _may_try(self, suspect: str) -> bool:
        return not suspect or self._witness.worked >= self.control_for(suspect)

    def as_hand(self, moved: Container[str]) -> Hand:
        """What it has and how fast it is, for sharing out the last chunks.

        moved: chunks, as STAGE/CHUNK, that stay where they are.
        """
        speed = self._pace.per_second() or None
        silent = self.clock() - self._busy
        if speed is None and self.hand.chunks and silent > _SHOWN_SPEED_S:
            speed = 1 / silent
        runs = self.hand.chunks
        free = list(takewhile(lambda run: run.name not in moved, reversed(runs)))
        if any(run.alone for run in runs):
            free = []  # suspects are tried in peace
        return Hand(tuple(run.open_records for run in runs), speed, len(free))

    @property
    def is_idle(self) -> bool:
        """Whether it could work and has found nothing to do for a while."""
        loaded = any(view.state in _LOADED for view in self.last.views)
        ready = self.last.state is HostState.READY and loaded and not self.hand.chunks
        return ready and not self.rests and self.clock() - self._busy > 2 * _IDLE_S

    @property
    def rests(self) -> bool:
        """Whether it takes no chunks: others look for some, or it is still at what it gave back."""
        return bool(self.outbox.stale) or self.clock() < self._rests_until

    def give_back(self, chunks: int) -> list[str]:
        """Leave so many chunks to others, the last first; STAGE/CHUNK of each.

        What the machine still does of them comes late, and is dropped.
        """
        given = [run for _ in range(chunks) if (run := self.hand.give_back())]
        if given:
            self.fresh = False  # what it is still at may be what takes it down
            self._rests_until = self.clock() + _REST_S
        return [run.name for run in given]

    async def turn(self) -> None:
        """Start records, send them, take in what came out, seal."""
        if self.last.state is HostState.READY:
            await self._fill()
        self._witness.see(self.hand.lone)
        if (parts := self._parts()) is not None:
            begun, busy = self.clock(), self.outbox.in_flight > 0
            await self._exchange(parts)
            self._witness.worked += (self.clock() - begun) * busy
            await asyncio.sleep(0)  # and the records' coroutines find their outcomes
            self._collect()
            if self.hand.chunks and self.last.state is HostState.READY:
                return
        await asyncio.sleep(_IDLE_S)
        self.idle_seconds += _IDLE_S

    async def _fill(self) -> None:
        processes = max(1, self.last.workers)
        self.hand.workers = max(1, self.workers / processes)
        had = bool(self.hand.chunks)
        await self._feed.fill(processes, not self.rests)
        if self.hand.chunks and not had:
            self._busy, self._pace = self.clock(), Rate()

    def _parts(self) -> list[MessagePart] | None:
        """What there is to say; None where nothing is, and nothing is to be heard yet: an idle
        machine is asked now and then."""
        parts = [*self._new_findings(), *self.outbox.take()]
        if not self._offered:
            parts.append(MessagePart(PartKind.OFFER, self.run.name, self.offer.to_bytes()))
        idle = self.last.state is HostState.READY and not self.outbox.at_work
        asked = self.clock() - self._answered < self.wait
        return None if idle and asked and not parts else parts

    async def _exchange(self, parts: Sequence[MessagePart]) -> None:
        """A message and its answer, which comes at once where more is to be said."""
        wait = 0.0 if self._feed.more else self.wait
        request = Request(self._key, self.session, tuple(parts), wait=wait)
        data = await self.send(request.to_bytes())
        self._answered = self.clock()
        try:
            reply = Reply.parse(data)
            self._take_in(reply)
        except (MessageError, QueueError) as error:
            raise MachineRefused(f"sent what can't be read: {error}") from error

    @property
    def _key(self) -> str:
        return f"{self.run.name} {self.run.manifest.created}"

    def _take_in(self, reply: Reply) -> None:
        if reply.state is HostState.UNKNOWN and self._offered:
            raise MachineLost("it was started anew")
        self._offered = True
        if reply.state is not HostState.READY:
            self._told.clear()  # it may have begun with the offer of another session
        self.last, self.notices = reply, [*self.notices, *reply.notices]
        if reply.state is HostState.REFUSED:
            raise MachineRefused(reply.why)
        for part in reply.parts:
            if part.kind is PartKind.OUTCOMES:
                self._take_outcomes(part.data)
            elif part.kind is PartKind.METRICS:
                self.logs.add(part.name, part.data)
            elif part.kind is PartKind.FINDINGS:
                self.verdicts.keep(part.name, part.data, self.session)
        if reply.state is HostState.FULL:
            raise MachineFull(reply.why or "its disk is full")

    def _take_outcomes(self, data: bytes) -> None:
        if known := self.outbox.take_in(data, f"machine {self.name}"):
            self.records.add(known)
            self._pace.add(known)
            self._busy = self.clock()

    async def leave(self) -> None:
        """Tell the machine that it is no longer needed; takes in the last that it logged.

        Raises MachineLost.
        """
        reply = Reply.parse(
            await self.send(Request(self._key, self.session, leave=True).to_bytes())
        )
        for part in reply.parts:
            if part.kind is PartKind.METRICS:
                self.logs.add(part.name, part.data)

    def _collect(self) -> None:
        for sealed in self.hand.collect():
            log_chunk(self.logger, sealed)
        if self.clock() - self._synced >= _SYNC_S:
            self.hand.sync()
            self._synced = self.clock()

    def _new_findings(self) -> list[MessagePart]:
        """With the offer what is known, and later what others find."""
        if self._offered and self.last.state is not HostState.READY:
            return []
        new = self.verdicts.known(self._told)
        self._told |= new.keys()
        return [MessagePart(PartKind.FINDINGS, name, data) for name, data in new.items()]
