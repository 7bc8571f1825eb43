"""The KV of prompt prefixes that many prompts share, computed once per worker.

Knows tokens and caches, not what a prompt says.  Invariant: a cached prefix is never
written to; rows start from copies of it.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

import mlx.core as mx
import mlx.nn as nn
from mlx_lm.models.cache import make_prompt_cache

_SHORTEST = 16  # below this many tokens a copy costs as much as the computation saves


class PrefixCache:
    """KV caches by prefix tokens, least recently used first to go above `limit_bytes`."""

    def __init__(self, model: nn.Module, limit_bytes: int = 256 << 20) -> None:
        self._model = model
        self._limit = limit_bytes
        self._kept: OrderedDict[tuple[int, ...], list[Any]] = OrderedDict()
        self.tokens_saved = 0

    def get(self, prefix: tuple[int, ...]) -> list[Any] | None:
        """One cache per layer holding `prefix`, for a batch to copy; None if too short."""
        if len(prefix) < _SHORTEST:
            return None
        if prefix in self._kept:
            self._kept.move_to_end(prefix)
            self.tokens_saved += len(prefix)
        else:
            self._kept[prefix] = self._compute(prefix)
            self._evict()
        return self._kept[prefix]

    def _compute(self, prefix: tuple[int, ...]) -> list[Any]:
        cache: list[Any] = make_prompt_cache(self._model)
        self._model(mx.array(prefix)[None], cache=cache)
        mx.eval([layer.state for layer in cache])
        return cache

    def _evict(self) -> None:
        while len(self._kept) > 1 and self.nbytes > self._limit:
            self._kept.popitem(last=False)

    @property
    def nbytes(self) -> int:
        """Bytes held by all prefixes."""
        return sum(layer.nbytes for cache in self._kept.values() for layer in cache)
