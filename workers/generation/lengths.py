"""How many draft tokens each row gets: as many as raise the expected tokens per second.

The expected gain of a row's j-th draft token is its acceptance rate to the power of j
(Leviathan et al., arXiv:2211.17192); a pass costs what a table says that was measured on this
machine (SmartSpec, arXiv:2406.14066).  Knows numbers only.  Invariant: no draft at all is
always among the choices.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

SIZES = (1, 2, 4, 8, 16, 32)  # tokens of the passes that are measured
SHORT, LONG = 32, 288  # tokens of context that the measured passes look at
_BETTER = 1.03  # a draft must promise at least this much more than none


class CostTable:
    """Seconds of a pass by its tokens and their context: measured once, then corrected.

    `per_seen` are the seconds that one token takes to look at one token of its context.
    What passes take beyond the table is kept as a constant that follows what is seen.
    """

    def __init__(
        self, sizes: Sequence[int], seconds: Sequence[float], per_seen: float = 0.0
    ) -> None:
        self._sizes = np.array(sizes, dtype=float)
        self._seconds = np.maximum.accumulate(np.array(seconds, dtype=float))
        self._per_seen = max(0.0, per_seen)
        self._more = 0.0

    @classmethod
    def measure(
        cls, probe: Callable[[int], Callable[[int], float]], sizes: Sequence[int] = SIZES
    ) -> CostTable:
        """Time passes: `probe(context)(tokens)` gives seconds; the better of two counts."""

        def best(timed: Callable[[int], float], tokens: int) -> float:
            return min(timed(tokens), timed(tokens))

        near, far = probe(SHORT), probe(LONG)
        near(sizes[0])  # the first of all is slower than any later one
        short = [best(near, size) for size in sizes]
        middle = len(sizes) // 2
        slope = (best(far, sizes[middle]) - short[middle]) / (sizes[middle] * (LONG - SHORT))
        return cls(sizes, short, slope)

    def base(self, tokens: np.ndarray | float, context: int = SHORT) -> np.ndarray:
        """Seconds as measured at the start; beyond the table, as its last step goes on."""
        many = np.asarray(tokens, dtype=float)
        last = (self._seconds[-1] - self._seconds[-2]) / (self._sizes[-1] - self._sizes[-2])
        beyond = np.maximum(0.0, many - self._sizes[-1]) * last
        seen = many * max(0, context - SHORT) * self._per_seen
        return np.asarray(np.interp(many, self._sizes, self._seconds) + beyond + seen)

    def seconds(self, tokens: np.ndarray | float, context: int = SHORT) -> np.ndarray:
        """Seconds of a pass of so many tokens with a context of so many each."""
        return self.base(tokens, context) + self._more

    def saw(self, tokens: int, seconds: float, context: int = SHORT) -> None:
        """A pass took this long."""
        base = float(self.base(tokens, context))
        seen = min(max(0.0, seconds - base), 2 * base)
        self._more += 0.1 * (seen - self._more)


@dataclass(frozen=True)
class Chance:
    """A row's draft: how many tokens it has, and how likely each next one is right."""

    rate: float
    most: int


def draft_lengths(
    chances: Sequence[Chance],
    sure: int,
    cost: CostTable,
    extra: float = 0.0,
    context: int = SHORT,
) -> tuple[list[int], float]:
    """Tokens to take of each row's draft, and the tokens per second that this promises.

    `sure` tokens are in the pass anyway, each with about `context` tokens to look at; `extra`
    seconds are spent on drafting when any draft is taken.  Gains fall within a row, so the
    best set of any size is the first so many of all gains in order; every size is looked at.
    """
    rows = len(chances)
    gains = [
        (chance.rate**place, row)
        for row, chance in enumerate(chances)
        for place in range(1, chance.most + 1)
    ]
    gains.sort(key=lambda gain: -gain[0])
    expected = rows + np.concatenate([[0.0], np.cumsum([gain for gain, _ in gains])])
    seconds = cost.seconds(sure + np.arange(len(gains) + 1), context) + extra
    seconds[0] -= extra
    speeds = expected / seconds
    best = int(np.argmax(speeds))
    if speeds[best] < _BETTER * speeds[0]:
        best = 0
    lengths = [0] * rows
    for _, row in gains[:best]:
        lengths[row] += 1
    return lengths, float(speeds[best])
