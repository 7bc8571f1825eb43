"""How many requests to have under way at an endpoint: found by trying.

The number is doubled at first, and of two that are equal the higher one is kept: too many only wait
in the server's own queue, where too few leave it idle.  A smaller number is tried once a larger one
was slower or too much, and now and again.  Knows counts, rates and seconds.  Invariant: never fewer
than one at a time, never more than `most`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from workers.endpoint.rates import Kinds, Rates

_FIRST = 8
_DOUBLED, _STEP = 2.0, 1.5
_GRAIN = 0.2  # of a level: smaller steps are only tried below what the server refused
_EQUAL = 0.98  # of the lower level's rate, for the higher one to be kept
_NOISE = 3.0  # a ratio from n answers is believed beyond 1 +- this / n
_ENOUGH = 40  # answers that say so, for a smaller difference to be believed
_WINDOW = 8  # answers at the least, and one for each place, until a level is looked at
_TURNS = 12  # windows that two levels are compared in, at most
_PATIENCE, _MOST_PATIENCE = 16, 128  # windows until others are tried again
_LONGEST_S = 60.0  # of an answer, for more to be asked at a time


@dataclass
class Finder:
    """`now` is how many may be under way; it changes as answers come in.

    kept: the best level so far; it differs from `now` while another one is tried.
    """

    most: int
    now: int = field(init=False)
    kept: int = field(init=False)

    def __post_init__(self) -> None:
        self._here, self._there = Rates(), Rates()  # at the level kept, at the one tried
        self._patience, self._seconds = _PATIENCE, 0.0
        self._answers = self._unsettled = 0
        self._kinds: Kinds = frozenset()
        self.now = self.kept = 1
        self._look_around(_DOUBLED, down=False)
        self.begin_with(_FIRST)

    def begin_with(self, level: int, least: int = 1) -> None:
        """Where to begin, and below which number not to go unless the server says so."""
        self._least = max(1, min(least, self.most))
        self._keep(max(self._least, min(level, self.most)), Rates(), windows=1)
        self._unsettled = self.now

    def answered(self, kinds: Kinds, work: float, seconds: float, latency: float) -> None:
        """An answer came `seconds` after the one before, all places having been taken between.

        kinds: of all that were under way then; work: what the server did for this one; latency:
        seconds that it took.
        """
        self._seconds += (latency - self._seconds) / 8
        if kinds != self._kinds:
            self._kinds, self._unsettled = kinds, max(self._unsettled, self.now)
        if self._unsettled:  # asked at another level, or beside others
            self._unsettled -= 1
            return
        self._answers += 1
        (self._here if self.now == self.kept else self._there).add(kinds, work, seconds)
        if self._answers % max(_WINDOW, self.now):
            return
        self._windows += 1
        if self._tried:
            self._judge()
        elif self._windows >= self._rest:
            self._try()

    def too_many(self) -> None:
        """The server says that it is asked too much."""
        self._ceiling, self._grain = self.now, 0.0
        if self.now > self.kept:
            self._keep(self.kept, self._here, windows=1)
        else:
            self._floor, self._least = 0, 1
            self._keep(max(1, self.now * 3 // 4), Rates(), windows=1)

    def _look_around(self, step: float, down: bool) -> None:
        """Forget which levels were worse."""
        self._step, self._down, self._grain = step, down, _GRAIN
        self._floor, self._ceiling = 0, self.most + 1

    def _keep(self, level: int, seen: Rates, windows: int) -> None:
        self.kept, self._here, self._rest = level, seen, windows
        self._tried = self._windows = 0
        self._go_to(level)

    def _go_to(self, level: int) -> None:
        self._answers = 0
        if level != self.now:
            self.now, self._unsettled = level, self.now

    def _try(self) -> None:
        """Go to another level; where none is left, look around anew after a while."""
        level = self._next()
        if level != self.kept:
            self._tried, self._windows, self._there = level, 0, Rates()
            self._go_to(level)
            return
        self._look_around(_STEP, down=True)
        self._keep(self.kept, self._here, self._patience)
        self._patience = min(_MOST_PATIENCE, 2 * self._patience)

    def _next(self) -> int:
        """The level to try, or the one that is kept: upwards first, then between known ones."""
        kept, open_above = self.kept, self._ceiling > self.most
        if open_above and kept < self.most and self._seconds < _LONGEST_S:
            return min(self.most, max(kept + 1, round(kept * self._step)))
        if self._down and not self._floor and kept > self._least:
            return max(self._least, min(kept - 1, round(kept / self._step)))
        above, below = (kept + self._ceiling) // 2, (kept + self._floor + 1) // 2
        least = max(1, int(kept * self._grain))
        if not open_above and above - kept >= least:
            return above
        if self._down and self._floor and kept - below >= least:
            return below
        return kept

    def _judge(self) -> None:
        """Keep the level that is tried or the one before, once it can be told which is better."""
        upwards = self._tried > self.kept
        two = (self._there, self._here) if upwards else (self._here, self._there)
        gain, answers = two[0].against(two[1])
        if abs(gain - 1) * answers > _NOISE:
            self._decide((gain > 1) == upwards, upwards)
        elif answers >= _ENOUGH or self._windows >= _TURNS:
            self._decide((gain >= _EQUAL) == upwards, upwards)
        else:
            fewer = self._there.answers < self._here.answers
            self._go_to(self._tried if fewer else self.kept)

    def _decide(self, taken: bool, upwards: bool) -> None:
        worse = self.kept if taken else self._tried
        if taken == upwards:
            self._floor = worse
        else:
            self._ceiling, self._down = worse, True
        if taken:
            self._patience = _PATIENCE
            self._keep(self._tried, self._there, windows=1)
            self._try()
        else:
            self._keep(self.kept, self._here, windows=1)
