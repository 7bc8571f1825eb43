"""Attention over rows of different lengths in one pass, and how it gets into a model.

A pass is a flat list of tokens: every linear layer of the model sees (tokens, 1, size), with
no padding at all, and only attention knows which row a token belongs to.  Knows one layer's
keys and values and the plan of the pass; does not know what the tokens are for.  Invariant: a
token sees the valid tokens of its own row that stand before it, and itself.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import mlx.core as mx
import mlx.nn as nn

KV_GROUP = 64  # numbers of a key that share a scale when quantized, as in mlx-lm
_NAME = "scaled_dot_product_attention"


@dataclass(frozen=True)
class Grid:
    """The decoding rows of a pass: `lanes` rows of up to `width` new tokens each.

    gather: for each place of the grid, row by row, its token in the pass, (lanes * width,).
    scatter: for each token of the pass its place in what the groups give, (tokens,).
    New tokens are written at column `end`.
    """

    lanes: int
    width: int
    tokens: int
    gather: mx.array
    scatter: mx.array
    groups: list[Group]
    end: int


@dataclass(frozen=True)
class Group:
    """Neighbouring lanes that attend together, each with `width` new tokens.

    gather: as in Grid, for these lanes and this width.
    bias: 0 where a token may look and -inf elsewhere, (lanes, 1, width, columns); the columns
    begin at `first`, before which none of these lanes has a token.
    """

    start: int
    stop: int
    width: int
    first: int
    gather: mx.array
    bias: mx.array


@dataclass
class Staged:
    """A prompt on its way into the cache: (keys, values) per layer, (1, kv_heads, tokens, dim)."""

    layers: list[tuple[mx.array, mx.array] | None]

    @property
    def arrays(self) -> list[mx.array]:
        """All keys and values, to be evaluated."""
        return [array for pair in self.layers if pair is not None for array in pair]

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return sum(array.nbytes for array in self.arrays)

    def head(self, tokens: int) -> Staged:
        """Its first `tokens` tokens, as arrays of their own."""
        kept = [
            None
            if pair is None
            else (mx.contiguous(pair[0][..., :tokens, :]), mx.contiguous(pair[1][..., :tokens, :]))
            for pair in self.layers
        ]
        return Staged(list(kept))

    def repeated(self, times: int) -> Staged:
        """Its tokens over and over, `times` times."""
        more = (1, 1, times, 1)
        return Staged(
            [pair and (mx.tile(pair[0], more), mx.tile(pair[1], more)) for pair in self.layers]
        )


@dataclass(frozen=True)
class Piece:
    """Tokens [start, stop) of the pass: the next part of one row's prompt."""

    staged: Staged
    start: int
    stop: int


@dataclass
class Pass:
    """What every layer has to know of the pass that runs now; positions: (tokens,)."""

    positions: mx.array
    grid: Grid | None = None
    pieces: list[Piece] = field(default_factory=list)


class PassLayer:
    """One layer's keys and values, handed to the model in place of its own kind of cache."""

    def __init__(self, number: int) -> None:
        self.running: Pass | None = None
        self.attended = False  # set when the model's attention came by here
        self.number = number
        self._new: tuple[mx.array, mx.array] | None = None

    @property
    def offset(self) -> mx.array:
        """Position of each token of the pass; rotary embeddings ask for it."""
        assert self.running is not None, "a pass is running"
        return self.running.positions

    def make_mask(self, *_: Any, **__: Any) -> None:
        """The model need not mask anything: `attend` knows who sees whom."""

    def update_and_fetch(self, keys: mx.array, values: mx.array) -> tuple[mx.array, mx.array]:
        """Take the new keys and values, (tokens, kv_heads, 1, dim), until `attend` is called."""
        self._new = (keys, values)
        return keys, values

    def attend(self, queries: mx.array, scale: float) -> mx.array:
        """Outputs (tokens, heads, 1, dim) for queries of that shape."""
        raise NotImplementedError

    def _taken(self) -> tuple[mx.array, mx.array, Pass]:
        """The keys and values that were left here, and the pass that they are of."""
        assert self.running is not None and self._new is not None
        self.attended = True
        keys, values = self._new
        self._new = None
        return keys, values, self.running


