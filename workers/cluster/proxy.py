"""The proxy of one machine: claims chunks like a worker, has them processed there, seals them here.

Knows the run's queues and a way to send a message; knows no Dask.  Invariant: only this side
writes to the queue, and a chunk whose machine is lost stays claimed with its journal and a free
lock.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from stages.base import Stage
from workers.cluster.messages import (
    HostState,
    MessageError,
    Offer,
    Part,
    PartKind,
    Reply,
    Request,
)
from workers.cluster.remote_logs import RemoteLogs
from workers.cluster.remote_stage import Outbox, remote_stages
from workers.core.errors import PoolError, QueueError
from workers.core.files import publish
from workers.observe.meters import Rate
from workers.performance_logger import PerformanceLogger
from workers.queue.locks import KernelLock
from workers.run.machine_view import MachineView
from workers.run.run_folder import RunFolder
from workers.settings.chosen_stages import needs_model
from workers.worker.chunks_in_hand import ChunksInHand
from workers.worker.metrics import log_chunk

Send = Callable[[bytes], Awaitable[bytes]]

_IDLE_S = 0.5  # between two looks for a chunk
_SYNC_S = 1.0
_WITHOUT_MODEL = 64  # records that a process has in flight where no model is asked


class MachineLost(Exception):
    """The machine does not answer any more; what it had in hand is given to others."""


class MachineRefused(Exception):
    """The machine can't work on the run; says why."""


