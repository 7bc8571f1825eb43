"""What a model keeps of a sequence: bytes that grow with its tokens, and bytes that do not.

Read from the shapes of what its layers put into their caches in a pass that is built, and never
computed.  Knows mlx-lm's caches and ours, no configurations.  Invariant: each cache counts once,
however deep it lies in another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import mlx.core as mx
import mlx.nn as nn
from mlx_lm.models.cache import make_prompt_cache

from workers.generation.packed.kinds import LayerKind

_TOKENS = mx.array([[0, 1]])


@dataclass(frozen=True)
class Footprint:
    """Bytes that a token adds to a sequence, over all layers, and those of the sequence itself."""

    per_token: int
    per_row: int = 0


def packed_footprint(kinds: Iterable[LayerKind]) -> Footprint:
    """In packed passes, where layers with a window keep all tokens too."""
    every = list(kinds)
    per_token = sum(kind.bytes for kind in every if not kind.states)
    return Footprint(per_token, sum(kind.bytes for kind in every if kind.states))


def mlx_lm_footprint(model: nn.Module) -> Footprint:
    """In mlx-lm's own caches; a window is counted as if it had no end."""
    caches = make_prompt_cache(model)
    model(_TOKENS, cache=caches)
    per_token = per_row = 0
    for cache in _leaves(caches):
        keys, values = getattr(cache, "keys", None), getattr(cache, "values", None)
        if keys is not None:
            per_token += _one(keys) + _one(values)
        else:
            states = getattr(cache, "cache", ())
            per_row += sum(x.nbytes for x in states if isinstance(x, mx.array))
    return Footprint(per_token, per_row)


def _leaves(caches: Iterable[Any]) -> Iterator[Any]:
    for cache in caches:
        inner = getattr(cache, "caches", None)
        if inner is None:
            yield cache
        else:
            yield from _leaves(inner)


def _one(x: Any) -> int:
    """Bytes of one token in (1, heads, tokens, size)."""
    return int(x.shape[1] * x.shape[3] * x.itemsize) if isinstance(x, mx.array) else 0
