"""Caches of mlx-lm for the beginnings that prompts share, computed once and read by many rows.

Knows a model and its own kinds of cache, windows and recurrent states among them.  Invariant:
what is kept here is only read: a batch merges copies of it.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

import mlx.core as mx
import mlx.nn as nn
from mlx_lm.models.cache import make_prompt_cache

from workers.generation.tokens.prompts import EncodedPrompt

_SHORTEST = 16  # below this many tokens keeping costs as much as computing
_STEP = 512  # tokens of a pass


class SharedPrefixes:
    """Caches by the tokens that they are of; the least recently used goes first above a limit."""

    def __init__(self, model: nn.Module, limit_bytes: int) -> None:
        self._model: Any = model
        self._limit = limit_bytes
        self._kept: OrderedDict[tuple[int, ...], list[Any]] = OrderedDict()

    def of(self, prompt: EncodedPrompt) -> tuple[int, list[Any] | None]:
        """How many tokens of the prompt others share, and the caches after them; 0 and None where
        that is not worth keeping."""
        shared = prompt.tokens[: max((prompt.shared, *prompt.found))]
        if not _SHORTEST <= len(shared) < len(prompt.tokens):
            return 0, None
        if shared not in self._kept:
            self._kept[shared] = self._computed(shared)
        self._kept.move_to_end(shared)
        while len(self._kept) > 1 and self.nbytes > self._limit:
            self._kept.popitem(last=False)
        return len(shared), self._kept[shared]

    def _computed(self, tokens: tuple[int, ...]) -> list[Any]:
        caches: list[Any] = make_prompt_cache(self._model)
        for at in range(0, len(tokens), _STEP):
            self._model(mx.array(tokens[at : at + _STEP])[None], cache=caches)
            mx.eval([cache.state for cache in caches])
        return caches

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return sum(int(cache.nbytes) for caches in self._kept.values() for cache in caches)

    def clear(self) -> None:
        """Give all memory back."""
        self._kept.clear()
