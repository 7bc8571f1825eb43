"""Counts the records that a run would find to be duplicates, among the first that `peek` reads.

Knows rows of records, as a run's own look makes them; keeps no record.  Invariant: memory is
bounded, however many records and files there are.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from stages.base import Record
from workers.run.repeats import how_of, rows_of
from workers.settings.config import RunConfig

if TYPE_CHECKING:
    import numpy as np

MOST = 10_000  # records that are looked at
_MOST_HELD, _LARGEST = 64, 2**20  # records that are held, and characters of them
_WORDS = {"exact": "with the same words", "near": "nearly the same", "id": "of the same id"}


class FewRepeats:
    """Takes in the records of several files, and says at the end how many repeat others."""

    def __init__(self) -> None:
        self.records = 0
        self._rows: list[np.ndarray] = []
        self._block: list[tuple[int, int, Record]] = []
        self._size = 0

    def add(self, record: Record) -> None:
        """Look at a record, if it is among the first."""
        self.records += 1
        if self.records > MOST:
            return
        # What it was made from may be as large as a record can be, and is not looked at.
        kept = {**record, "original": None} if "original" in record else record
        self._block.append((0, self.records, kept))
        self._size += sum(len(value) for value in kept.values() if isinstance(value, str))
        if len(self._block) >= _MOST_HELD or self._size > _LARGEST:
            self._sketch()

    def _sketch(self) -> None:
        self._rows += rows_of(self._block)
        self._block, self._size = [], 0

    def line(self) -> str:
        """ "duplicates: 2 with the same words, 1 of the same id"; empty where there are none."""
        if self.records < 2:
            return ""
        self._sketch()
        import numpy as np

        from stages.similar.search import repeats

        found = repeats(np.concatenate(self._rows), RunConfig().dedup_threshold)
        counts = Counter(_WORDS[how_of(one)] for one in found)
        shown = ", ".join(f"{count} {how}" for how, count in counts.most_common())
        of = f" (of the first {MOST:,})" if self.records > MOST else ""
        return f"duplicates{of}: {shown}" if shown else ""
