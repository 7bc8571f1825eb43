"""Lets requests through to an endpoint, as many at a time as the finder says.

Keeps the time between answers, as long as all places are taken; which level is the right one is
the finder's to say.  Invariant: no more than `now` are let through.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Hashable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from workers.endpoint.finder import Finder


@dataclass(frozen=True)
class Place:
    """Where a request is under way: since when, at which level, after how many answers."""

    began: float
    level: int
    answers: int


class Level:
    """Lets requests through, `now` of them at a time; `answers`: how many have come."""

    def __init__(
        self,
        most: int,
        clock: Callable[[], float] = time.monotonic,
        finder: Finder | None = None,
    ) -> None:
        self.active = self.answers = 0
        self._finder = finder or Finder(most)
        self._clock = clock
        self._changed = asyncio.Condition()
        self._kinds = Counter[Hashable]()  # of the requests that are under way
        self._since: float | None = None  # the last answer, if all places have been taken since

    @property
    def now(self) -> int:
        """Most requests at a time."""
        return self._finder.now

    @property
    def best(self) -> int:
        """The best level found so far: `now`, but while another one is tried."""
        return self._finder.kept

    def begin_with(self, level: int, least: int = 1) -> None:
        """Where to begin, and the fewest, for a server that says how many it has room for."""
        self._finder.begin_with(level, least)

    @asynccontextmanager
    async def place(self, kind: Hashable = "") -> AsyncIterator[Place]:
        """Wait for a place, and hold it for the block.

        kind: which requests are like this one.
        """
        async with self._changed:
            await self._changed.wait_for(lambda: self.active < self.now)
            self.active += 1
            self._kinds[kind] += 1
            place = Place(self._clock(), self.now, self.answers)
            if self._since is None and self.active == self.now:
                self._since = place.began
        try:
            yield place
        finally:
            async with self._changed:
                self.active -= 1
                self._kinds[kind] -= 1
                self._kinds += Counter()  # only those that are left
                self._changed.notify_all()

    def answered(self, place: Place, work: float) -> None:
        """An answer came to the request in `place`; call it while that is held.

        work: what the server did for it, in tokens written or what takes it as long.
        """
        now, since = self._clock(), self._since
        self.answers += 1
        self._since = now if self.active >= self.now else None
        if self._since is not None and since is not None:
            kinds = frozenset(self._kinds)
            self._finder.answered(kinds, work, now - since, now - place.began)

    def answers_since(self, place: Place) -> int:
        """How many others were answered since this one began."""
        return self.answers - place.answers

    def too_many(self, place: Place) -> None:
        """The server says that it is asked too much: one step down for all who hear it at once."""
        if place.level == self.now:
            self._finder.too_many()
