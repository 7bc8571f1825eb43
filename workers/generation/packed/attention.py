"""Attention over a ragged batch, and how a model's code finds it.

A pass is a flat list of tokens: every linear layer of the model sees (tokens, 1, size), with
no padding at all, and only attention knows which row a token belongs to.  Knows one layer's
keys and values and the plan of the pass; does not know what the tokens are for.  Invariant: a
token sees the valid tokens of its own row that stand before it, and itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mlx.core as mx

from workers.generation.packed.plan import Grid, Pass, Piece
from workers.generation.packed.store import GridStore

# What mlx-lm's models call by this name; see `dispatching`.
ATTENTION = "scaled_dot_product_attention"


class OwnLayer:
    """A layer's cache that attends by itself, instead of leaving it to mlx-lm's attention."""

    def attend(self, queries: mx.array, scale: float, mask: Any = None) -> mx.array:
        """Outputs for queries, over the keys and values that `update_and_fetch` took last."""
        raise NotImplementedError


class PassLayer(OwnLayer):
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

    def attend(self, queries: mx.array, scale: float, mask: Any = None) -> mx.array:
        """Outputs (tokens, heads, 1, dim) for queries of that shape."""
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
        out = self.store.attention(_side_by_side(queries), *seen, scale, "causal")
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


def dispatching(theirs: Callable[..., mx.array]) -> Callable[..., mx.array]:
    """What a model calls instead of `theirs`, mlx-lm's attention: that, but for an `OwnLayer`.

    Only our own caches are led another way; every cache of mlx-lm's gets mlx-lm's attention.
    """

    def attention(
        queries: mx.array, keys: Any, values: Any, cache: Any, scale: float, mask: Any, **more: Any
    ) -> mx.array:
        if isinstance(cache, OwnLayer):
            return cache.attend(queries, scale, mask)
        return theirs(queries, keys, values, cache=cache, scale=scale, mask=mask, **more)

    return attention
