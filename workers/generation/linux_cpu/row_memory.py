"""A row's own memory for the attention kernel of a Linux CPU, and what the C code is told of it.

Knows shapes and addresses, not what is attended to.  Invariant: addresses are those of the arrays
as they are now.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from workers.generation.packed.plan import PrefilledKV
from workers.generation.packed.windows import HEADROOM, let_go

_UNIT = 32  # alignment of head dimension and capacity
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


class SequenceKV:
    """A row's own memory in every layer; a layer with a window holds the last tokens only.

    keys: transposed, (kv_heads, dim, capacity) each; values: (kv_heads, capacity, dim) each.
    sizes: unpadded head dimensions of a layer's keys and of its values.
    gone: tokens at the row's beginning that are not held any more, by layer.
    """

    def __init__(self, kv: PrefilledKV, windows: Sequence[int | None]) -> None:
        pairs = [pair for pair in kv.layers if pair is not None]
        assert len(pairs) == len(kv.layers), "a prompt has tokens in every layer"
        self.sizes = [(keys.shape[3], values.shape[3]) for keys, values in pairs]
        self._windows = list(windows)
        length = kv.length
        here = np.array([length - keys.shape[2] for keys, _ in pairs])
        self.gone = np.maximum(here, [let_go(length, window) for window in windows])
        self.capacities = np.array([rounded(length - gone + HEADROOM) for gone in self.gone])
        # Not one number is looked at before it was written.
        self.keys, self.values = [], []
        for pair, sizes, capacity in zip(pairs, self.sizes, self.capacities, strict=True):
            heads, dim = pair[0].shape[1], rounded(max(sizes))
            self.keys.append(np.empty((heads, dim, capacity), dtype=np.float32))
            self.values.append(np.empty((heads, capacity, dim), dtype=np.float32))
        self.pointers = self._pointers()

    def _pointers(self) -> np.ndarray:
        """Addresses of keys and values, (2, layers)."""
        found = [[x.ctypes.data for x in arrays] for arrays in (self.keys, self.values)]
        return np.array(found, dtype=np.uint64)

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return sum(x.nbytes for x in (*self.keys, *self.values))

    def reserve(self, tokens: int, held: int) -> None:
        """Let every layer, if need be, hold so many tokens of the row, of which `held` are there.

        A layer with a window lets go of what nobody sees before it grows.
        """
        full = np.flatnonzero(tokens - self.gone > self.capacities)
        for layer in map(int, full):
            gone = max(int(self.gone[layer]), let_go(held, self._windows[layer]))
            self._shift(layer, gone, held)
            if tokens - gone > self.capacities[layer]:
                self._grow(layer, tokens - gone)
        if full.size:
            self.pointers = self._pointers()

    def _shift(self, layer: int, gone: int, held: int) -> None:
        by, stop = gone - int(self.gone[layer]), held - int(self.gone[layer])
        if by:
            self.keys[layer][:, :, : stop - by] = self.keys[layer][:, :, by:stop].copy()
            self.values[layer][:, : stop - by] = self.values[layer][:, by:stop].copy()
        self.gone[layer] = gone

    def _grow(self, layer: int, tokens: int) -> None:
        capacity = rounded(tokens + max(HEADROOM, tokens // 4))
        more = capacity - int(self.capacities[layer])
        self.keys[layer] = np.pad(self.keys[layer], ((0, 0), (0, 0), (0, more)))
        self.values[layer] = np.pad(self.values[layer], ((0, 0), (0, more), (0, 0)))
        self.capacities[layer] = capacity


def rounded(number: int) -> int:
    return -(-number // _UNIT) * _UNIT


def rows_of(found: Sequence[tuple[SequenceKV, int, int]]) -> np.ndarray:
    """(layers, rows): what the C code is told of rows, each with its tokens held and new ones.

    Addresses in it hold as long as the memory is neither released nor made larger.
    """
    pointers = np.stack([memory.pointers for memory, _, _ in found], axis=2)
    new = [count for _, _, count in found]
    rows = np.empty(pointers.shape[1:], dtype=_ROW)
    rows["first"] = np.cumsum([0, *new[:-1]])
    rows["count"] = new
    rows["before"] = np.stack([before - memory.gone for memory, before, _ in found], axis=1)
    rows["room"] = np.stack([memory.capacities for memory, _, _ in found], axis=1)
    rows["keys"], rows["values"] = pointers
    return rows
