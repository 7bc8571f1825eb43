"""Who follows a run besides the terminal: the performance log, and a dashboard.

Knows status snapshots and messages; decides nothing.  Invariant: a dashboard that fails
is a warning, once, and never stops the run.
"""

from __future__ import annotations

import secrets
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Protocol, Self

from workers.core.terminal import plain_text
from workers.metrics.metric_kinds import StateChange, WorkerDeath
from workers.observe.status import RunStatus
from workers.performance_logger import PerformanceLogger
from workers.queue.deaths import Death

COORDINATOR = "coordinator"


class Observer(Protocol):
    """Whoever follows a run: a terminal, the log, a dashboard."""

    def update(self, status: RunStatus) -> None:
        """The run as it is now; called once a second and at every change of state."""

    def say(self, message: str) -> None:
        """Something happened that a person should know."""


class Observers:
    """Forwards everything to each observer in turn; closes those that have a `close`."""

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
        """To each."""
        for observer in self._observers:
            observer.update(status)

    def say(self, message: str) -> None:
        """To each."""
        for observer in self._observers:
            observer.say(message)


class RunLog:
    """The coordinator's side of a run, in its own performance log."""

    def __init__(self, folder: Path) -> None:
        self._logger = PerformanceLogger(folder, f"{COORDINATOR}-{secrets.token_hex(4)}")
        self._logger.event("start", role=COORDINATOR)
        self._state = ""

    def update(self, status: RunStatus) -> None:
        """A line when the state has changed."""
        if status.state != self._state:
            self._state = status.state
            self._logger.record(StateChange(status.state, status.message))
        self._logger.flush()

    def say(self, message: str) -> None:
        """A line for the message."""
        self._logger.event("message", text=plain_text(message, 500))

    def deaths_too(self, record: Callable[[Death], None]) -> Callable[[Death], None]:
        """`record`, with a line for every death."""

        def both(death: Death) -> None:
            record(death)
            cause = plain_text(death.cause, 200)
            self._logger.record(WorkerDeath(death.worker, cause, death.counts))

        return both

    def close(self) -> None:
        """Write what waits, and the session's summary."""
        self._logger.event("end")
        self._logger.close()


class FailSafeObserver:
    """Wraps a function that observes: warns on its first error, then disables it."""

    def __init__(self, what: str, update: Callable[[RunStatus], Any]) -> None:
        self._what = what
        self._update: Callable[[RunStatus], Any] | None = update

    def update(self, status: RunStatus) -> None:
        """Call the function, unless it has failed."""
        if self._update is None:
            return
        try:
            self._update(status)
        except OSError as error:
            self._update = None
            reason = error.strerror or str(error)
            print(f"warning: {self._what}: {reason}; the run continues without it", file=sys.stderr)

    def say(self, message: str) -> None:
        """Messages are for people."""
