"""What a model keeps of a sequence: bytes that grow with its tokens, and bytes that do not.

Read from the shapes of what its layers put into their caches in a pass that is built and never
computed, and from what our caches take for arrays of these shapes.  Knows mlx-lm's caches and ours,
no configurations.  Invariant: each cache counts once, however deep it lies in another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import mlx.core as mx
import mlx.nn as nn
from mlx_lm.models.cache import make_prompt_cache

from workers.generation.model.kernels import Kernels
from workers.generation.model.memory import Footprint, WindowedLayers
from workers.generation.packed.kinds import LayerKind
from workers.generation.packed.plan import PrefilledKV
from workers.generation.packed.windows import BLOCK, HEADROOM, reach

_STEP = 512  # tokens of a prompt that mlx-lm reads at once, and lets go of with the next ones
_LENGTHS = _STEP // 2, _STEP  # over most windows, for caches that tell no more than their bytes


def packed_footprint(
    kinds: Iterable[LayerKind], kernels: Kernels, kv_bits: int | None = None
) -> Footprint:
    """In the caches of packed passes, where a layer with a window lets go of what it passed by."""
    per_token = per_row = 0
    windows: Counter[int] = Counter()
    for kind in kinds:
        if kind.states:
            per_row += kind.bytes
        elif kind.window is None:
            per_token += _kept(kind, kernels, kv_bits)
        else:
            windows[reach(kind.window) + BLOCK // 2 + HEADROOM] += _kept(kind, kernels, kv_bits)
    return Footprint(per_token, per_row, _windowed(windows), HEADROOM)


def _kept(kind: LayerKind, kernels: Kernels, kv_bits: int | None) -> int:
    """Bytes of a token in such a layer, as a cache with one row has them."""
    if kind.token is None:
        return 0
    cache = kernels.cache([replace(kind, window=None)], kv_bits)
    cache.insert(PrefilledKV([kind.token], 1).repeated(BLOCK))
    return cache.nbytes // (BLOCK + HEADROOM)


def mlx_lm_footprint(model: nn.Module) -> Footprint:
    """In mlx-lm's own caches."""
    caches = make_prompt_cache(model)
    model(mx.array([[0, 1]]), cache=caches)
    per_token = per_row = 0
    windows: Counter[int] = Counter()
    if any(map(_only_tells, _leaves(caches))):
        per_token, per_row = _as_told(model)
    for cache in _leaves(caches):
        keys, values = getattr(cache, "keys", None), getattr(cache, "values", None)
        most = getattr(cache, "max_size", None) or getattr(cache, "chunk_size", None)
        if keys is None:
            states = getattr(cache, "cache", ())
            per_row += sum(x.nbytes for x in states if isinstance(x, mx.array))
        elif isinstance(most, int):
            windows[most + _STEP] += _one(keys) + _one(values)
        else:
            per_token += _one(keys) + _one(values)
    return Footprint(per_token, per_row, _windowed(windows))


def _only_tells(cache: Any) -> bool:
    """Whether it is of a kind of its own, and shows neither keys nor states."""
    return not hasattr(cache, "keys") and not hasattr(cache, "cache") and hasattr(cache, "nbytes")


def _as_told(model: nn.Module) -> tuple[int, int]:
    """Bytes of a token and of a row in such caches, from what two lengths take."""
    short, long = (_told(model, tokens) for tokens in _LENGTHS)
    per_token = (long - short) // (_LENGTHS[1] - _LENGTHS[0])
    return per_token, max(0, long - per_token * _LENGTHS[1])


def _told(model: nn.Module, tokens: int) -> int:
    caches = make_prompt_cache(model)
    model(mx.zeros((1, tokens), dtype=mx.int32), cache=caches)
    return sum(int(cache.nbytes) for cache in _leaves(caches) if _only_tells(cache))


def _windowed(windows: Counter[int]) -> tuple[WindowedLayers, ...]:
    return tuple(WindowedLayers(size, most) for most, size in sorted(windows.items()))


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
