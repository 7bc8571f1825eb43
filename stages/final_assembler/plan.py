"""The second pass: which pairs stay, and on which side, decided for all of them at once.

Works on tables, never on text.  Invariant: every pair has a side or one reason, and the same
tables and options give the same plan.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from stages.base import Removed
from stages.final_assembler.caps import over_cap
from stages.final_assembler.options import AssemblyOptions
from stages.final_assembler.pairs import AssemblyError
from stages.final_assembler.sides import ALIKE, NO_SIDE, Shares, fill_empty, give_sides
from stages.final_assembler.spool import Spooled
from stages.similar.search import Repeat, find_links, repeats

BOTH_SIDES = "its source is like sources on two sides of the split"
DUPLICATE = "duplicate"


@dataclass(frozen=True)
class Plan:
    """What becomes of each pair.

    sides: (n,) uint8, its number in SIDES or NO_SIDE; `repeats` and `capped` say why a row has
    none, by row; any other is like sources on two sides.  moved: sources that were moved so that
    no side is empty.
    """

    sides: np.ndarray
    repeats: dict[int, Repeat]
    capped: dict[int, str] = field(default_factory=dict)
    moved: int = 0

    def why_not(self, row: int, names: dict[int, str]) -> Removed | None:
        """Why a pair is removed, with the kept pair's name from `names`; None if it stays."""
        if row in self.repeats:
            repeat = self.repeats[row]
            how = "exact" if repeat.similarity == 1 else "near"
            return Removed(DUPLICATE, how=how, similarity=repeat.similarity, of=names[repeat.of])
        if row in self.capped:
            return Removed("over the cap", cap=self.capped[row])
        return Removed(BOTH_SIDES) if self.sides[row] == NO_SIDE else None


def plan(spooled: Spooled, options: AssemblyOptions) -> Plan:
    """Decide; raises AssemblyError where a cap can't be kept."""
    pairs = spooled.pairs
    kept = np.ones(len(pairs), bool)
    found: dict[int, Repeat] = {}
    if options.threshold is not None and len(pairs):
        found = {one.row: one for one in repeats(pairs, options.threshold)}
        kept[list(found)] = False
    by_source = _sides(spooled.sources, options.shares)
    sides = by_source[pairs["origin"]]
    kept &= sides != NO_SIDE
    capped = _capped(pairs, kept, options)
    kept[list(capped)] = False
    moved = _fill(spooled, by_source, kept, options.shares)
    sides = by_source[pairs["origin"]]
    sides[~kept] = NO_SIDE
    return Plan(sides, found, capped, moved)


def _sides(sources: np.ndarray, shares: Shares) -> np.ndarray:
    return give_sides(sources, shares) if len(sources) else np.empty(0, np.uint8)


def _capped(pairs: np.ndarray, kept: np.ndarray, options: AssemblyOptions) -> dict[int, str]:
    """What goes so that all caps hold: one that is by share may break when another drops pairs."""
    found: dict[int, str] = {}
    kept = kept.copy()
    before = -1
    while len(found) > before:
        before = len(found)
        for cap in options.caps:
            try:
                dropped = over_cap(pairs[cap.field], pairs["digest"], kept, cap)
            except ValueError as error:
                raise AssemblyError(str(error)) from None
            kept[dropped] = False
            found |= dict.fromkeys(dropped.tolist(), cap.shown)
    return found


def _fill(spooled: Spooled, sides: np.ndarray, kept: np.ndarray, shares: Shares) -> int:
    """Keep no side empty where one source can be moved to it."""
    with_pairs = np.zeros(len(sides), bool)
    with_pairs[spooled.pairs["origin"][kept]] = True
    present = np.unique(sides[with_pairs])
    wanted = sum(share > 0 for share in shares.each)
    if not len(sides) or len(present) >= wanted:
        return 0
    links = find_links(spooled.sources, ALIKE)
    alone = np.ones(len(sides), bool)
    alone[links.later] = alone[links.earlier] = False
    return fill_empty(sides, spooled.sources["key"], with_pairs, alone, shares)
