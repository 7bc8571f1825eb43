"""Keys and values of many sequences in one grid of slots and columns.

Knows arrays and the attention function it was given; does not know which columns count.
Invariant: what was written is attended to as it was written, but for quantization.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import mlx.core as mx

from workers.generation.packed.plan import AttentionGroup

KV_GROUP = 64  # elements of a key that share a scale when quantized, as in mlx-lm

# Takes and gives what `by_mlx` does.
Attention = Callable[..., mx.array]


def by_mlx(
    queries: mx.array,
    keys: mx.array,
    values: mx.array,
    scale: float,
    mask: Any,
    sinks: mx.array | None = None,
) -> mx.array:
    """MLX's own attention; all are of shape (batch, heads, width, dim).

    sinks: for each head a score that takes part in the softmax and has no value, (heads,).
    """
    if isinstance(mask, mx.array) and mask.dtype == mx.float32:
        mask = mask.astype(queries.dtype)  # MLX refuses a mask wider than what is masked
    return mx.fast.scaled_dot_product_attention(
        queries, keys, values, scale=scale, mask=mask, sinks=sinks
    )


class GridStore:
    """Keys and values of decoding rows: (slots, kv_heads, columns, dim) each.

    With `bits`, they are kept quantized in groups along the last axis, as mlx-lm does it;
    `attention` is what attends to those that are not quantized.
    """

    def __init__(self, bits: int | None = None, attention: Attention = by_mlx) -> None:
        self.attention = attention
        self._bits = bits
        self.first = 0  # columns before it were let go
        self.keys: list[mx.array] = []  # one array, or packed weights, scales and biases
        self.values: list[mx.array] = []

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return sum(array.nbytes for array in (*self.keys, *self.values))

    @property
    def shape(self) -> tuple[int, int]:
        """Slots and columns, those that were let go among them."""
        return (self.keys[0].shape[0], self.first + self.keys[0].shape[2]) if self.keys else (0, 0)

    def _parts(self, x: mx.array) -> list[mx.array]:
        if self._bits is None:
            return [x]
        return list(mx.quantize(x, group_size=KV_GROUP, bits=self._bits))

    def write(self, column: int, keys: mx.array, values: mx.array, slot: int | None = None) -> None:
        """Put keys and values, (slots, kv_heads, tokens, dim), at `column` on: all slots, or one.

        The buffer is given away to the update, so that it happens in place.  What would come
        before the first column that is still here is left out.
        """
        slots = slice(None) if slot is None else slice(slot, slot + 1)
        skip = max(0, self.first - column)
        start = column + skip - self.first
        for buffers, new in ((self.keys, keys), (self.values, values)):
            for index, part in enumerate(self._parts(new[:, :, skip:])):
                buffers[index][slots, :, start : start + part.shape[2]] = part

    def attend(
        self,
        queries: mx.array,
        scale: float,
        group: AttentionGroup,
        end: int,
        sinks: mx.array | None = None,
    ) -> mx.array:
        """Outputs (slots, heads, width, dim) of a group's slots."""
        slots = slice(group.start, group.stop)
        seen = slice(group.first - self.first, end + group.width - self.first)
        keys = [part[slots, :, seen] for part in self.keys]
        values = [part[slots, :, seen] for part in self.values]
        if self._bits is not None:
            return self._quantized(queries * scale, keys, values, group.bias, sinks)
        return self.attention(queries, keys[0], values[0], scale, group.bias, sinks)

    def _quantized(
        self,
        queries: mx.array,
        keys: list[mx.array],
        values: list[mx.array],
        bias: mx.array,
        sinks: mx.array | None,
    ) -> mx.array:
        product: Any = partial(mx.quantized_matmul, group_size=KV_GROUP, bits=self._bits)
        slots, heads, width, dim = queries.shape
        groups = keys[0].shape[1]
        grouped = queries.reshape(slots, groups, heads // groups, width, dim)
        keys, values = ([part[:, :, None] for part in parts] for parts in (keys, values))
        bias = bias.astype(queries.dtype)  # wider scores would not go with half-precision values
        scores = product(grouped, *keys, transpose=True) + bias[:, :, None]
        weights = _softmax(scores, None if sinks is None else sinks.reshape(groups, -1, 1, 1))
        out: mx.array = product(weights, *values, transpose=False)
        return out.reshape(slots, heads, width, out.shape[-1])

    def reserve(self, slots: int, columns: int, like: tuple[mx.array, mx.array]) -> None:
        """Grow to this many slots and columns; `like` are keys and values of the right shape."""
        have = self.shape
        if have[0] >= slots and have[1] >= columns:
            return
        columns = max(have[1], columns) - self.first
        for buffers, example in ((self.keys, like[0]), (self.values, like[1])):
            parts = self._parts(example[:, :, :1])
            old = list(buffers)
            buffers[:] = [
                _grown(old[i] if old else None, slots, columns, parts[i]) for i in range(len(parts))
            ]

    def rebuild(
        self, rows: list[tuple[int, mx.array]], columns: int, longest: int, first: int = 0
    ) -> None:
        """Keep only (slot, its columns in order) of `rows`, set against column `longest`, and of
        these what comes to lie at column `first` or behind it."""
        size = longest - first
        found = [(slot, kept[max(0, len(kept) - size) :] - self.first) for slot, kept in rows]
        for buffers in (self.keys, self.values):
            for index, part in enumerate(buffers):
                buffers[index] = mx.concatenate(
                    [_moved(part[slot], kept, columns - first, size) for slot, kept in found],
                    axis=0,
                )
        self.first = first

    def let_go(self, first: int) -> None:
        """Give the memory of all columns before this one back."""
        for buffers in (self.keys, self.values):
            buffers[:] = [mx.contiguous(part[:, :, first - self.first :]) for part in buffers]
        self.first = first

    def clear(self, first: int = 0) -> None:
        """Give all memory back; the first column will be this one."""
        self.keys, self.values, self.first = [], [], first


def _softmax(scores: mx.array, sinks: mx.array | None) -> mx.array:
    """Shares of the scores, (..., width, columns), with a sink's column left out behind."""
    if sinks is None:
        return mx.softmax(scores, axis=-1, precise=True)
    column = mx.broadcast_to(sinks.astype(scores.dtype), (*scores.shape[:-1], 1))
    return mx.softmax(mx.concatenate([scores, column], axis=-1), axis=-1, precise=True)[..., :-1]


def _grown(old: mx.array | None, slots: int, columns: int, like: mx.array) -> mx.array:
    shape = (slots, like.shape[1], columns, like.shape[3])
    new = mx.zeros(shape, dtype=like.dtype)
    if old is not None:
        new[: old.shape[0], :, : old.shape[2]] = old
    return new


def _moved(row: mx.array, kept: mx.array, columns: int, longest: int) -> mx.array:
    """One slot, (kv_heads, columns, dim), with its kept columns ending at `longest`."""
    found = mx.take(row, kept, axis=1)
    before = longest - found.shape[1]
    return mx.pad(found, [(0, 0), (before, columns - longest), (0, 0)])[None]
