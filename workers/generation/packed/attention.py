"""Attention over a ragged batch, and how a model's code finds it.

A pass is a flat list of tokens: every linear layer of the model sees (tokens, 1, size), with
no padding at all, and only attention knows which row a token belongs to.  Knows one layer's
keys and values and the plan of the pass; does not know what the tokens are for.  Invariant: a
token sees the valid tokens of its own row that stand before it and within the layer's window,
and itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import mlx.core as mx

from workers.generation.packed.plan import Grid, Pass, PrefillChunk
from workers.generation.packed.store import GridStore
from workers.generation.packed.windows import passed_by

# What mlx-lm's models call by this name; see `dispatching`.
ATTENTION = "scaled_dot_product_attention"


class OwnLayer:
    """A layer's cache that attends by itself, instead of leaving it to mlx-lm's attention."""

    def attend(
        self,
        queries: mx.array,
        keys: Any,
        values: Any,
        scale: float,
        mask: Any = None,
        sinks: mx.array | None = None,
    ) -> mx.array:
        """Outputs for queries, over the keys and values that `update_and_fetch` took last."""
        raise NotImplementedError


@dataclass(frozen=True)
class SlidingWindow:
    """What a model's code gets in place of a mask, and hands on: tokens that a token sees."""

    window: int


@dataclass(frozen=True)
class SharedLayerKV:
    """Keys or values of a layer that others attend to: their attention is that layer's.

    Stands for the array, which is all that models use of it.
    """

    lender: OwnLayer
    array: mx.array

    def __getattr__(self, name: str) -> Any:
        return getattr(self.array, name)


@dataclass(frozen=True)
class AttentionArgs:
    """What a layer is asked in a pass: queries (tokens, heads, 1, dim) and how they look.

    window: tokens that each sees, None for all.  sinks: a score of each head that takes part in
    the softmax and has no value.
    """

    queries: mx.array
    scale: float
    window: int | None = None
    sinks: mx.array | None = None


class PassLayer(OwnLayer):
    """One layer's keys and values, handed to the model in place of its own kind of cache.

    window, latent and lends are those of its `LayerKind`.
    """

    def __init__(
        self, number: int, window: int | None = None, latent: bool = False, lends: bool = False
    ) -> None:
        self.running: Pass | None = None
        self.attended = False  # set when the model's attention came by here
        self.number = number
        self.window, self._latent, self._lends = window, latent, lends
        self._new: tuple[mx.array, mx.array] | None = None  # not written yet

    @property
    def offset(self) -> mx.array:
        """Position of each token of the pass; rotary embeddings ask for it."""
        assert self.running is not None, "a pass is running"
        return self.running.positions

    def make_mask(
        self, *_: Any, window_size: int | None = None, return_array: bool = False
    ) -> SlidingWindow | None:
        """The model need not mask anything: `attend` knows who sees whom, but for a window."""
        return None if window_size is None else SlidingWindow(window_size)

    def update_and_fetch(self, keys: mx.array, values: mx.array) -> tuple[Any, Any]:
        """Take the new keys and values, (tokens, kv_heads, 1, dim), until `attend` is called."""
        self._new = (keys, values)
        if self._latent:
            self._new = mx.concatenate([keys, values], axis=-1), keys
            # Scores of the rotary part, computed against this, are its scaled queries.
            return keys, mx.eye(values.shape[-1], dtype=values.dtype)[None, None]
        return self.keys_and_values() if self._lends else (keys, values)

    def keys_and_values(self) -> tuple[Any, Any]:
        """For layers that attend to this one's keys and values after it has done so itself."""
        assert self._new is not None or self.attended, "keys were taken"
        keys, values = self._new or (mx.zeros(0), mx.zeros(0))
        return SharedLayerKV(self, keys), SharedLayerKV(self, values)

    def attend(
        self,
        queries: mx.array,
        keys: Any,
        values: Any,
        scale: float,
        mask: Any = None,
        sinks: mx.array | None = None,
    ) -> mx.array:
        """Outputs (tokens, heads, 1, dim) for queries of that shape."""
        running = self.running
        assert running is not None
        self.attended = True
        asked = self._asked(queries, scale, mask, sinks)
        taken, self._new = self._new, None
        return self._answered(asked, taken, running)

    def _asked(
        self, queries: mx.array, scale: float, mask: Any, sinks: mx.array | None
    ) -> AttentionArgs:
        if self._latent:
            whole = mx.concatenate([queries * scale, mask], axis=-1)
            return AttentionArgs(whole, 1.0, self.window, sinks)
        if mask is None:
            return AttentionArgs(queries, scale, self.window, sinks)
        if not isinstance(mask, SlidingWindow):
            raise TypeError("a mask of the model's own can't be kept in packed passes")
        return AttentionArgs(queries, scale, min(mask.window, self.window or mask.window), sinks)

    def _answered(
        self, asked: AttentionArgs, new: tuple[mx.array, mx.array] | None, running: Pass
    ) -> mx.array:
        """Take in the new keys and values, unless that was done before, and attend."""
        raise NotImplementedError


