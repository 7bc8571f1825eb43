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

SIZES = (1, 2, 4, 8, 16, 32, 64)  # tokens of the passes that are measured
_BETTER = 1.03  # a draft must promise at least this much more than none


class CostTable:
    """Seconds of a pass by its number of tokens: measured once, then corrected by what is seen.

    The correction is a constant: what longer contexts cost is the same for any draft length.
    """

    def __init__(self, sizes: Sequence[int], seconds: Sequence[float]) -> None:
        self._sizes = np.array(sizes, dtype=float)
        self._seconds = np.maximum.accumulate(np.array(seconds, dtype=float))
        self._more = 0.0

    @classmethod
    def measure(cls, run: Callable[[int], float], sizes: Sequence[int] = SIZES) -> CostTable:
        """Time `run(tokens)`, which returns seconds; the better of two counts."""
        return cls(sizes, [min(run(size), run(size)) for size in sizes])

    def base(self, tokens: np.ndarray | float) -> np.ndarray:
        """Seconds as measured at the start; beyond the table, as its last step goes on."""
        last = (self._seconds[-1] - self._seconds[-2]) / (self._sizes[-1] - self._sizes[-2])
        beyond = np.maximum(0.0, np.asarray(tokens, dtype=float) - self._sizes[-1]) * last
        return np.asarray(np.interp(tokens, self._sizes, self._seconds) + beyond)

    def seconds(self, tokens: np.ndarray | float) -> np.ndarray:
        """Seconds of a pass of so many tokens in the present context."""
        return self.base(tokens) + self._more

    def saw(self, tokens: int, seconds: float) -> None:
        """A pass took this long."""
        seen = max(0.0, seconds - float(self.base(tokens)))
        self._more += 0.1 * (min(seen, 2 * float(self.base(tokens))) - self._more)


@dataclass(frozen=True)
class Chance:
    """A row's draft: how many tokens it has, and how likely each next one is right."""

    rate: float
    most: int


def draft_lengths(
    chances: Sequence[Chance], sure: int, cost: CostTable, extra: float = 0.0
) -> tuple[list[int], float]:
    """Tokens to take of each row's draft, and the tokens per second that this promises.

    `sure` tokens are in the pass anyway; `extra` seconds are spent on drafting when any
    draft is taken.  Gains fall within a row, so the best set of any size is the first so
    many of all gains in order; every size is looked at.
    """
    rows = len(chances)
    gains = [
        (chance.rate**place, row)
        for row, chance in enumerate(chances)
        for place in range(1, chance.most + 1)
    ]
    gains.sort(key=lambda gain: -gain[0])
    expected = rows + np.concatenate([[0.0], np.cumsum([gain for gain, _ in gains])])
    seconds = cost.seconds(sure + np.arange(len(gains) + 1)) + extra
    seconds[0] -= extra
    speeds = expected / seconds
    best = int(np.argmax(speeds))
    if speeds[best] < _BETTER * speeds[0]:
        best = 0
    lengths = [0] * rows
    for _, row in gains[:best]:
        lengths[row] += 1
    return lengths, float(speeds[best])