class PackedLayer(PassLayer):
    """A layer whose rows write at one common column of a `GridStore`."""

    def __init__(self, number: int, store: GridStore) -> None:
        super().__init__(number)
        self.store = store

    def attend(self, queries: mx.array, scale: float) -> mx.array:
        keys, values, running = self._taken()
        grid = running.grid
        parts = [] if grid is None else [self._grid(grid, queries, keys, values, scale)]
        for piece in running.pieces:
            cut = slice(piece.start, piece.stop)
            parts.append(self._piece(piece, queries[cut], keys[cut], values[cut], scale))
        return parts[0] if len(parts) == 1 else mx.concatenate(parts, axis=0)

    def _grid(
        self, grid: Grid, queries: mx.array, keys: mx.array, values: mx.array, scale: float
    ) -> mx.array:
        def spread(x: mx.array, gather: mx.array, width: int) -> mx.array:
            rows = mx.take(x[: grid.tokens, :, 0], gather, axis=0)
            return rows.reshape(-1, width, *rows.shape[1:]).transpose(0, 2, 1, 3)

        new = [spread(x, grid.gather, grid.width) for x in (keys, values)]
        self.store.write(grid.end, new[0], new[1])
        parts = []
        for group in grid.groups:
            asked = spread(queries, group.gather, group.width)
            out = self.store.attend(asked, scale, group, grid.end)
            parts.append(out.transpose(0, 2, 1, 3).reshape(-1, *out.shape[1::2]))
        flat = parts[0] if len(parts) == 1 else mx.concatenate(parts, axis=0)
        return mx.take(flat, grid.scatter, axis=0)[:, :, None]

    def _piece(
        self, piece: Piece, queries: mx.array, keys: mx.array, values: mx.array, scale: float
    ) -> mx.array:
        seen = grown(piece, self.number, keys, values)
        out = _plain(_side_by_side(queries), *seen, scale, "causal")
        return out[0].transpose(1, 0, 2)[:, :, None]


def grown(piece: Piece, layer: int, keys: mx.array, values: mx.array) -> tuple[mx.array, mx.array]:
    """A prompt's keys and values with those of its next part, (tokens, kv_heads, 1, dim)."""
    new = _side_by_side(keys), _side_by_side(values)
    before = piece.staged.layers[layer]
    if before is not None:
        new = (
            mx.concatenate([before[0], new[0]], axis=2),
            mx.concatenate([before[1], new[1]], axis=2),
        )
    piece.staged.layers[layer] = new
    return new


def _side_by_side(x: mx.array) -> mx.array:
    """A row's tokens, (tokens, heads, 1, dim), as (1, heads, tokens, dim)."""
    return x[:, :, 0].transpose(1, 0, 2)[None]


