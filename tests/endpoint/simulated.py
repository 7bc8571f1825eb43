"""Servers that take no time: their clock jumps to whatever happens next.

Knows slots, queues and what a server refuses; what is asked of it goes through the real `Asking`.
Invariant: the seconds that pass are those that such a server would take, however slow this machine.
"""

from __future__ import annotations

import asyncio
import random
import selectors
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from workers.endpoint.errors import Unavailable
from workers.endpoint.finder import Finder
from workers.endpoint.level import Level
from workers.endpoint.rates import Kinds
from workers.endpoint.retrying_client import Probe, RetryingClient

Json = dict[str, Any]
T = TypeVar("T")
PROBE = Probe("/p", {"write": 1, "read": 8, "kind": "probe"}, lambda body: body)
READ_COST = 0.3  # of a token written; the weight that the program assumes is another one


class JumpingLoop(asyncio.SelectorEventLoop):
    """Waits for nothing."""

    def __init__(self) -> None:
        self._now = 0.0
        super().__init__(_Selector(self))

    def time(self) -> float:
        return self._now


class _Selector(selectors.DefaultSelector):
    def __init__(self, loop: JumpingLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> Any:
        assert timeout is not None, "nothing will ever happen"
        self._loop._now += max(0.0, timeout)
        return super().select(0)


@dataclass
class _Job:
    left: float
    done: asyncio.Future[None]


@dataclass
class Server:
    """So many slots; a step writes a token in every slot that is taken, and takes a while.

    seconds: of a step with so many slots taken.
    falls: how much longer everything takes for each request beyond the slots.
    latency: seconds that each answer takes besides.
    limit: requests that it takes at a time; the others are 429.
    a_second: requests that it takes in a second, on average (0: any number).
    fails: whether it falls over a request, by its number.
    """

    slots: int
    seconds: Callable[[int], float]
    falls: float = 0.0
    latency: float = 0.0
    limit: int = 10**6
    a_second: float = 0.0
    fails: Callable[[int], bool] = lambda number: False
    seed: int = 0
    asked: int = 0
    refused: int = 0
    busy: list[_Job] = field(default_factory=list)
    queue: deque[_Job] = field(default_factory=deque)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)
        self._inside, self._since, self._tokens = 0, 0.0, self.a_second
        self._next: asyncio.TimerHandle | None = None
        self._filled = 0.0

    async def close(self) -> None:
        pass

    async def post(self, path: str, body: Json) -> Json:
        self.asked += 1
        number = self.asked
        self._refuse_too_many()
        self._inside += 1
        try:
            work = (body["write"] + READ_COST * body["read"]) * self._chance.uniform(0.95, 1.05)
            await asyncio.sleep(self.latency * self._chance.uniform(0.7, 1.3))
            await self._worked(work)
        finally:
            self._inside -= 1
        if self.fails(number):
            raise Unavailable("HTTP 500: no parser for this")
        return body

    def _refuse_too_many(self) -> None:
        now = asyncio.get_running_loop().time()
        self._tokens = min(2 * self.a_second, self._tokens + self.a_second * (now - self._filled))
        self._filled = now
        if self._inside >= self.limit or (self.a_second and self._tokens < 1):
            self.refused += 1
            raise Unavailable("HTTP 429", False, 1.0 if self.a_second else 0.0, busy=True)
        self._tokens -= 1

    async def _worked(self, work: float) -> None:
        self._advance()
        job = _Job(work, asyncio.get_running_loop().create_future())
        self.queue.append(job)
        self._go_on()
        await job.done

    def _step(self) -> float:
        beyond = len(self.queue) + max(0, len(self.busy) - self.slots)
        return self.seconds(len(self.busy)) * (1 + self.falls * beyond)

    def _advance(self) -> None:
        now = asyncio.get_running_loop().time()
        for job in self.busy:
            job.left -= (now - self._since) / self._step()
        self._since = now

    def _go_on(self) -> None:
        while self.queue and len(self.busy) < self.slots:
            self.busy.append(self.queue.popleft())
        if self._next:
            self._next.cancel()
            self._next = None
        if self.busy:
            soon = max(0.0, min(job.left for job in self.busy)) * self._step()
            self._next = asyncio.get_running_loop().call_later(soon, self._answer_some)

    def _answer_some(self) -> None:
        self._advance()
        for job in [job for job in self.busy if job.left <= 1e-6]:
            self.busy.remove(job)
            job.done.set_result(None)
        self._go_on()


_STAGES = {  # tokens read and written, from and to
    "filter": [((60, 400), (1, 1)), ((60, 160), (8, 40))],
    "structurer": [((90, 250), (30, 90)), ((90, 250), (10, 60))],
}


def bodies(count: int, seed: int = 0, block: int = 10**6) -> list[Json]:
    """What stages ask: `block` requests of one, then as many of the other one."""
    chance, found = random.Random(seed), []
    for number in range(count):
        stage = list(_STAGES)[number // block % len(_STAGES)]
        read, written = (chance.randint(*bounds) for bounds in chance.choice(_STAGES[stage]))
        found.append({"kind": stage, "read": read, "write": written})
    return found


def amount(body: Json) -> float:
    """The work of a request, as the program weighs it."""
    return float(body["write"] + body["read"] / 8)


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run it in a loop that waits for nothing."""
    with asyncio.Runner(loop_factory=JumpingLoop) as runner:
        return runner.run(main)


@dataclass
class Seen:
    """When each answer came, in seconds, and the level then; the one that is kept at the end."""

    times: list[float] = field(default_factory=list)
    levels: list[int] = field(default_factory=list)
    kept: int = 0

    def rate(self, first: int, last: int) -> float:
        """Answers in a second, from one answer to another."""
        return (last - first) / (self.times[last] - self.times[first])


class Fixed(Finder):
    """Stays where it began."""

    def answered(self, kinds: Kinds, work: float, seconds: float, latency: float) -> None:
        pass

    def too_many(self) -> None:
        pass


def asked(
    server: Server, requests: Sequence[Json], most: int = 32, fixed: int = 0, first: int = 0
) -> Seen:
    """Ask for all of them, as 64 records do; `fixed`: at one level for good."""

    async def go() -> Seen:
        loop = asyncio.get_running_loop()
        asking = RetryingClient(server, most, [PROBE], clock=loop.time)  # type: ignore[arg-type]
        if fixed:
            asking.level = Level(most, loop.time, Fixed(most))
        if first or fixed:
            asking.level.begin_with(first or fixed)
        seen, waiting = Seen(), deque(requests)

        async def record() -> None:
            while waiting:
                body = waiting.popleft()
                await asking.ask("/c", body, lambda answer: answer, amount, body["kind"])
                seen.times.append(loop.time())
                seen.levels.append(asking.level.now)

        await asyncio.gather(*(record() for _ in range(64)))
        await asking.close()
        seen.kept = asking.level.best
        return seen

    return run(go())