class PackedLayer(PassLayer):
    """A layer whose rows write at one common column of a `GridStore`."""

    def __init__(
        self,
        number: int,
        store: GridStore,
        window: int | None = None,
        latent: bool = False,
        lends: bool = False,
    ) -> None:
        super().__init__(number, window, latent, lends)
        self.store = store

    def _answered(
        self, asked: AttentionArgs, new: tuple[mx.array, mx.array] | None, running: Pass
    ) -> mx.array:
        if new is not None:
            self._write(new, running)
        grid = running.grid
        parts = [] if grid is None else [self._grid(grid, asked)]
        parts += [self._chunk(chunk, asked) for chunk in running.chunks]
        return parts[0] if len(parts) == 1 else mx.concatenate(parts, axis=0)

    def _write(self, new: tuple[mx.array, mx.array], running: Pass) -> None:
        grid = running.grid
        if grid is not None:
            spread = [_spread(x[: grid.tokens], grid.gather, grid.width) for x in new]
            self.store.write(grid.end, spread[0], spread[1])
        for chunk in running.chunks:
            grown(chunk, self, *(x[chunk.start : chunk.stop] for x in new))

    def _grid(self, grid: Grid, asked: AttentionArgs) -> mx.array:
        parts = []
        queries = asked.queries[: grid.tokens]
        for group in grid.seeing(asked.window):
            spread = _spread(queries, group.gather, group.width)
            out = self.store.attend(spread, asked.scale, group, grid.end, asked.sinks)
            parts.append(out.transpose(0, 2, 1, 3).reshape(-1, *out.shape[1::2]))
        flat = parts[0] if len(parts) == 1 else mx.concatenate(parts, axis=0)
        return mx.take(flat, grid.scatter, axis=0)[:, :, None]

    def _chunk(self, chunk: PrefillChunk, asked: AttentionArgs) -> mx.array:
        queries = _side_by_side(asked.queries[chunk.start : chunk.stop])
        pair = chunk.kv.layers[self.number]
        assert pair is not None, "a prompt's keys were written"
        keys, values, mask = windowed(pair[0], pair[1], queries.shape[2], asked.window)
        out = self.store.attention(queries, keys, values, asked.scale, mask, asked.sinks)
        return out[0].transpose(1, 0, 2)[:, :, None]


def windowed(
    keys: mx.array, values: mx.array, count: int, window: int | None
) -> tuple[mx.array, mx.array, Any]:
    """Of a prompt what its last `count` tokens see, and their mask, (count, tokens seen)."""
    tokens = keys.shape[2]
    if window is None or tokens <= window:
        return keys, values, "causal"
    first = max(0, tokens - count - window + 1)
    asking, seen = mx.arange(tokens - count, tokens)[:, None], mx.arange(first, tokens)[None]
    mask = (asking >= seen) & (asking < seen + window)
    return keys[:, :, first:], values[:, :, first:], mask


def grown(chunk: PrefillChunk, layer: PassLayer, keys: mx.array, values: mx.array) -> None:
    """Add keys and values of a prompt's next part, (tokens, kv_heads, 1, dim), to its others.

    What its first token does not see, nobody looks at any more, and it is left out.
    """
    new = _side_by_side(keys), _side_by_side(values)
    before = chunk.kv.layers[layer.number]
    if before is not None:
        first = chunk.kv.tokens - (chunk.stop - chunk.start)
        keys, values = _seen(before, first, layer.window)
        new = mx.concatenate([keys, new[0]], axis=2), mx.concatenate([values, new[1]], axis=2)
    chunk.kv.layers[layer.number] = new


def _seen(pair: Sequence[mx.array], position: int, window: int | None) -> Sequence[mx.array]:
    """Of a prompt's keys and values those that the token at `position`, the next one, may see."""
    if window is None:
        return pair
    gone = position - pair[0].shape[2]
    return [x[:, :, max(0, passed_by(position, window) - gone) :] for x in pair]


def _spread(x: mx.array, gather: mx.array, width: int) -> mx.array:
    """Tokens of a pass, (tokens, heads, 1, dim), at their places, (slots, heads, width, dim)."""
    rows = mx.take(x[:, :, 0], gather, axis=0)
    return rows.reshape(-1, width, *rows.shape[1:]).transpose(0, 2, 1, 3)


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
        layer = keys.lender if isinstance(keys, SharedLayerKV) else cache
        if isinstance(layer, OwnLayer):
            return layer.attend(queries, keys, values, scale, mask, **more)
        return theirs(queries, keys, values, cache=cache, scale=scale, mask=mask, **more)

    return attention
