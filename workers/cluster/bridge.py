"""The one local process that puts a cluster's machines to work on a run, each by its proxy.

One process for all of them, and not one for each: a connection to Dask takes some 80 MB and a
second of CPU.  Knows machines come and go.  Invariant: whatever way it ends, each chunk it held
is sealed or stays claimed with its journal and a free lock.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from workers.cluster.proxy import MachineLost, MachineRefused, Proxy, offer_of
from workers.core.errors import ModelError, QueueError, damage_report
from workers.core.terminal import plain_text
from workers.pool.child import CLUSTER_ROLE
from workers.run.heartbeat import Heartbeat, WorkerState
from workers.run.kept_recipe import kept_recipe
from workers.run.machine_view import ClusterView, MachineView, write_cluster
from workers.run.run_folder import RunFolder
from workers.worker.heartbeat import HeartbeatFile
from workers.worker.metrics import worker_logger
from workers.worker.roles import stages_for

TICK_S = 1.0
_DRAIN_S = 1.0
_LEAVE_S = 1.5  # the coordinator waits three seconds for all of it
_AGAIN_S = 30.0  # a machine that refused, or was lost and is still there, is asked again
_MOST_NOTICES = 300


class SchedulerGone(Exception):
    """What `Connection.machines` raises when there is no scheduler any more."""


class Connection(Protocol):
    """The part of a link that the bridge needs."""

    @property
    def dashboard(self) -> str: ...

    async def machines(self) -> Mapping[str, str]:
        """Names by address."""
        ...

    async def send(self, address: str, data: bytes) -> bytes:
        """A message and its answer."""
        ...

    async def close(self) -> None: ...


@dataclass
class _Seat:
    """A machine, while it is there: its proxy, or why it has none."""

    name: str
    proxy: Proxy
    task: asyncio.Task[None]
    why: str = ""
    state: str = "lost"
    again: float = 0.0


@dataclass
class Bridge:
    """Works on a run with other machines until it is told to stop.

    connect: opens a connection; raises `gone` while there is no scheduler.
    local: how many workers at home share the chunks.
    """

    run: RunFolder
    worker_id: str
    scheduler: str
    connect: Callable[[], Awaitable[Connection]]
    gone: type[Exception] = SchedulerGone
    local: int = 0
    _seats: dict[str, _Seat] = field(default_factory=dict)
    _stop: asyncio.Event = field(default_factory=asyncio.Event)
    _trouble: str = ""
    _dashboard: str = ""
    _told: list[str] = field(default_factory=list)
    _results: int = 0  # of proxies that are gone

    def __post_init__(self) -> None:
        self._stages = stages_for(self.run.config, "batch", kept_recipe(self.run))
        self._offer = offer_of(self.run)
        self._logger = worker_logger(self.run.logs_dir, self.worker_id, CLUSTER_ROLE)
        beat = Heartbeat(self.worker_id, CLUSTER_ROLE, os.getpid(), state=WorkerState.IDLE)
        self._heartbeat = HeartbeatFile(self.run.heartbeat_file(self.worker_id), beat)

    def stop(self) -> None:
        """Let go of everything soon."""
        self._stop.set()

    async def work(self) -> None:
        """Until stopped; raises what goes wrong with the queue, and ModelError when no machine
        can work and nobody else does."""
        self._heartbeat.start()
        failure: BaseException | None = None
        try:
            while not self._stop.is_set():
                await self._connected()
        except BaseException as error:
            failure = error
            raise
        finally:
            await self._dismiss()
            self._logger.event("end")
            self._logger.close()
            self._heartbeat.stop(keep=failure is not None)

    async def _connected(self) -> None:
        """From one connection to its end."""
        try:
            connection = await self.connect()
        except self.gone as error:
            self._miss(str(error))
            await self._sleep()
            return
        self._dashboard = connection.dashboard
        try:
            while not self._stop.is_set():
                await self.tick(connection)
                await self._sleep()
        except self.gone as error:
            self._miss(str(error))
        finally:
            await self._dismiss()
            await connection.close()

    def _miss(self, why: str) -> None:
        if why != self._trouble:
            self._say(f"{why}; waiting for it")
        self._trouble = why
        self._show()

    async def tick(self, connection: Connection) -> None:
        """Take in who is there; a fresh proxy for everyone that may have one."""
        there = await connection.machines()
        if self._trouble:
            self._say(f"the scheduler at {self.scheduler} is back")
            self._trouble = ""
        for address in [address for address in self._seats if address not in there]:
            await self._lose(address)
        for seat in self._seats.values():
            self._look(seat)
        self._show()
        self._refuse_hopeless()
        for address, name in there.items():
            self._seat(connection, address, name)

    def _seat(self, connection: Connection, address: str, name: str) -> None:
        known = self._seats.get(address)
        if known and (not known.task.done() or time.monotonic() < known.again):
            return
        shown = plain_text(name, 40).replace("/", "-").replace(" ", "-")
        send = partial(connection.send, address)
        if known:
            self._results += known.proxy.hand.results
        proxy = Proxy(self.run, shown, self._stages, self._offer, send, self._logger)
        task = asyncio.create_task(proxy.serve())
        if known is None:
            self._say(f"machine {shown} joined")
        self._seats[address] = _Seat(shown, proxy, task, known.why if known else "")

    async def _lose(self, address: str) -> None:
        """It is not there any more."""
        seat = self._seats.pop(address)
        await self._end(seat)
        self._say(f"machine {seat.name} left; what it had in hand is given to others")

    async def _end(self, seat: _Seat) -> None:
        seat.task.cancel()
        await asyncio.gather(seat.task, return_exceptions=True)
        self._results += seat.proxy.hand.results

    def _look(self, seat: _Seat) -> None:
        """What a machine has to say, and what became of its proxy."""
        for notice in seat.proxy.notices:
            self._say(f"machine {seat.name}: {notice}")
        seat.proxy.notices.clear()
        seat.proxy.workers = self.local + len(self._seats)
        if not seat.task.done() or seat.again:
            return
        try:
            seat.task.result()
        except (MachineLost, MachineRefused) as error:
            seat.state = "refused" if isinstance(error, MachineRefused) else "lost"
            seat.again = time.monotonic() + (_AGAIN_S if seat.state == "refused" else TICK_S)
            why = plain_text(error, 400)
            if why != seat.why:
                self._say(f"machine {seat.name} {seat.state}: {why}")
            seat.why = why

    def _refuse_hopeless(self) -> None:
        """Nobody can work on the run."""
        seats = self._seats.values()
        if not self.local and seats and all(s.again and s.state == "refused" for s in seats):
            first = next(iter(seats))
            raise ModelError(f"machine {first.name} {first.why}")
        damaged = self._damaged()
        if damaged and not self.local and all(not s.proxy.hand.chunks for s in seats):
            raise QueueError(damage_report(damaged))

    def _damaged(self) -> dict[str, str]:
        return {k: v for s in self._seats.values() for k, v in s.proxy.hand.damaged.items()}

    async def _dismiss(self) -> None:
        """Let go of all machines; records that are nearly through get a moment."""
        seats, self._seats = list(self._seats.values()), {}
        busy = [seat.task for seat in seats if seat.proxy.hand.chunks and not seat.task.done()]
        if busy and not self._trouble:
            await asyncio.wait(busy, timeout=_DRAIN_S)
        for seat in seats:
            await self._end(seat)
        if self._stop.is_set() and not self._trouble:
            await asyncio.wait(
                [asyncio.create_task(seat.proxy.leave()) for seat in seats if not seat.again]
                or [asyncio.create_task(asyncio.sleep(0))],
                timeout=_LEAVE_S,
            )

    # What others see

    def _say(self, message: str) -> None:
        """To the coordinator, as a step in the heartbeat; it prints each once."""
        print(message, flush=True)
        if len(self._told) < _MOST_NOTICES:
            self._told.append(message)
        self._heartbeat.update(self._heartbeat.beat.state, steps=tuple(self._told))

    def _show(self) -> None:
        proxies = [seat.proxy for seat in self._seats.values()]
        chunks = [chunk for proxy in proxies for chunk in proxy.hand.chunks]
        self._heartbeat.update(
            WorkerState.WORKING if chunks else WorkerState.IDLE,
            stage=chunks[0].stage.name if chunks else None,
            chunk=chunks[0].chunk.name if chunks else None,
            progress=self._heartbeat.beat.progress + 1,  # the loop goes round: it does not hang
            results=self._results + sum(proxy.hand.results for proxy in proxies),
            damaged=self._damaged(),
        )
        machines = tuple(map(_view, self._seats.values()))
        write_cluster(
            self.run.workers_dir,
            ClusterView(self.scheduler, self._dashboard, self._trouble, machines),
        )
        self._logger.flush()

    async def _sleep(self) -> None:
        try:
            await asyncio.wait_for(self._stop.wait(), TICK_S)
        except TimeoutError:
            pass


def _view(seat: _Seat) -> MachineView:
    if seat.again:
        return MachineView(seat.name, seat.state, seat.why)
    return seat.proxy.view()
