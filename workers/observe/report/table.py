"""What a table of the report is, for the terminal and for the page.

Knows neither runs nor how it is shown.  Invariant: every row has as many cells as the head.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """A title, the columns' heads, rows of as many cells, and a line of explanation.

    `words`: the last column holds sentences.
    """

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""
    words: bool = False

    @property
    def wide(self) -> bool:
        """It needs the width of a page, where a figure needs a column of it."""
        return self.words or len(self.head) > 4
