"""How fast a server answers at a level, so that two levels can be compared.

Like is compared with like: what one stage asks is much the same from record to record, where two
stages may differ in whatever a server makes of reading and writing.  Knows kinds of requests, work
and seconds.  Invariant: kinds that were under way at one of two levels only say nothing of them.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field

Kinds = frozenset[Hashable]
_MEMORY = 96  # answers at a level, beyond which older ones count half


@dataclass
class _Sum:
    answers: float = 0.0
    amount: float = 0.0
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        return self.amount / max(1e-9, self.seconds)


@dataclass
class Rates:
    """What was seen at a level, by the kinds that were under way together."""

    answers: float = 0.0
    _kinds: dict[Kinds, _Sum] = field(default_factory=dict)

    def add(self, kinds: Kinds, amount: float, seconds: float) -> None:
        """An answer: how much was done for it, and the seconds since the one before."""
        if self.answers >= _MEMORY:
            self._fade()
        one = self._kinds.setdefault(kinds, _Sum())
        one.answers += 1
        one.amount += amount
        one.seconds += seconds
        self.answers += 1

    def against(self, other: Rates) -> tuple[float, float]:
        """How many times as fast as another level, and how many answers say so.

        Each set of kinds counts as the fewer of its answers at both levels allow.
        """
        gain = weights = 0.0
        for kinds in self._kinds.keys() & other._kinds.keys():
            here, there = self._kinds[kinds], other._kinds[kinds]
            weight = 1 / (1 / here.answers + 1 / there.answers)
            gain += weight * here.rate / max(1e-9, there.rate)
            weights += weight
        return (gain / weights, 2 * weights) if weights else (1.0, 0.0)

    def _fade(self) -> None:
        self.answers /= 2
        for one in self._kinds.values():
            one.answers /= 2
            one.amount /= 2
            one.seconds /= 2