@dataclass
class Proxy:
    """What one machine has of a run.

    workers: with how many workers of the run it shares the last chunks.
    """

    run: RunFolder
    name: str
    stages: Mapping[str, Stage]
    offer: Offer
    send: Send
    logger: PerformanceLogger
    workers: int = 1
    outbox: Outbox = field(default_factory=Outbox)
    session: str = field(default_factory=lambda: secrets.token_hex(4))
    records: Rate = field(default_factory=Rate)
    last: Reply = Reply(HostState.UNKNOWN)
    notices: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.hand = ChunksInHand(
            self.run, remote_stages(self.stages, self.outbox), self.worker_id, self.workers
        )
        self._logs = RemoteLogs(self.run.logs_dir, self.name)
        self._synced = time.monotonic()
        self._offered = False
        self._told: set[str] = set()
        config = self.run.config
        in_batch = config.batch_size if needs_model(config) else _WITHOUT_MODEL
        self._window = max(self.run.manifest.chunk_size, in_batch)
        self._one_by_one = config.no_batching

    @property
    def worker_id(self) -> str:
        """As the journal has it; another one in each session."""
        return f"{self.name}-{self.session}"

    async def serve(self) -> None:
        """Until cancelled.

        Raises MachineLost, MachineRefused, and whatever goes wrong with the queue.
        """
        suspect = False
        try:
            while True:
                await self.turn()
        except MachineLost:
            suspect = True  # a record may have taken it down
            raise
        finally:
            self.hand.abandon(suspect)

    async def turn(self) -> None:
        """Start records, send them, take in what came out, seal."""
        if self.last.state is HostState.READY:
            self._fill()
            await asyncio.sleep(0)  # the records' coroutines put themselves into the outbox
        reply = await self._exchange()
        await asyncio.sleep(0)  # and find their outcomes
        self._collect()
        if not self.hand.chunks or reply.state is not HostState.READY:
            await asyncio.sleep(_IDLE_S)

    def _fill(self) -> None:
        """Two windows of records, filled up when one is through: parcels stay large."""
        self.hand.workers = max(1, self.workers)
        if self._one_by_one:
            self.hand.fill(1)
            return
        window = self._window * max(1, self.last.workers)
        if self.outbox.in_flight <= window:
            self.hand.fill(2 * window)

    async def _exchange(self) -> Reply:
        parts = [*self.outbox.take(), *self._new_findings()]
        if not self._offered:
            parts.append(Part(PartKind.OFFER, self.run.name, self.offer.to_bytes()))
        request = Request(self._key, self.session, tuple(parts))
        data = await self.send(request.to_bytes())
        try:
            reply = Reply.parse(data)
            self._take_in(reply)
        except (MessageError, QueueError) as error:
            raise MachineRefused(f"sent what can't be read: {error}") from error
        return reply

    @property
    def _key(self) -> str:
        return f"{self.run.name} {self.run.manifest.created}"

    def _take_in(self, reply: Reply) -> None:
        if reply.state is HostState.UNKNOWN and self._offered:
            raise MachineLost("it was started anew")
        self._offered = True
        self.last = reply
        self.notices += reply.notices
        if reply.state is HostState.REFUSED:
            raise MachineRefused(reply.why)
        for part in reply.parts:
            if part.kind is PartKind.OUTCOMES:
                self.records.add(self.outbox.take_in(part.data, f"machine {self.name}"))
            elif part.kind is PartKind.METRICS:
                self._logs.add(part.name, part.data)
            elif part.kind is PartKind.FINDINGS:
                self._keep_findings(part)

    async def leave(self) -> None:
        """Tell the machine that it is no longer needed; takes in the last that it logged.

        Raises MachineLost.
        """
        reply = Reply.parse(
            await self.send(Request(self._key, self.session, leave=True).to_bytes())
        )
        for part in reply.parts:
            if part.kind is PartKind.METRICS:
                self._logs.add(part.name, part.data)

    def _collect(self) -> None:
        for sealed in self.hand.collect():
            log_chunk(self.logger, sealed)
        if time.monotonic() - self._synced >= _SYNC_S:
            self.hand.sync()
            self._synced = time.monotonic()

    # Trials: the run goes by those that were kept first

    def _new_findings(self) -> list[Part]:
        found = []
        for name in self.stages:
            file = self.run.trial_file(name)
            if self.last.state is HostState.READY and name not in self._told and file.is_file():
                self._told.add(name)
                found.append(Part(PartKind.FINDINGS, name, file.read_bytes()))
        return found

    def _keep_findings(self, part: Part) -> None:
        if part.name not in self.stages or not _is_object(part.data):
            raise MessageError(f"findings of {part.name}: not a JSON object of a stage")
        self._told.add(part.name)
        _keep(self.run.trial_file(part.name), part.data)

    def view(self) -> MachineView:
        """The machine as `status` shows it."""
        views = self.last.views
        return MachineView(
            self.name,
            self.last.state.value if self.hand.chunks or self.last.why else _state(self.last),
            self.last.why,
            workers=self.last.workers,
            in_flight=self.outbox.in_flight,
            records_per_s=self.records.per_second(),
            tokens_per_s=self._logs.tokens_per_s,
            batch_rows=self._logs.rows,
            rss_mb=sum(view.rss_mb or 0 for view in views),
            restarts=sum(view.restarts for view in views),
        )


def _state(reply: Reply) -> str:
    """Of a machine that holds no chunk."""
    return "idle" if reply.state is HostState.READY else reply.state.value


def _is_object(data: bytes) -> bool:
    try:
        return isinstance(orjson.loads(data), dict)
    except orjson.JSONDecodeError:
        return False


def _keep(file: Path, data: bytes) -> None:
    lock = KernelLock.try_acquire(file.with_suffix(".lock"))
    if lock is not None:
        with lock:
            if not file.is_file():
                publish(file, [data])


def offer_of(run: RunFolder) -> Offer:
    """What a machine has to know of a run; raises PoolError when its recipe is gone."""
    from workers.cluster.stage_code import stages_digest
    from workers.run.kept_recipe import kept_recipe

    recipe = kept_recipe(run)
    try:
        texts = {name: file.data.decode() for name, file in recipe.files.items()}
    except UnicodeDecodeError as error:
        raise PoolError(f"the recipe of run {run.name}: not UTF-8: {error}") from error
    manifest = run.manifest.to_bytes().decode()
    return Offer(manifest, texts, stages_digest(run.config.stages))
