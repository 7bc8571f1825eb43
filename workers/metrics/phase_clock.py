"""Where a process's time goes: phases that are entered and left, and "other" for the rest.

Knows names and seconds.  Invariant: the phases of all windows add up to the length of the
windows, whatever is nested or reported late.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from workers.metrics.metric_kinds import PhaseTimes

OTHER = "other"


class PhaseClock:
    """Time since `started` (by time.monotonic), in windows."""

    def __init__(self, started: float) -> None:
        self._from = self._since = started
        self._seconds: defaultdict[str, float] = defaultdict(float)
        self._open: list[list[str]] = []  # one-element lists, so equal names stay distinct
        self._owed = 0.0

    def add(self, name: str, seconds: float) -> None:
        """Add seconds just spent; a phase that is running doesn't count them again."""
        self._seconds[name] += seconds
        if self._open:
            self._seconds[self._open[-1][0]] -= seconds

    @contextmanager
    def running(self, name: str) -> Iterator[None]:
        """Count the block's time; a phase inside it stops this one meanwhile."""
        self._charge()
        entry = [name]
        self._open.append(entry)
        try:
            yield
        finally:
            self._charge()
            self._open = [other for other in self._open if other is not entry]

    def _charge(self) -> None:
        now = time.monotonic()
        if self._open:
            self._seconds[self._open[-1][0]] += now - self._since
        self._since = now

    @property
    def window(self) -> float:
        """Seconds since the window began."""
        return time.monotonic() - self._from

    def end_window(self) -> PhaseTimes:
        """The window that ends now: its seconds, and its phases, which add up to them."""
        self._charge()
        seconds, self._from = self._since - self._from, self._since
        phases, self._seconds = self._seconds, defaultdict(float)
        # What was reported too late for its window is subtracted from the rest of this one.
        rest = seconds - sum(phases.values()) + self._owed
        self._owed, rest = min(0.0, rest), max(0.0, rest)
        return PhaseTimes(seconds, {**phases, OTHER: rest})
