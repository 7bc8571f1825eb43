"""A row's own memory for the attention kernel of a Linux CPU, and what the C code is told of it.

Knows shapes and addresses, not what is attended to.  Invariant: addresses are those of the arrays
as they are now.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from workers.generation.packed.plan import Staged

_UNIT = 32  # alignment of head dimension and capacity
SLACK = 64  # tokens to grow into
_ROW = np.dtype(
    [
        ("first", "i4"),
        ("count", "i4"),
        ("before", "i4"),
        ("room", "i4"),
        ("keys", "u8"),
        ("values", "u8"),
    ]
)

NO_ROWS = np.empty(0, dtype=_ROW)


class Memory:
    """A row's own memory in every layer.

    keys: transposed, (kv_heads, dim, room) each; values: (kv_heads, room, dim) each.
    sizes: unpadded head dimensions of a layer's keys and of its values.
    """

    def __init__(self, staged: Staged, room: int) -> None:
        pairs = [pair for pair in staged.layers if pair is not None]
        assert len(pairs) == len(staged.layers), "a prompt has tokens in every layer"
        self.sizes = [(keys.shape[3], values.shape[3]) for keys, values in pairs]
        self.room = room
        shapes = [
            (pair[0].shape[1], rounded(max(sizes)))
            for pair, sizes in zip(pairs, self.sizes, strict=True)
        ]
        # Not one number is looked at before it was written.
        self.keys = [np.empty((heads, dim, room), dtype=np.float32) for heads, dim in shapes]
        self.values = [np.empty((heads, room, dim), dtype=np.float32) for heads, dim in shapes]
        self.pointers = self._pointers()

    def _pointers(self) -> np.ndarray:
        """Addresses of keys and values, (2, layers)."""
        found = [[x.ctypes.data for x in arrays] for arrays in (self.keys, self.values)]
        return np.array(found, dtype=np.uint64)

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return sum(x.nbytes for x in (*self.keys, *self.values))

    def make_room(self, tokens: int) -> None:
        """Grow, if need be, to hold so many tokens."""
        if tokens <= self.room:
            return
        room = rounded(tokens + max(SLACK, tokens // 4))
        more = room - self.room
        keys = [np.pad(x, ((0, 0), (0, 0), (0, more))) for x in self.keys]
        values = [np.pad(x, ((0, 0), (0, more), (0, 0))) for x in self.values]
        self.keys, self.values, self.room = keys, values, room
        self.pointers = self._pointers()


def rounded(number: int) -> int:
    return -(-number // _UNIT) * _UNIT


def rows_of(found: Sequence[tuple[Memory, int, int]]) -> np.ndarray:
    """(layers, rows): what the C code is told of rows, each with its tokens held and new ones.

    Addresses in it hold as long as the memory is neither released nor made larger.
    """
    pointers = np.stack([memory.pointers for memory, _, _ in found], axis=2)
    new = [count for _, _, count in found]
    rows = np.empty(pointers.shape[1:], dtype=_ROW)
    rows["first"] = np.cumsum([0, *new[:-1]])
    rows["count"] = new
    rows["before"] = [before for _, before, _ in found]
    rows["room"] = [memory.room for memory, _, _ in found]
    rows["keys"], rows["values"] = pointers
    return rows
