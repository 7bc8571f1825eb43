"""Balance: how many pairs of one domain, kind or source may stay.

Which pairs of a value that has too many stay is drawn by their own hash, so the same ones stay
when others are added.  Knows arrays of codes, not pairs.  Invariant: no value keeps more than
its cap.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

FIELDS = ("domain", "kind", "source")


@dataclass(frozen=True)
class Cap:
    """The most pairs of each value of a field: a number, or a share of the dataset (0 to 1)."""

    field: str
    count: int | None = None
    share: float | None = None

    @property
    def shown(self) -> str:
        """As on the command line."""
        limit = self.count if self.count is not None else f"{(self.share or 0) * 100:g}%"
        return f"{self.field}={limit}"


def parse_cap(text: str) -> Cap:
    """A cap from "domain=500" or "source=20%"; raises ValueError saying what is wrong."""
    field, _, limit = text.partition("=")
    if field not in FIELDS:
        raise ValueError(f"{text}: must be FIELD=N or FIELD=P%, FIELD one of {', '.join(FIELDS)}")
    number = limit.removesuffix("%")
    try:
        value = float(number) if limit.endswith("%") else int(number)
    except ValueError:
        raise ValueError(f"{text}: must be a whole number or a percentage") from None
    if limit.endswith("%"):
        if not 0 < value <= 100:
            raise ValueError(f"{text}: must be above 0% and at most 100%")
        return Cap(field, share=value / 100)
    if value < 1:
        raise ValueError(f"{text}: must be 1 or more")
    return Cap(field, count=int(value))


def over_cap(codes: np.ndarray, rank: np.ndarray, kept: np.ndarray, cap: Cap) -> np.ndarray:
    """The rows to drop, in no order.

    Parameters
        codes: (n,) whole numbers, one for each value of the cap's field.
        rank: (n,) numbers; of a value that has too many, the lowest stay.
        kept: (n,) bool, the rows that are still there.
    Raises ValueError when a share can't be reached because there are too few values.
    """
    rows = np.flatnonzero(kept)
    if not len(rows):
        return rows
    counts = np.bincount(codes[rows])
    most = cap.count if cap.count is not None else _most(counts, cap)
    order = rows[np.lexsort((rank[rows], codes[rows]))]
    sizes = counts[counts > 0]
    within = np.arange(len(order)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return order[within >= most]


def _most(counts: np.ndarray, cap: Cap) -> int:
    """The number that is the cap's share of what is left when every value is cut to it."""
    share = cap.share or 1.0
    values = int((counts > 0).sum())
    if values * share < 1 - 1e-9:
        raise ValueError(
            f"--cap {cap.shown}: the pairs have only {values} different values of {cap.field}, so "
            f"one has {100 / values:.0f}% or more; raise the share or give a number"
        )
    low, high = 0, int(counts.max())
    while low < high:  # the largest number that keeps within its share
        middle = math.ceil((low + high) / 2)
        if middle <= share * np.minimum(counts, middle).sum() + 1e-9:
            low = middle
        else:
            high = middle - 1
    return max(low, 1)
