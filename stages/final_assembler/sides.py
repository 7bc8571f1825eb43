"""Train, validation or test: by a hash of the source, so that a pair stays where it is.

Sources that are alike follow the first of them, wherever it fell; one that is like sources on two
sides belongs to none.  Knows keys and tables of sources, not pairs.  Invariant: sources that
come later change no side that was given before.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stages.similar.search import find_links

SIDES = ("train", "valid", "test")
NO_SIDE = 255  # a source that is like sources on two sides
ALIKE = 0.7  # similarity from which sources must not be on two sides


@dataclass(frozen=True)
class Shares:
    """The parts of a dataset, whose sum is 1."""

    train: float
    valid: float
    test: float

    @property
    def shown(self) -> str:
        """As on the command line."""
        return "/".join(f"{share * 100:g}" for share in self.each)

    @property
    def each(self) -> tuple[float, float, float]:
        return self.train, self.valid, self.test


def parse_shares(text: str) -> Shares:
    """Shares from "90/5/5", or "95/5" without a test part; raises ValueError."""
    try:
        parts = [float(part) for part in text.split("/")]
    except ValueError:
        parts = []
    parts += [0.0] * (len(parts) == 2)
    sound = len(parts) == 3 and min(parts) >= 0 and parts[0] > 0
    if not sound or not abs(sum(parts) - 100) < 1e-6:  # NaN is no share either
        raise ValueError(
            f"{text}: must be percentages of train, validation and test, such as 90/5/5"
        )
    return Shares(*(part / 100 for part in parts))


def give_sides(sources: np.ndarray, shares: Shares) -> np.ndarray:
    """The side of each source, (n,) uint8: its number in SIDES, or NO_SIDE.

    Parameters
        sources: table of sketches in the order in which they came, with a hash as `key`.
    """
    sides = _by_hash(sources["key"], shares)
    given = sides.copy()
    for row, found in find_links(sources, ALIKE).by_row():
        near = {int(given[earlier]) for earlier, _ in found} - {NO_SIDE}
        if near:
            given[row] = near.pop() if len(near) == 1 else NO_SIDE
    return given


def _by_hash(keys: np.ndarray, shares: Shares) -> np.ndarray:
    drawn = _drawn(keys)
    bounds = np.cumsum(shares.each)[:-1]
    return np.searchsorted(bounds, drawn, side="right").astype(np.uint8)


def _drawn(keys: np.ndarray) -> np.ndarray:
    """Keys as numbers from 0 up to 1: the 53 bits that a float has room for."""
    return (keys >> np.uint64(11)) * 2.0**-53


def fill_empty(
    sides: np.ndarray, keys: np.ndarray, with_pairs: np.ndarray, alone: np.ndarray, shares: Shares
) -> int:
    """Move one source to each side that has a share and no pair; returns how many were moved.

    Parameters
        sides: changed in place.
        with_pairs: (n,) bool, the sources that have pairs left.
        alone: (n,) bool, the sources that no other is like, which may be moved.
    """
    moved = 0
    bounds = np.r_[0.0, np.cumsum(shares.each)]
    for side, share in enumerate(shares.each):
        if not share or (with_pairs & (sides == side)).any():
            continue
        counts = np.bincount(sides[with_pairs & (sides < len(SIDES))], minlength=len(SIDES))
        movable = np.flatnonzero(with_pairs & alone & (sides == counts.argmax()))
        if counts.max(initial=0) < 2 or not len(movable):
            continue
        middle = (bounds[side] + bounds[side + 1]) / 2
        nearest = movable[np.abs(_drawn(keys[movable]) - middle).argmin()]
        sides[nearest] = side
        moved += 1
    return moved