class GridStore:
    """Keys and values of decoding rows: (lanes, kv_heads, columns, dim) each.

    With `bits`, they are kept quantized in groups along the last axis, as mlx-lm does it.
    """

    def __init__(self, bits: int | None = None) -> None:
        self._bits = bits
        self.keys: list[mx.array] = []  # one array, or packed weights, scales and biases
        self.values: list[mx.array] = []

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return sum(array.nbytes for array in (*self.keys, *self.values))

    @property
    def shape(self) -> tuple[int, int]:
        """Lanes and columns."""
        return (self.keys[0].shape[0], self.keys[0].shape[2]) if self.keys else (0, 0)

    def _parts(self, x: mx.array) -> list[mx.array]:
        if self._bits is None:
            return [x]
        return list(mx.quantize(x, group_size=KV_GROUP, bits=self._bits))

    def write(self, column: int, keys: mx.array, values: mx.array, lane: int | None = None) -> None:
        """Put keys and values, (lanes, kv_heads, tokens, dim), at `column` on: all lanes, or one.

        The buffer is given away to the update, so that it happens in place.
        """
        lanes = slice(None) if lane is None else slice(lane, lane + 1)
        for buffers, new in ((self.keys, keys), (self.values, values)):
            for index, part in enumerate(self._parts(new)):
                buffers[index][lanes, :, column : column + part.shape[2]] = part

    def attend(self, queries: mx.array, scale: float, group: Group, end: int) -> mx.array:
        """Outputs (lanes, heads, width, dim) of a group's lanes."""
        lanes, seen = slice(group.start, group.stop), slice(group.first, end + group.width)
        keys = [part[lanes, :, seen] for part in self.keys]
        values = [part[lanes, :, seen] for part in self.values]
        if self._bits is not None:
            return self._quantized(queries * scale, keys, values, group.bias)
        return _plain(queries, keys[0], values[0], scale, group.bias)

    def _quantized(
        self, queries: mx.array, keys: list[mx.array], values: list[mx.array], bias: mx.array
    ) -> mx.array:
        product: Any = partial(mx.quantized_matmul, group_size=KV_GROUP, bits=self._bits)
        lanes, heads, width, dim = queries.shape
        groups = keys[0].shape[1]
        grouped = queries.reshape(lanes, groups, heads // groups, width, dim)
        keys, values = ([part[:, :, None] for part in parts] for parts in (keys, values))
        scores = product(grouped, *keys, transpose=True) + bias[:, :, None]
        weights = mx.softmax(scores, axis=-1, precise=True)
        out: mx.array = product(weights, *values, transpose=False)
        return out.reshape(lanes, heads, width, dim)

    def make_room(self, lanes: int, columns: int, like: tuple[mx.array, mx.array]) -> None:
        """Grow to this many lanes and columns; `like` are keys and values of the right shape."""
        for buffers, example in ((self.keys, like[0]), (self.values, like[1])):
            parts = self._parts(example[:, :, :1])
            old = list(buffers)
            buffers[:] = [
                _grown(old[i] if old else None, lanes, columns, parts[i]) for i in range(len(parts))
            ]

    def rebuild(self, rows: list[tuple[int, mx.array]], columns: int, longest: int) -> None:
        """Keep only (lane, its columns in order) of `rows`, set against column `longest`."""
        for buffers in (self.keys, self.values):
            for index, part in enumerate(buffers):
                buffers[index] = mx.concatenate(
                    [_moved(part[lane], kept, columns, longest) for lane, kept in rows], axis=0
                )


def _grown(old: mx.array | None, lanes: int, columns: int, like: mx.array) -> mx.array:
    shape = (lanes, like.shape[1], columns, like.shape[3])
    new = mx.zeros(shape, dtype=like.dtype)
    if old is not None:
        new[: old.shape[0], :, : old.shape[2]] = old
    return new


def _moved(row: mx.array, kept: mx.array, columns: int, longest: int) -> mx.array:
    """One lane, (kv_heads, columns, dim), with its kept columns ending at `longest`."""
    found = mx.take(row, kept, axis=1)
    before = longest - found.shape[1]
    return mx.pad(found, [(0, 0), (before, columns - longest), (0, 0)])[None]


def by_mlx(
    queries: mx.array, keys: mx.array, values: mx.array, scale: float, mask: Any
) -> mx.array:
    """MLX's own attention, (batch, heads, width, dim)."""
    return mx.fast.scaled_dot_product_attention(queries, keys, values, scale=scale, mask=mask)


# What attends over plain arrays; a platform module may put a faster one here.
_plain: Callable[..., mx.array] = by_mlx


def use_attention(faster: Callable[..., mx.array] | None) -> None:
    """Attend by `faster(queries, keys, values, scale, mask)`; None goes back to MLX's own."""
    global _plain
    _plain = faster or by_mlx


def install(model: nn.Module) -> bool:
    """Let the model's attention find its way to `PassLayer.attend`.

    mlx-lm's models call a function of their module by name; ours takes its place there and
    hands every other kind of cache to the one it found.  False when there is none to replace.
    """
    names = {type(module).__module__ for _, module in model.named_modules()}
    found = [sys.modules[name] for name in names if hasattr(sys.modules.get(name), _NAME)]
    for module in found:
        theirs = getattr(module, _NAME)
        if not hasattr(theirs, "replaced"):
            setattr(module, _NAME, _dispatching(theirs))
    return bool(found)


def _dispatching(theirs: Callable[..., mx.array]) -> Callable[..., mx.array]:
    def attention(
        queries: mx.array, keys: Any, values: Any, cache: Any, scale: float, mask: Any, **more: Any
    ) -> mx.array:
        if isinstance(cache, PassLayer):
            return cache.attend(queries, scale)
        if _plain is not by_mlx and not more and not hasattr(cache, "bits"):
            return _plain(queries, keys, values, scale, mask)
        return theirs(queries, keys, values, cache=cache, scale=scale, mask=mask, **more)

    attention.replaced = theirs  # type: ignore[attr-defined]
    return attention
