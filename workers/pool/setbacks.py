"""Whether another worker may do better: rounds of failures since a worker last did something.

Knows how workers ended; knows nothing of chunks.  Invariant: what a person, the kernel's lack
of memory or the watchdog ended is no failure.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from workers.core.errors import EngineError, ModelError, PoolError
from workers.core.exit_status import WorkerExit
from workers.pool.ending import Ended

# A failure that the worker explained will be the same next time: it was no record.
ROUNDS = 3
# A crash may be a record's doing, which takes halving to find: the largest batch needs ten
# rounds for that, and three more to be sure.
CRASH_ROUNDS = 16
# Before any worker was ready no record was in flight.
START_ROUNDS = 8
_ERRORS: dict[int, type[PoolError]] = {
    WorkerExit.NO_MODEL: ModelError,
    WorkerExit.ENGINE: EngineError,
    WorkerExit.SYSTEM: PoolError,
}


@dataclass
class Rounds:
    """How often in a row it went wrong.

    Workers that run side by side fail side by side, so a failure only makes another round
    when its worker was started after the last one.
    """

    count: int = 0
    last: float = float("-inf")  # monotonic seconds

    def add(self, started: float) -> bool:
        """Note a failure of a worker `started` then; whether that makes another round."""
        if started <= self.last:
            return False
        self.count, self.last = self.count + 1, time.monotonic()
        return True


@dataclass
class Setbacks:
    """The failures of a run's workers since one of them last did something."""

    explained: Rounds = field(default_factory=Rounds)
    crashes: Rounds = field(default_factory=Rounds)

    def clear(self) -> None:
        """A worker has done something: what failed before is no sign of what will."""
        self.explained, self.crashes = Rounds(), Rounds()

    def add(self, ended: Ended, started: float, ever_ready: bool) -> None:
        """Note the end of a worker that was `started` (monotonic seconds).

        Raises ModelError, EngineError or PoolError once restarting has been tried enough.
        """
        if ended.signalled or ended.no_memory:
            return
        if ended.status in _ERRORS:
            if self.explained.add(started) and self.explained.count >= ROUNDS:
                raise _ERRORS[ended.status](f"{ended.words} (tried {ROUNDS} times{_log(ended)})")
        elif ended.death.counts and self.crashes.add(started):
            self._refuse_to_crash_on(ended, ever_ready)

    def _refuse_to_crash_on(self, ended: Ended, ever_ready: bool) -> None:
        when = "again and again" if ever_ready else "before they start"
        if self.crashes.count >= (CRASH_ROUNDS if ever_ready else START_ROUNDS):
            raise PoolError(f"workers die {when} ({ended.death.cause}): {ended.words}{_log(ended)}")


def _log(ended: Ended) -> str:
    return f"; log: {ended.log}" if ended.log else ""
