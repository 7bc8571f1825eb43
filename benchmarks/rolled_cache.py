"""Two ways to take back what rows did not accept, behind one interface.

`RolledRows` is the reference: mlx-lm's own batch cache, trimmed alike for all rows, then rolled
row by row.  `HoledRows` is the engine's cache on a GPU: nothing is moved, rejected tokens stay
as holes.
Neither knows why a token is kept.  Invariant: a row sees the tokens it kept, in order, and no
others.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import mlx.core as mx
from mlx_lm.models.cache import BatchKVCache, KVCache, make_prompt_cache

from workers.generation.model.load import LoadedModel
from workers.generation.packed.cache import PackedCache
from workers.generation.packed.forward import Forward
from workers.generation.packed.plan import PrefilledKV
from workers.generation.packed.rows import Decoding

_PAD = 0  # a token that stands where a row has none; it is always taken back
_SLACK, _MOST_WASTE = 64, 0.25  # when padding that all rows share is cut off, as the engine does

Pair = tuple[mx.array, mx.array]  # keys and values of a row in a layer, (kv_heads, tokens, dim)


class Rows(Protocol):
    """Rows whose prompts are in the cache."""

    def logits(self, new: Sequence[Sequence[int]]) -> list[mx.array]:
        """Take in each row's new tokens; its logits after each of them, (tokens, vocab)."""
        ...

    def keep(self, kept: Sequence[int]) -> None:
        """Of each row's new tokens the first so many stay, at least one."""
        ...

    def arrays(self) -> list[mx.array]:
        """The whole cache, to be evaluated."""
        ...

    def row(self, number: int) -> list[Pair]:
        """What a row sees, layer by layer."""
        ...


def prefilled(model: Any, prompt: Sequence[int]) -> list[KVCache]:
    """A prompt's keys and values in every layer, as mlx-lm computes them."""
    cache: list[KVCache] = make_prompt_cache(model)
    model(mx.array([list(prompt)]), cache=cache)
    mx.eval([layer.state for layer in cache])
    return cache


class RolledRows:
    """Uniform trim, then `prepare(right_padding=...)` and `finalize()` of mlx-lm's BatchKVCache."""

    def __init__(self, model: Any, prompts: Sequence[Sequence[KVCache]]) -> None:
        self._model = model
        self._layers = [BatchKVCache.merge(list(layer)) for layer in zip(*prompts, strict=True)]
        self._width = 0

    def logits(self, new: Sequence[Sequence[int]]) -> list[mx.array]:
        self._width = max(map(len, new))
        filled = [[*tokens, *[_PAD] * (self._width - len(tokens))] for tokens in new]
        found = self._model(mx.array(filled), cache=self._layers)
        return [found[row, : len(tokens)] for row, tokens in enumerate(new)]

    def keep(self, kept: Sequence[int]) -> None:
        most = max(kept)
        for layer in self._layers:
            layer.trim(self._width - most)
            layer.prepare(right_padding=[most - count for count in kept])
            layer.finalize()
        padding: int = self._layers[0].left_padding.min().item()
        longest: int = self._layers[0].offset.max().item()
        if padding > _SLACK + _MOST_WASTE * longest:
            for layer in self._layers:
                layer.filter(mx.arange(len(kept)))

    def arrays(self) -> list[mx.array]:
        return [array for layer in self._layers for array in (layer.keys, layer.values)]

    def row(self, number: int) -> list[Pair]:
        alone = [layer.extract(number).keys_and_values() for layer in self._layers]
        return [(keys[0], values[0]) for keys, values in alone]


class HoledRows:
    """The engine's PackedCache."""

    def __init__(self, loaded: LoadedModel, prompts: Sequence[Sequence[KVCache]]) -> None:
        self._forward = Forward(loaded.parts)
        self._cache = PackedCache(loaded.layer_kinds, attention=loaded.kernels.attention)
        self._slots = [
            self._cache.insert(PrefilledKV([layer.keys_and_values() for layer in prompt]))
            for prompt in prompts
        ]
        self._widths: list[Decoding] = []

    def logits(self, new: Sequence[Sequence[int]]) -> list[mx.array]:
        self._widths = [
            Decoding(slot, len(tokens)) for slot, tokens in zip(self._slots, new, strict=True)
        ]
        flat = [token for tokens in new for token in tokens]
        positions = [w.slot.length + place for w in self._widths for place in range(w.count)]
        self._cache.begin(self._widths, [], positions)
        found = self._forward.logits(flat, self._cache, range(len(flat)))
        ends = [sum(map(len, new[: row + 1])) for row in range(len(new))]
        return [found[end - len(tokens) : end] for end, tokens in zip(ends, new, strict=True)]

    def keep(self, kept: Sequence[int]) -> None:
        self._cache.commit(self._widths, kept)

    def arrays(self) -> list[mx.array]:
        stores = [layer.store for layer in self._cache.layers]
        return [array for store in stores for array in (*store.keys, *store.values)]

    def row(self, number: int) -> list[Pair]:
        pairs = self._cache.row(self._slots[number]).layers
        return [(pair[0][0], pair[1][0]) for pair in pairs if pair is not None]

    @property
    def moves(self) -> int:
        """Times that rows were moved together."""
        return self._cache.moves
