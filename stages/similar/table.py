"""A table of rows of fixed size in a file: appended to in order, then read as one array.

Knows numpy's types and a path.  Invariant: memory holds one block of rows at most while the
table is written, and pages that the kernel may take back while it is read.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from stages.similar.signatures import PERMUTATIONS

# What every table of sketches has.  `own`: the name of what a row is about, 0 for none; `joins`:
# whether all rows of that name are one thing, whatever they say.
SKETCH: list[Any] = [
    ("digest", np.uint64),
    ("own", np.uint64),
    ("joins", np.bool_),
    ("tellable", np.bool_),
    ("signature", np.uint16, (PERMUTATIONS,)),
]


class TableWriter:
    """Appends rows of one type to a file."""

    def __init__(self, path: Path, dtype: np.dtype[Any]) -> None:
        self.path = path
        self.dtype = dtype
        self.rows = 0
        self._file: BinaryIO = path.open("wb")

    def append(self, rows: np.ndarray) -> None:
        """Add an array of rows."""
        self._file.write(np.ascontiguousarray(rows, dtype=self.dtype).tobytes())
        self.rows += len(rows)

    def finished(self) -> np.ndarray:
        """Close the file; the whole table, (rows,) of the type."""
        self.close()
        if not self.rows:
            return np.empty(0, dtype=self.dtype)
        return np.memmap(self.path, dtype=self.dtype, mode="r", shape=(self.rows,))

    def close(self) -> None:
        """Close the file; safe to call twice."""
        self._file.close()
