"""Who is told how a run goes besides the terminal: the performance log, and a dashboard.

Knows status snapshots and messages; decides nothing.  Invariant: an observer that fails
says so once and never stops the run.
"""

from __future__ import annotations

import secrets
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Protocol, Self

from workers.core.terminal import plain_text
from workers.observe.status import RunStatus
from workers.performance_logger import PerformanceLogger
from workers.queue.deaths import Death


class Observer(Protocol):
    """Who follows a run: the same as the supervisor's Display."""

    def update(self, status: RunStatus) -> None: ...

    def say(self, message: str) -> None: ...


class Observers:
    """Passes everything on to each observer in turn; closes those that can be closed."""

    def __init__(self, observers: Sequence[Observer]) -> None:
        self._observers = list(observers)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        with ExitStack() as stack:
            for observer in self._observers:
                if close := getattr(observer, "close", None):
                    stack.callback(close)

    def update(self, status: RunStatus) -> None:
        for observer in self._observers:
            observer.update(status)

    def say(self, message: str) -> None:
        for observer in self._observers:
            observer.say(message)


class RunLog:
    """The coordinator's side of a run, in its own performance log."""

    def __init__(self, folder: Path) -> None:
        self._logger = PerformanceLogger(folder, f"coordinator-{secrets.token_hex(4)}")
        self._logger.event("start", role="coordinator")
        self._state = ""

    def update(self, status: RunStatus) -> None:
        """Once a second: a line when the state has changed."""
        if status.state != self._state:
            self._state = status.state
            self._logger.event("state", state=status.state, message=status.message)
        self._logger.flush()

    def say(self, message: str) -> None:
        self._logger.event("message", text=plain_text(message, 500))

    def deaths_too(self, record: Callable[[Death], None]) -> Callable[[Death], None]:
        """`record`, with a line for every death."""

        def both(death: Death) -> None:
            record(death)
            cause = plain_text(death.cause, 200)
            # `worker` is taken: every line has it, for who wrote it.
            self._logger.event("death", of=death.worker, cause=cause, own_doing=death.counts)

        return both

    def close(self) -> None:
        self._logger.event("end")
        self._logger.close()


class Quietly:
    """An observer whose errors are a warning, once; it is not asked again."""

    def __init__(self, what: str, update: Callable[[RunStatus], Any]) -> None:
        self._what = what
        self._update: Callable[[RunStatus], Any] | None = update

    def update(self, status: RunStatus) -> None:
        if self._update is None:
            return
        try:
            self._update(status)
        except OSError as error:
            self._update = None
            reason = error.strerror or str(error)
            print(f"warning: {self._what}: {reason}; the run goes on without it", file=sys.stderr)

    def say(self, message: str) -> None:
        pass
