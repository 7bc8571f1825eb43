"""Running a packed pass through a model: logits of a few of its tokens.

Knows a model with its kernels and a cache of ours.  Invariant: what comes out is what the
model itself would give, for the places that were asked for.
"""

from __future__ import annotations

from collections.abc import Sequence

import mlx.core as mx

from workers.generation.architecture import Parts
from workers.generation.packed.rows import RowCache


class Forward:
    """A model's forward pass over flat tokens; the model has its kernels (`LoadedModel.parts`)."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def logits(self, tokens: Sequence[int], cache: RowCache, places: Sequence[int]) -> mx.array:
        """Logits (places, vocab) in float32 after a pass over `tokens`; may be lazy."""
        inputs = mx.array(list(tokens), dtype=mx.int32)[:, None]
        wanted = mx.array(list(places), dtype=mx.int32)
        caches = self._parts.arranged(cache.layers)
        found = self._parts.logits(inputs, caches, lambda x: x[:, 0][wanted])
        return found.astype(mx.float32)
