"""Where a process's time goes: phases that are entered and left, and "other" for the rest.

Knows names and seconds.  Invariant: all phases of all windows together last as long as the
windows do, whatever is nested or reported late.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

OTHER = "other"


class PhaseClock:
    """Time since `started` (by time.monotonic), taken out window by window."""

    def __init__(self, started: float) -> None:
        self._from = self._since = started
        self._seconds: defaultdict[str, float] = defaultdict(float)
        self._open: list[list[str]] = []  # names in boxes of their own, to be told apart
        self._owed = 0.0

    def add(self, name: str, seconds: float) -> None:
        """Seconds just spent, told afterwards; a phase that is running doesn't get them too."""
        self._seconds[name] += seconds
        if self._open:
            self._seconds[self._open[-1][0]] -= seconds

    @contextmanager
    def running(self, name: str) -> Iterator[None]:
        """Count the block's time; a phase inside it stops this one meanwhile."""
        self._charge()
        box = [name]
        self._open.append(box)
        try:
            yield
        finally:
            self._charge()
            self._open = [other for other in self._open if other is not box]

    def _charge(self) -> None:
        now = time.monotonic()
        if self._open:
            self._seconds[self._open[-1][0]] += now - self._since
        self._since = now

    @property
    def window(self) -> float:
        """Seconds since the last `take`."""
        return time.monotonic() - self._from

    def take(self) -> tuple[float, dict[str, float]]:
        """Seconds of the window that ends now, and its phases, which add up to them."""
        self._charge()
        seconds, self._from = self._since - self._from, self._since
        phases, self._seconds = self._seconds, defaultdict(float)
        # What was told too late, for an earlier window, is taken from the rest of this one.
        rest = seconds - sum(phases.values()) + self._owed
        self._owed, rest = min(0.0, rest), max(0.0, rest)
        return seconds, {**phases, OTHER: rest}
