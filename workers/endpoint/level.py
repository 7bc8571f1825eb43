"""How many requests an endpoint answers at a time without queueing: found by trying.

The number is doubled while that brings more tokens a second; where it doesn't, the last one that
did is kept, and smaller steps up are tried, at once and again later.  Knows counts and a clock.
Invariant: never fewer than one at a time, never more than `most`.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

_FIRST = 2
_DOUBLED, _STEP = 2.0, 1.5
_GAIN = 1.05  # of tokens a second, for more at a time to be worth it
_ROUNDS = {_DOUBLED: 2, _STEP: 4}  # answers of each place, in a window that is measured
_LEAST_S = 0.5  # of a window
_PATIENCE = 12  # windows until more are tried again


class Level:
    """Lets requests through, `now` of them at a time."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.now = min(_FIRST, most)
        self.active = 0
        self._most = most
        self._clock = clock
        self._changed = asyncio.Condition()
        self._best = 0.0  # tokens a second at the level that is kept
        self._kept = self.now
        self._rest = 0
        self._step = _DOUBLED
        self._waiting = 0
        self._begin()

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Wait for a place, and hold it for the block."""
        async with self._changed:
            self._waiting += 1
            try:
                await self._changed.wait_for(lambda: self.active < self.now)
            finally:
                self._waiting -= 1
            self.active += 1
        try:
            yield
        finally:
            async with self._changed:
                self.active -= 1
                self._changed.notify_all()

    def answered(self, tokens: int) -> None:
        """An answer came, which took so many tokens, read and written."""
        self._answers += 1
        self._tokens += tokens
        if not self._waiting and self.active < self.now:
            self._begin()  # places were empty: the window says nothing
            return
        seconds = self._clock() - self._since
        if self._answers >= _ROUNDS[self._step] * self.now and seconds >= _LEAST_S:
            self._judge(self._tokens / seconds)
            self._begin()

    def too_many(self) -> None:
        """The server says that it is asked too much."""
        self.now = self._kept = max(1, self.now // 2)
        self._best, self._rest, self._step = 0.0, _PATIENCE, _STEP
        self._begin()

    def _begin(self) -> None:
        self._since, self._answers, self._tokens = self._clock(), 0, 0

    def _judge(self, rate: float) -> None:
        if self._rest:
            self._rest -= 1
            self._best = rate if self._best == 0 else 0.7 * self._best + 0.3 * rate
            self.now = self._more() if not self._rest else self.now
        elif self._best == 0 or rate >= _GAIN * self._best:
            self._kept, self._best = self.now, rate
            self.now = self._more()
        else:
            self.now, self._rest = self._kept, 1 if self._step == _DOUBLED else _PATIENCE
            self._step = _STEP

    def _more(self) -> int:
        return min(self._most, max(self.now + 1, int(self.now * self._step)))
