"""The bounds that keep hostile or broken input from taking memory, disk or time.

Invariant: whatever a source expands to is counted against one budget.
"""

from __future__ import annotations

from dataclasses import dataclass

from stages.sources.found import NotUnderstood

MAX_RECORD_BYTES = 16 * 2**20
MAX_DEPTH = 128  # levels of nesting of a record
BLOCK_BYTES = 2**18
HEAD_BYTES = 2**18  # what a format is told by

MAX_RATIO = 500  # deflate reaches 1032, on nothing but zeros
FREE_BYTES = 64 * 2**20  # small files may expand to this, whatever the ratio
MAX_EXPANDED_BYTES = 2**40
MAX_LAYERS = 4  # containers within one another
MAX_MEMBERS = 1_000_000
MAX_DIRECTORY_BYTES = 64 * 2**20  # of a zip file's list of members
MAX_WINDOW_BYTES = 2**27  # of memory that a decompressor may ask for


@dataclass
class Budget:
    """How many bytes one input file may still expand to, over all its layers."""

    left: int

    @classmethod
    def for_size(cls, size: int) -> Budget:
        return cls(min(MAX_EXPANDED_BYTES, max(FREE_BYTES, MAX_RATIO * size)))

    def spend(self, count: int) -> None:
        """Raises NotUnderstood once more was expanded than any honest file of its size holds."""
        self.left -= count
        if self.left < 0:
            raise too_large()


def too_large() -> NotUnderstood:
    return NotUnderstood(
        f"expands to more than {MAX_RATIO} times its size, like a decompression bomb;"
        " unpack it yourself if you trust it"
    )
