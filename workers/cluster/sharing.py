"""Decides which chunk of a run's last ones is taken from a slow machine and left to an idle one.

Knows speeds and counts of records; claims and sends nothing.  Invariant: nothing is taken back
unless the run is likely to end clearly sooner for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

# What a chunk that changes hands costs beside its records: two looks for it, a message, a batch
# that fills up.
CHANGE_S = 3.0
_WORTH = 0.6  # the time left has to shrink to this share of itself


@dataclass(frozen=True)
class Hand:
    """What a machine has: records left in each chunk, the one claimed last at the end.

    records_per_s: None where it has not shown its speed yet; movable: how many chunks, from the
    end, may go to others.
    """

    chunks: tuple[int, ...] = ()
    records_per_s: float | None = None
    movable: int = 10**6

    @property
    def records(self) -> int:
        """All that it has."""
        return sum(self.chunks)

    @property
    def seconds(self) -> float:
        """Until it is done with them, as far as one knows."""
        return self.records / self.records_per_s if self.records_per_s else 0.0


@dataclass(frozen=True)
class Gift:
    """So many chunks, from the end, of the hand with this number."""

    hand: int
    chunks: int


def who_gives_back(hands: Sequence[Hand], idle: Sequence[Hand]) -> Gift | None:
    """Whose last chunks idle machines should have; None: all stays as it is.

    A hand that can give nothing keeps no other from giving.

    Parameters
        hands: of the machines that have chunks.
        idle: of those that have found none to claim.
    """
    speeds = [hand.records_per_s for hand in (*hands, *idle) if hand.records_per_s]
    movable = [number for number, hand in enumerate(hands) if hand.movable]
    if not idle or not movable or not speeds:
        return None
    slowest = max(movable, key=lambda number: hands[number].seconds)
    takers = sum(hand.records_per_s or max(speeds) for hand in idle)
    given = _how_many(hands[slowest], takers)
    return Gift(slowest, given) if given else None


def _how_many(hand: Hand, takers: float) -> int:
    """With how many of its chunks given away it all ends soonest; 0 where that gains little."""
    if not hand.records_per_s or not hand.records:
        return 0
    times = {0: _WORTH * hand.seconds}
    given = 0
    for count, records in enumerate(islice(reversed(hand.chunks), hand.movable), 1):
        given += records
        kept = (hand.records - given) / hand.records_per_s
        times[count] = max(kept, CHANGE_S + given / takers)
    return min(times, key=lambda count: times[count])
