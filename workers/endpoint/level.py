"""Lets requests through to an endpoint, as many at a time as it answers without queueing.

Keeps the time: each second is parted among the requests that are under way, so that what one took
of the server is known whatever else went on.  Which level is the right one is the finder's to say.
Invariant: no more than `now` are let through.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from workers.endpoint.finder import Finder

_FULL = 0.85  # of the places were taken, on average, while a request that counts was under way


@dataclass(frozen=True)
class Place:
    """Where a request is under way: when it began, in seconds and in parted ones, and the level.

    settled: whether others had been answered at that level before.
    """

    began: float
    parted: float
    level: int
    settled: bool


class Level:
    """Lets requests through, `now` of them at a time."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.active = 0
        self._finder = Finder(most)
        self._clock = clock
        self._changed = asyncio.Condition()
        self._parted = 0.0  # seconds, each divided by the requests that were under way
        self._last = clock()

    @property
    def now(self) -> int:
        """Most requests at a time."""
        return self._finder.now

    @asynccontextmanager
    async def place(self) -> AsyncIterator[Place]:
        """Wait for a place, and hold it for the block."""
        async with self._changed:
            await self._changed.wait_for(lambda: self.active < self.now)
            self._count(1)
            place = Place(self._last, self._parted, self.now, self._finder.settled)
        try:
            yield place
        finally:
            async with self._changed:
                self._count(-1)
                self._changed.notify_all()

    def answered(self, place: Place, work: float) -> None:
        """An answer came to the request in `place`; call it while that is held.

        work: what the server did for it, in tokens written or what takes it as long.
        """
        self._count(0)
        self._finder.came()
        seconds, parted = self._last - place.began, self._parted - place.parted
        as_now = place.settled and place.level == self.now
        if as_now and seconds >= _FULL * self.now * parted:
            self._finder.answered(work, parted)

    def too_many(self, place: Place) -> None:
        """The server says that it is asked too much: one step down for all who hear it at once."""
        if place.level == self.now:
            self._finder.too_many()

    def _count(self, more: int) -> None:
        now = self._clock()
        self._parted += (now - self._last) / max(1, self.active)
        self._last = now
        self.active += more
