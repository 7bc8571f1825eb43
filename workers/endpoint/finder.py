"""How many requests an endpoint answers at a time without queueing: found by trying.

Two levels are compared by the work that the server does in a second at each: the number is doubled
while that brings more, then smaller steps up and down are tried now and again, and what brings
nothing is given up.  Knows counts and seconds.  Invariant: never fewer than one at a time, never
more than `most`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

_FIRST = 4
_DOUBLED, _STEP = 2.0, 1.5
_WORTH = 1.05  # of the rate, for more at a time to be worth it
_NO_GAIN, _GAIN, _FIRST_GAIN = 0.98, 1.2, 1.1  # beyond these a ratio is believed at once
_PAIRS = 4  # of windows that are compared at most
_SETTLED = 0.5  # answers of each place, until what a level brings is looked at
_ROUNDS = 1.5  # answers of each place, in a window
_LEAST_ANSWERS, _LEAST_S = 12, 0.25  # of a window
_PATIENCE, _MOST_PATIENCE = 8, 64  # windows until another level is tried


@dataclass
class Seen:
    """Answers at a level: the work in them, and the seconds of the server that fell to them."""

    answers: int = 0
    work: float = 0.0
    seconds: float = 0.0

    def add(self, other: Seen) -> None:
        self.answers += other.answers
        self.work += other.work
        self.seconds += other.seconds

    def rate_over(self, other: Seen) -> float:
        """How many times as much work a second as in another."""
        return self.work * other.seconds / max(1e-9, other.work * self.seconds)


@dataclass
class Finder:
    """`now` is how many may be under way; it changes as answers come in."""

    most: int
    now: int = field(init=False)
    _kept: int = field(init=False)
    _tried: int = field(init=False)
    _window: Seen = field(init=False)  # what was seen since the last look
    _here: Seen = field(init=False)  # at the level that is kept
    _there: Seen = field(init=False)  # at the one that is tried

    def __post_init__(self) -> None:
        self._climbing, self._upwards = self.most > _FIRST, True
        self._patience = _PATIENCE
        self._came = self.now = 0
        self._keep(min(_FIRST, self.most), rest=0)

    @property
    def settled(self) -> bool:
        """Whether requests that begin now meet the server as it is at this level."""
        return self._came >= _SETTLED * self.now

    def came(self) -> None:
        """An answer came, to whatever request."""
        self._came += 1

    def answered(self, work: float, seconds: float) -> None:
        """A request was answered that had begun at this level, settled, with all places taken.

        seconds: its share of the time that it took, parted among all that were under way.
        """
        self._window.add(Seen(1, work, seconds))
        enough = max(_LEAST_ANSWERS, math.ceil(_ROUNDS * self.now))
        if self._window.answers < enough or self._window.seconds < _LEAST_S:
            return
        window, self._window = self._window, Seen()
        if self.now == self._kept:
            self._go_on(window)
        else:
            self._compare(window)

    def too_many(self) -> None:
        """The server says that it is asked too much."""
        self._climbing = False
        self._keep(max(1, self.now // 2), self._patience)

    def _keep(self, level: int, rest: int) -> None:
        self._kept, self._rest = level, rest
        self._go_to(level)
        self._window, self._here, self._there, self._pairs = Seen(), Seen(), Seen(), 0

    def _go_to(self, level: int) -> None:
        if level != self.now:
            self.now, self._came = level, 0

    def _go_on(self, window: Seen) -> None:
        """A window at the level that is kept: it is what another one is compared with."""
        if self._pairs:
            self._here.add(window)
        else:
            self._here = window
        self._rest = max(0, self._rest - 1)
        if not self._rest:
            self._tried = self._tried if self._pairs else self._next()
            self._go_to(self._tried)

    def _next(self) -> int:
        """The level to try: doubled at first, then a step up or down by turns."""
        if self._climbing:
            return min(self.most, int(self._kept * _DOUBLED))
        self._upwards = not self._upwards
        up = min(self.most, max(self._kept + 1, round(self._kept * _STEP)))
        down = max(1, min(self._kept - 1, round(self._kept / _STEP)))
        wanted, other = (up, down) if self._upwards else (down, up)
        return wanted if wanted != self._kept else other

    def _compare(self, window: Seen) -> None:
        """A window at another level: is the higher one of the two worth it?"""
        self._there.add(window)
        self._pairs += 1
        higher = self.now > self._kept
        two = (self._there, self._here) if higher else (self._here, self._there)
        gain = two[0].rate_over(two[1])
        gained = _FIRST_GAIN if self._climbing else _GAIN
        if _NO_GAIN < gain < gained and self._pairs < _PAIRS:
            self._go_to(self._kept)
        elif (gain >= _WORTH) == higher:
            self._take()
        else:
            self._refuse()

    def _take(self) -> None:
        """The level that was tried is kept; one more step that way may be worth it as well."""
        seen, self._patience = self._there, _PATIENCE
        self._upwards = self._tried < self._kept  # turned before the next step
        self._climbing = self._climbing and self._tried < self.most
        self._keep(self._tried, rest=0)
        self._here = seen
        self._tried = self._next()
        self._go_to(self._tried)

    def _refuse(self) -> None:
        """Back; where doubling was too much, a smaller step may not be."""
        rest = 0 if self._climbing else self._patience
        self._upwards = self._upwards and not self._climbing
        if not self._climbing:
            self._patience = min(_MOST_PATIENCE, 2 * self._patience)
        self._climbing = False
        self._keep(self._kept, rest)
