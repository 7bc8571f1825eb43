"""What each layer of a model keeps of a sequence, read from the model's own caches and calls.

Knows mlx-lm's kinds of cache, and how models call attention; no list of models.  Invariant: a
layer that is not understood is refused by its number and kind, never guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import mlx.core as mx
import mlx.nn as nn
from mlx_lm.models.cache import ArraysCache, CacheList, KVCache, RotatingKVCache, make_prompt_cache

from workers.generation.packed.attention import OwnLayer

_WHY = {
    "RotatingKVCache": "a sliding window that keeps its first tokens",
    "ChunkedKVCache": "chunks, which forget what they would have to take back",
}


class NotPackableError(Exception):
    """Why a model's layers can't be run in packed passes, in one line."""


@dataclass(frozen=True)
class LayerKind:
    """A layer that keeps keys and values.

    window: tokens that a token sees, itself among them; None: all before it.
    latent: it keeps one latent vector a token, which is key and value at once, and the rotary
    part of the keys beside it; the scores of that part arrive as a mask.
    lends: other layers, which have no cache, attend to its keys and values.
    states: how many arrays it keeps of a sequence instead, for a recurrent layer.
    bytes: of these arrays.
    token: keys and values of one token, (1, kv_heads, 1, dim), as an example.
    """

    window: int | None = None
    latent: bool = False
    lends: bool = False
    states: int = 0
    bytes: int = field(default=0, compare=False)
    token: tuple[mx.array, mx.array] | None = field(default=None, compare=False, repr=False)


FULL = LayerKind()


def layer_kinds(model: nn.Module) -> tuple[LayerKind, ...]:
    """One kind for each of the model's caches; the model has its kernels (`fast_model`).

    Raises NotPackableError.  No computing is done: a pass over one token is built, not evaluated.
    """
    caches = make_prompt_cache(model)
    lends = len(caches) < len(model.layers)
    probes = [_probe(number, cache, lends) for number, cache in enumerate(flat(caches))]
    model(mx.array([[0]]), cache=nested(probes, nesting(caches)))
    for number, probe in enumerate(probes):
        if isinstance(probe, _ProbeCache) and not probe.attended:
            modules = (kind.__module__ for kind in type(model).__mro__)
            name = next(one for one in modules if not one.startswith("workers."))  # of no twin
            raise NotPackableError(
                f"layer {number} of {name} attends with a function of its own, not mlx-lm's"
            )
    return tuple(
        probe.kind if isinstance(probe, _ProbeCache) else _state(probe) for probe in probes
    )


def flat(caches: Sequence[Any]) -> list[Any]:
    """The caches, with those of a layer that keeps several one after the other."""
    return [one for cache in caches for one in getattr(cache, "caches", (cache,))]


def nesting(caches: Sequence[Any]) -> tuple[int | None, ...]:
    """How many each layer keeps; None for one that keeps one by itself."""
    return tuple(len(cache.caches) if isinstance(cache, CacheList) else None for cache in caches)


def nested(items: Iterable[Any], sizes: Iterable[int | None]) -> list[Any]:
    """What stands for the caches, one after the other, as the model wants them."""
    rest = iter(items)
    return [next(rest) if size is None else tuple(islice(rest, size)) for size in sizes]


def _probe(number: int, cache: Any, lends: bool) -> Any:
    """What notes how a cache is used; a recurrent state needs none."""
    return cache if type(cache) is ArraysCache else _ProbeCache(_window(number, cache), lends)


def _state(cache: ArraysCache) -> LayerKind:
    states: Any = cache.cache
    size = sum(state.nbytes for state in states if state is not None)
    return LayerKind(states=len(states), bytes=size)


def _window(number: int, cache: Any) -> int | None:
    if type(cache) is KVCache:
        return None
    if type(cache) is RotatingKVCache and not cache.keep:
        return int(cache.max_size)
    name = type(cache).__name__
    why = _WHY.get(name, "not a plain KV cache")
    raise NotPackableError(f"layer {number} keeps a {name}: {why}")


class _ProbeCache(OwnLayer):
    """Stands in for a layer's cache, and notes how it is used."""

    offset = 0

    def __init__(self, window: int | None, lends: bool) -> None:
        self.attended = False
        self._window, self._lends, self._latent = window, lends, False

    @property
    def kind(self) -> LayerKind:
        """What was seen."""
        keys, values = (mx.zeros(x.shape, dtype=x.dtype) for x in self._new)
        # A latent vector is kept in the keys, before their rotary part, and once more as a value.
        token = (mx.concatenate([keys, values], axis=-1), keys) if self._latent else (keys, values)
        return LayerKind(self._window, self._latent, self._lends, token=token)

    def make_mask(self, *_: Any, **__: Any) -> None:
        """One token needs no mask."""

    def update_and_fetch(self, keys: mx.array, values: mx.array) -> tuple[Any, Any]:
        self._new = keys, values
        return self._new

    def keys_and_values(self) -> tuple[Any, Any]:
        return self._new

    def attend(
        self,
        queries: mx.array,
        keys: Any,
        values: Any,
        scale: float,
        mask: Any = None,
        sinks: mx.array | None = None,
    ) -> mx.array:
        self.attended = True
        self._latent = self._latent or (keys is values and isinstance(mask, mx.array))
        return mx.zeros((*queries.shape[:-1], values.shape[-1]), dtype=queries.dtype)
