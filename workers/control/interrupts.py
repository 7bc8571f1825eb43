"""Ctrl-C, SIGTERM and SIGHUP as something that a loop asks about between two steps.

The handlers only count.  Invariant: outside the `with`, signals mean what they meant.
"""

from __future__ import annotations

import signal
import threading
import time
from types import FrameType, TracebackType
from typing import Any

from workers.core.errors import PoolError
from workers.core.exit_status import ExitStatus

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupted(PoolError):
    """Somebody asked the run to stop; it can be resumed."""

    exit_status = ExitStatus.INTERRUPTED


class Interrupts:
    """How often we were asked to stop, while entered as a context manager."""

    def __init__(self) -> None:
        self.count = 0
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Interrupts:
        if threading.current_thread() is threading.main_thread():
            for number in _SIGNALS:
                if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # nohup
                    self._before[number] = signal.signal(number, self._note)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.count += 1

    def check(self) -> None:
        """Raise Interrupted once somebody asked."""
        if self.count:
            raise Interrupted("interrupted")

    def hurried(self) -> bool:
        """Whether somebody asked twice."""
        return self.count > 1

    def sleep(self, seconds: float) -> None:
        """Wait, but no longer than until a signal comes."""
        until = time.monotonic() + seconds
        count = self.count
        while self.count == count and (left := until - time.monotonic()) > 0:
            time.sleep(min(left, 0.05))
