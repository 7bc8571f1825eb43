"""An event loop whose clock runs faster: real sockets, and an hour of waiting in seconds.

Invariant: whatever asyncio times, sleeps and time-outs alike, goes by this clock.
"""

from __future__ import annotations

import asyncio
import selectors
import time
from collections.abc import Coroutine
from typing import Any


class FastClock(asyncio.SelectorEventLoop):
    """`speed`: how many of its seconds pass in a real one; it may be changed at any time."""

    def __init__(self) -> None:
        self._speed, self._then, self._passed = 1.0, time.monotonic(), 0.0
        super().__init__(_Selector(self))

    @property
    def speed(self) -> float:
        return self._speed

    @speed.setter
    def speed(self, speed: float) -> None:
        self._passed, self._then = self.time(), time.monotonic()
        self._speed = speed

    def time(self) -> float:
        return self._passed + (time.monotonic() - self._then) * self._speed


class _Selector(selectors.DefaultSelector):
    """Waits as long in real seconds as the loop wants in its own."""

    def __init__(self, clock: FastClock) -> None:
        super().__init__()
        self._clock = clock

    def select(self, timeout: float | None = None) -> Any:
        return super().select(timeout and timeout / self._clock.speed)


def clock() -> FastClock:
    """The clock of the running loop."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, FastClock)
    return loop


def run(main: Coroutine[Any, Any, Any]) -> Any:
    """Run it in a loop with such a clock."""
    with asyncio.Runner(loop_factory=FastClock) as runner:
        return runner.run(main)
