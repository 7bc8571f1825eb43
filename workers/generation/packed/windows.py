"""What a layer with a window may let go of: tokens that nothing which still comes will see.

Knows positions, not what is kept there.  Invariant: whatever is let go is a number of whole blocks
from the beginning of a row, so that sums over the rest are added up in the same parts as before.
"""

from __future__ import annotations

BLOCK = 64  # tokens; own_rows.c adds up values in such blocks
HEADROOM = 64  # tokens that a row gets to grow into
TAKEN_BACK = 32  # most tokens that a row may take back of those that were committed


def passed_by(position: int, window: int | None) -> int:
    """How many tokens at the beginning the token at `position` and all later ones don't see."""
    if window is None:
        return 0
    return max(0, position + 1 - window) // BLOCK * BLOCK


def let_go(length: int, window: int | None) -> int:
    """The same for a row that holds so many tokens, and may take some of them back."""
    return passed_by(length - TAKEN_BACK, window)


def reach(window: int) -> int:
    """How many of a row's tokens its next one sees, with those that it may have to take back."""
    return window - 1 + TAKEN_BACK
