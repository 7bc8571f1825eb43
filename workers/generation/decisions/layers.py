"""Caches for texts that are read side by side, attended to by the model's own kernel.

Knows mlx-lm's plain cache and an attention function.  Invariant: for a model whose caches are
not all plain there are none, and mlx-lm's are used.
"""

from __future__ import annotations

from typing import Any

import mlx.core as mx
import mlx.nn as nn
from mlx_lm.models.cache import KVCache, make_prompt_cache

from workers.generation.model.load import LoadedModel
from workers.generation.packed.attention import OwnLayer
from workers.generation.packed.store import Attention


class TextLayer(OwnLayer, KVCache):
    """A layer's keys and values, (batch, kv_heads, tokens, dim), as they were computed."""

    keys: Any
    values: Any

    def __init__(self, attention: Attention) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._attention = attention

    def update_and_fetch(self, keys: mx.array, values: mx.array) -> tuple[mx.array, mx.array]:
        """Put new tokens behind those that are there."""
        if self.keys is not None:
            keys = mx.concatenate([self.keys, keys], axis=2)
            values = mx.concatenate([self.values, values], axis=2)
        self.keys, self.values, self.offset = keys, values, keys.shape[2]
        return keys, values

    def attend(
        self,
        queries: mx.array,
        keys: Any,
        values: Any,
        scale: float,
        mask: Any = None,
        sinks: mx.array | None = None,
    ) -> mx.array:
        """Outputs (batch, heads, tokens, dim) for queries of that shape."""
        return self._attention(queries, keys, values, scale, mask, sinks)

    def repeated(self, rows: int) -> TextLayer:
        """One text's keys and values for so many rows, to go on from."""
        copy = TextLayer(self._attention)
        copy.keys = mx.repeat(self.keys, rows, axis=0)
        copy.values = mx.repeat(self.values, rows, axis=0)
        copy.offset = self.offset
        return copy


def has_plain_caches(model: nn.Module) -> bool:
    """Whether every layer of a model keeps plain keys and values."""
    return all(type(layer) is KVCache for layer in make_prompt_cache(model))


def text_caches(loaded: LoadedModel) -> list[Any]:
    """Caches for texts that are read once: ours where they can be, else mlx-lm's."""
    layers = text_layers(loaded.model, loaded.kernels.attention)
    return list(layers) if layers is not None else list(make_prompt_cache(loaded.model))


def text_layers(model: nn.Module, attention: Attention) -> list[TextLayer] | None:
    """An empty cache for each layer; None where some layer keeps something else."""
    if not has_plain_caches(model):
        return None
    return [TextLayer(attention) for _ in make_prompt_cache(model)]
