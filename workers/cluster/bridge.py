"""The one local process that puts a cluster's machines to work on a run, each by its proxy.

One process for all of them, and not one for each: a connection to Dask takes some 80 MB and a
second of CPU.  Knows machines come and go.  Invariant: whatever way it ends, each chunk it held
is sealed or stays claimed with its journal and a free lock.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from functools import partial

from workers.cluster.bulletin import Bulletin
from workers.cluster.connection import (
    Connection,
    MachineLost,
    MachineRefused,
    MachineSilent,
    SchedulerGone,
)
from workers.cluster.home import HomeWorkers
from workers.cluster.losses import Loss, Losses
from workers.cluster.offers import offer_of
from workers.cluster.proxy import Proxy
from workers.cluster.seats import (
    MOST_IN_VAIN,
    MachineNames,
    Seat,
    leave_alone,
    seconds_after,
    state_after,
)
from workers.cluster.sharing import Hand, who_gives_back
from workers.cluster.verdicts import Verdicts
from workers.core.errors import ModelError
from workers.core.terminal import plain_text
from workers.run.kept_recipe import kept_recipe
from workers.run.machine_view import ClusterView
from workers.run.run_folder import RunFolder
from workers.worker.roles import stages_for

TICK_S = 1.0
LONGEST_WAIT_S = 3.0  # what a machine does meanwhile is lost with it; a message costs CPU here
_DRAIN_S = 1.0
_LEAVE_S = 1.5  # the coordinator waits three seconds for all of it


@dataclass
class Bridge:
    """Works on a run with other machines until it is told to stop.

    connect: opens a connection; raises `gone` while there is no scheduler.
    local: how many workers at home share the chunks; losses: of machines, lately.
    """

    run: RunFolder
    worker_id: str
    scheduler: str
    connect: Callable[[], Awaitable[Connection]]
    gone: type[Exception] = SchedulerGone
    local: int = 0
    losses: Losses = field(default_factory=Losses)
    _seats: dict[str, Seat] = field(default_factory=dict)
    _stop: asyncio.Event = field(default_factory=asyncio.Event)
    _trouble: str = ""
    _dashboard: str = ""
    _patience: float = 0.0
    _results: int = 0  # of proxies that are gone
    _moved: set[str] = field(default_factory=set)  # chunks that were taken back, each once
    _said_slow: set[str] = field(default_factory=set)
    _names: MachineNames = field(default_factory=MachineNames)
    _in_vain: Counter[str] = field(default_factory=Counter)  # ends without a result, by machine

    def __post_init__(self) -> None:
        self._stages = stages_for(self.run.config, "batch", kept_recipe(self.run))
        self._verdicts = Verdicts(self.run, self._stages, home=self.local > 0)
        self._home = HomeWorkers(self.run)
        self._offer = offer_of(self.run)
        self._bulletin = Bulletin(self.run, self.worker_id)
        self._say = self._bulletin.say

    def stop(self) -> None:
        """Let go of everything soon."""
        self._stop.set()

    async def work(self) -> None:
        """Until stopped; raises what goes wrong with the queue, and ModelError when no machine
        can work and nobody else does."""
        self._bulletin.start()
        failure: BaseException | None = None
        try:
            while not self._stop.is_set():
                await self._connected()
        except BaseException as error:
            failure = error
            raise
        finally:
            await self._dismiss()
            self._bulletin.close(failed=failure is not None)

    async def _connected(self) -> None:
        """From one connection to its end."""
        try:
            connection = await self.connect()
        except self.gone as error:
            self._miss(str(error))
            await self._sleep()
            return
        self.scheduler, self._dashboard = connection.address, connection.dashboard
        self._patience = connection.patience
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
        self.losses.doubt()
        self._show()

    async def tick(self, connection: Connection) -> None:
        """Take in who is there; a fresh proxy for everyone that may have one."""
        there = await connection.machines()
        if self._trouble:
            self._say(f"the scheduler at {self.scheduler} is back")
            self._trouble = ""
        for address in [address for address in self._seats if address not in there]:
            await self._lose(address, died=not await connection.said_goodbye(address))
        workers = self.local + sum(seat.workers for seat in self._seats.values())
        for address, seat in self._seats.items():
            seat.proxy.workers = workers
            self._look(address, seat)
        self._share_out()
        self._show()
        self._refuse_hopeless()
        for address, name in there.items():
            self._seat(connection, address, name)

    # Machines

    def _seat(self, connection: Connection, address: str, name: str) -> None:
        known = self._seats.get(address)
        if known and (not known.task.done() or time.monotonic() < known.again):
            return
        shown = self._names.shown(name)
        if known:
            self._close(known)
        proxy = Proxy(
            *(self.run, shown, self._stages, self._offer),
            send=partial(connection.send, address),
            logger=self._bulletin.logger,
            verdicts=self._verdicts,
            control_for=self.losses.control_for,
            wait=min(LONGEST_WAIT_S, connection.patience / 4),
            fresh=known is None,
        )
        unfit = known is None and self._in_vain[shown] >= MOST_IN_VAIN
        task = asyncio.create_task(leave_alone() if unfit else proxy.serve())
        if known is None:
            self._say(f"machine {shown} joined")
        self._seats[address] = Seat(shown, proxy, task, known.why if known else "")

    async def _lose(self, address: str, died: bool) -> None:
        """It is not there any more."""
        self._look(address, self._seats[address])
        seat = self._seats.pop(address)
        if (silent := self.losses.ended(address)) and died:
            self._note(silent)
        if died:  # whatever it had may be to blame, and who takes it next has to know
            if not seat.proxy.lost:
                seat.proxy.lose()
            in_vain = self._in_vain[seat.name] + bool(seat.proxy.outbox.given)
            self._in_vain[seat.name] = 0 if seat.proxy.hand.proved else in_vain
        await self._end(seat, died)
        how = "is gone" if died else "left"
        self._say(f"machine {seat.name} {how}; what it had in hand is given to others")

    async def _end(self, seat: Seat, died: bool = False) -> None:
        self._close(seat, died)
        seat.task.cancel()
        await asyncio.gather(seat.task, return_exceptions=True)

    def _close(self, seat: Seat, died: bool = False) -> None:
        """A session is over; what its end says of the records that it had."""
        self._results += seat.proxy.hand.results
        ended = (seat.state, seat.why) if seat.again else ("gone", "") if died else None
        self._bulletin.log(seat.proxy, ended)
        if loss := seat.proxy.loss:
            self._note(replace(loss, tells=loss.tells and died))

    def _note(self, loss: Loss) -> None:
        """What a loss says of the record that the machine had alone."""
        deaths = self.losses.note(loss)
        for death in deaths:
            self.run.add_death(death)
        if deaths:
            self._say(f"{len(deaths)} machines went down with {loss.lone} alone in hand")

    def _look(self, address: str, seat: Seat) -> None:
        """What a machine has to say, and what became of its proxy."""
        for notice in seat.proxy.notices:
            self._say(f"machine {seat.name}: {notice}")
        seat.proxy.notices.clear()
        if seat.again:
            return
        if seat.proxy.has_answered:
            self.losses.heard(address)
        if not seat.task.done():
            return
        try:
            seat.task.result()
        except (MachineLost, MachineRefused) as error:
            if isinstance(error, MachineSilent) and (loss := seat.proxy.loss):
                self.losses.fall_silent(address, loss, self._patience)
                seat.proxy.loss = None
            seat.state = state_after(error)
            seat.again = time.monotonic() + seconds_after(error)
            why = plain_text(error, 400)
            if why != seat.why:
                self._say(f"machine {seat.name} {seat.state}: {why}")
            seat.why = why

    def _share_out(self) -> None:
        """The last chunks of whoever would be long at them go to who has nothing to do."""
        proxies = [seat.proxy for seat in self._seats.values() if not seat.again]
        idle = [proxy.as_hand(self._moved) for proxy in proxies if proxy.is_idle]
        idle += [Hand()] * (self._home.idle() if self.local else 0)
        if not idle:
            return
        busy = [proxy for proxy in proxies if proxy.hand.chunks]
        hands = [proxy.as_hand(self._moved) for proxy in busy]
        if gift := who_gives_back(hands, idle):
            proxy = busy[gift.hand]
            moved = proxy.give_back(gift.chunks)
            self._moved.update(moved)
            if moved and proxy.name not in self._said_slow:
                self._said_slow.add(proxy.name)
                self._say(f"machine {proxy.name} is slow; its remaining chunks go to idle machines")

    def _refuse_hopeless(self) -> None:
        """Nobody can work on the run."""
        seats = self._seats.values()
        if not self.local and seats and all(s.again and s.state == "refused" for s in seats):
            first = next(iter(seats))
            raise ModelError(f"machine {first.name} {first.why}")

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

    def _show(self) -> None:
        proxies = [seat.proxy for seat in self._seats.values()]
        results = self._results + sum(proxy.hand.results for proxy in proxies)
        machines = tuple(seat.view() for seat in self._seats.values())
        view = ClusterView(self.scheduler, self._dashboard, self._trouble, machines)
        self._bulletin.show(view, proxies, results, self._damaged())

    async def _sleep(self) -> None:
        try:
            await asyncio.wait_for(self._stop.wait(), TICK_S)
        except TimeoutError:
            pass
