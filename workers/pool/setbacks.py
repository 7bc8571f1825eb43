"""Whether another worker may do better: failures against results, in rounds.

Knows how workers ended and how many results they made; knows nothing of chunks.  Invariant:
what a person, a lack of memory or the watchdog ended is no failure.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace

from workers.core.errors import EngineError, ModelError, PoolError
from workers.core.exit_status import WorkerExit
from workers.pool.ending import Ended

# So many rounds of failures that workers explained end a run that has made nothing yet: it was
# no record, so the next worker will fail the same way.  Each result makes up for a round, up to
# MOST_ROUNDS: a record that the engine can't take is found within them when all else is done.
ROUNDS = 3
MOST_ROUNDS = 5
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
    """Failures in a row.

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
    """The failures of a run's workers, and how many more there may be."""

    tries_left: int = ROUNDS
    failed: Rounds = field(default_factory=Rounds)
    crashed: Rounds = field(default_factory=Rounds)

    def make_up(self, results: int) -> None:
        """Workers have made so many results since they were last looked at."""
        if results:
            self.tries_left = min(MOST_ROUNDS, self.tries_left + results)
            self.failed.count, self.crashed = 0, Rounds()

    def note(self, ended: Ended, started: float, proved: bool) -> Ended:
        """Count the end of a worker that was `started` (monotonic seconds).

        A failure of the engine counts against the record that was in flight alone only if it
        is one of its own round and `proved`: the model had worked in that process before.
        """
        if ended.signalled or ended.no_memory:
            return ended
        if ended.status not in _ERRORS:
            if ended.death.counts:
                self.crashed.add(started)
            return ended
        fresh = self.failed.add(started)
        self.tries_left -= fresh
        blamed = ended.status == WorkerExit.ENGINE and proved and fresh and self.tries_left > 0
        return replace(ended, death=replace(ended.death, counts=blamed))

    def check(self, ended: Ended, ever_ready: bool) -> None:
        """Raise ModelError, EngineError or PoolError once restarting has been tried enough."""
        log = f"; log: {ended.log}" if ended.log else ""
        if ended.status in _ERRORS and self.tries_left <= 0:
            raise _ERRORS[ended.status](f"{ended.words} (tried {self.failed.count} times{log})")
        if self.crashed.count >= (CRASH_ROUNDS if ever_ready else START_ROUNDS):
            what = "keep dying" if ever_ready else "die before they start"
            raise PoolError(f"workers {what} ({ended.death.cause}): {ended.words}{log}")
