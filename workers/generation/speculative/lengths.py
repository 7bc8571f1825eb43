"""How many draft tokens each sequence gets: as many as raise the expected tokens per second.

The expected gain of a sequence's j-th draft token is its acceptance rate to the power of j
(Leviathan et al., arXiv:2211.17192); a pass costs what a table says that was measured on this
machine (SmartSpec, arXiv:2406.14066).  Knows numbers only.  Invariant: no draft at all is
always among the choices.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import orjson

# Tokens of the passes that are measured; many a processor's vectors end at 8 and at 16.
SIZES = (1, 2, 4, 8, 9, 16, 17, 32, 64)
SHORT, LONG = 32, 288  # tokens of context that the measured passes look at
_MIN_SPEEDUP = 1.08  # over no draft at all; less is lost again in noise and planning
_EMA_RATE = 0.1  # of the cost estimate's correction
_DECAY = 0.003  # of the drafting penalty, a pass without drafts
_MOST_TIMES = 4.0  # as long as the table says, or a fourth, that one pass is believed
_SHORTEST_S = 1e-9
_PRIOR_PASSES = 3  # that the measured table weighs as much as
_TIE_TOKENS = 16  # by which one sequence may end before another and still matter as much
_LONGEST = 8  # power of a sequence's length in how likely it is to be the last


class CostTable:
    """Seconds of a pass by its tokens and their context: measured once, then corrected.

    `per_seen` are the seconds that one token takes to look at one token of its context.
    How many times as long passes really take is kept as two factors that follow what is seen: one
    for passes with drafts, whose rows are of unequal width, and one for those without.  A factor,
    as whatever slows a machine or a batch down, slows each token: by a constant, more tokens would
    seem to cost no more on a slow machine than on a fast one, and too many would be drafted.
    """

    def __init__(
        self, sizes: Sequence[int], seconds: Sequence[float], per_seen: float = 0.0
    ) -> None:
        self._sizes = np.array(sizes, dtype=float)
        self._seconds = np.maximum.accumulate(np.array(seconds, dtype=float))
        self._per_seen = max(0.0, per_seen)
        self._times = {False: 1.0, True: 1.0}  # by whether there are drafts
        self._seen = {False: 0, True: 0}

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

    def to_json(self) -> bytes:
        """What was measured at the start."""
        found = {"sizes": self._sizes, "seconds": self._seconds, "per_seen": self._per_seen}
        return orjson.dumps(found, option=orjson.OPT_SERIALIZE_NUMPY)

    @classmethod
    def from_json(cls, data: bytes) -> CostTable:
        """The inverse of `to_json`; raises ValueError or KeyError for anything else."""
        found = orjson.loads(data)
        if len(found["sizes"]) != len(found["seconds"]) or len(found["sizes"]) < 2:
            raise ValueError("as many seconds as sizes, and two at least")
        return cls(found["sizes"], found["seconds"], found["per_seen"])

    def base(self, tokens: np.ndarray | float, context: int = SHORT) -> np.ndarray:
        """Seconds as measured at the start; beyond the table, as its last step goes on."""
        many = np.asarray(tokens, dtype=float)
        last = (self._seconds[-1] - self._seconds[-2]) / (self._sizes[-1] - self._sizes[-2])
        beyond = np.maximum(0.0, many - self._sizes[-1]) * last
        seen = many * max(0, context - SHORT) * self._per_seen
        return np.asarray(np.interp(many, self._sizes, self._seconds) + beyond + seen)

    def seconds(
        self, tokens: np.ndarray | float, context: int = SHORT, drafted: bool = False
    ) -> np.ndarray:
        """Seconds of a pass of so many tokens with a context of so many each."""
        return np.asarray(self.base(tokens, context) * self._times[drafted])

    def observe(
        self, tokens: int, seconds: float, context: int = SHORT, drafted: bool = False
    ) -> None:
        """A pass took this long: update the estimate.

        The drafting penalty decays while nothing is drafted, so that it is tried again.
        """
        seen = seconds / max(float(self.base(tokens, context)), _SHORTEST_S)
        off = min(max(1 / _MOST_TIMES, seen), _MOST_TIMES) - self._times[drafted]
        self._seen[drafted] += 1
        self._times[drafted] += off * max(_EMA_RATE, 1 / (_PRIOR_PASSES + self._seen[drafted]))
        if not self._seen[True]:
            self._times[True] = self._times[False]
        elif not drafted and self._times[True] > self._times[False]:
            self._times[True] -= _DECAY * (self._times[True] - self._times[False])


@dataclass(frozen=True)
class AcceptanceEstimate:
    """A sequence's draft: its acceptance probability per token, its tokens, and the weight of a
    token of this sequence, 1 on average."""

    rate: float
    most: int
    weight: float = 1.0

    @property
    def expected(self) -> float:
        """Tokens that a pass gives it: one, and as many of the draft as are right so far."""
        return float(sum(self.rate**place for place in range(self.most + 1)))


def draft_lengths(
    chances: Sequence[AcceptanceEstimate],
    committed: int,
    cost: CostTable,
    extra: float = 0.0,
    context: int = SHORT,
) -> tuple[list[int], float]:
    """Tokens to take of each draft, and the expected weight of tokens per second.

    `committed` tokens are in the pass anyway, each with about `context` tokens to attend to;
    `extra` seconds are spent on drafting when any draft is taken.  Gains fall within a row, so the
    best set of any size is the first so many of all gains in order; every size is looked at.
    """
    rows = len(chances)
    gains = [
        (chance.weight * chance.rate**place, row)
        for row, chance in enumerate(chances)
        for place in range(1, chance.most + 1)
    ]
    gains.sort(key=lambda gain: -gain[0])
    certain = sum(chance.weight for chance in chances)
    expected = certain + np.concatenate([[0.0], np.cumsum([gain for gain, _ in gains])])
    seconds = cost.seconds(committed + np.arange(len(gains) + 1), context, drafted=True) + extra
    seconds[0] = cost.seconds(committed, context)
    speeds = expected / seconds
    best = int(np.argmax(speeds))
    if speeds[best] < _MIN_SPEEDUP * speeds[0]:
        best = 0
    lengths = [0] * rows
    for _, row in gains[:best]:
        lengths[row] += 1
    return lengths, float(speeds[best])


def weights(left: Sequence[float], cost: CostTable, context: int = SHORT) -> list[float]:
    """Weight of a token of each sequence when no other takes the place of one that ends.

    `left` are the expected remaining tokens.  Saving a token saves only this sequence's share
    of a pass; only for the sequence that ends last it saves the pass itself.
    """
    rows = len(left)
    whole, one = (float(cost.seconds(tokens, context)) for tokens in (rows, 1))
    own = (whole - one) / (rows - 1) * rows / whole if rows > 1 else 1.0
    own = min(1.0, max(0.0, own))
    near = np.array([tokens + _TIE_TOKENS for tokens in left], dtype=float)
    last = (near / near.max()) ** _LONGEST
    found: list[float] = (own + (1 - own) * rows * last / last.sum()).tolist()
    return found
