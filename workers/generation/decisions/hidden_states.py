"""What the model's middle layers make of a text: the mean of its tokens' hidden states.

Runs only the layers that are needed, and no vocabulary head.  Knows nothing of labels.
Invariant: padding never enters a mean.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

import mlx.core as mx
import numpy as np

from workers.generation.architecture import split
from workers.generation.decisions.layers import text_layers
from workers.generation.model.load import LoadedModel

# Shares of the depth worth looking at; the best one is found by cross-validation.
_DEPTHS = (0.4, 0.55, 0.75)


class HiddenStates:
    """Mean hidden states of texts after chosen layers of a model."""

    def __init__(self, loaded: LoadedModel) -> None:
        self._loaded = loaded
        self._body = split(loaded.fast_model).body
        self.depth = len(self._body.layers)
        self.layers = tuple(sorted({max(1, round(self.depth * share)) for share in _DEPTHS}))

    def means(self, rows: Sequence[Sequence[int]], layers: Sequence[int]) -> dict[int, np.ndarray]:
        """Means over the tokens of each row: layer -> float32 array (rows, hidden size)."""
        width = max(len(row) for row in rows)
        tokens = mx.array([[*row, *[0] * (width - len(row))] for row in rows])
        lengths = mx.array([len(row) for row in rows])[:, None]
        real = (mx.arange(width)[None] < lengths)[..., None]
        seen: dict[int, mx.array] = {}
        depth = max(layers)
        cache = text_layers(self._loaded.model, self._loaded.kernels.attention)
        self._truncated(depth, set(layers), seen)(tokens, cache=cache)
        found = {
            layer: mx.where(real, _unit(seen[layer]), 0).sum(axis=1) / lengths for layer in layers
        }
        mx.eval(found)
        return {layer: np.array(mean.astype(mx.float32)) for layer, mean in found.items()}

    def _truncated(self, depth: int, watched: set[int], seen: dict[int, mx.array]) -> Any:
        """The body with its first `depth` layers, noting the output of the watched ones.

        Causal attention keeps the padding on the right from touching what stands before it.
        Deeper layers are skipped, but there: a body may count on so many of them.
        """
        short = copy.copy(self._body)
        last = _Tap(self._body.layers[depth - 1], depth, seen)
        first = [
            _Tap(layer, number, seen) if number in watched else layer
            for number, layer in enumerate(self._body.layers[: depth - 1], start=1)
        ]
        short.layers = [*first, last, *(_Skip(layer, last) for layer in self._body.layers[depth:])]
        short.norm = lambda states: states
        return short


def _unit(states: mx.array) -> mx.array:
    """RMS-normalise each token, so that outliers don't dominate the mean."""
    return states * mx.rsqrt(mx.mean(mx.square(states), axis=-1, keepdims=True) + 1e-6)


class _Tap:
    """A layer that notes what it gives on; all else it leaves to the layer."""

    def __init__(self, layer: Any, number: int, seen: dict[int, mx.array]) -> None:
        self._layer, self._number, self._seen = layer, number, seen
        self.out: Any = None

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        self.out = out = self._layer(*args, **kwargs)
        self._seen[self._number] = out[0] if isinstance(out, tuple) else out
        return out

    def __getattr__(self, name: str) -> Any:
        return getattr(self._layer, name)


class _Skip:
    """A layer that is not run: gives on what the last one gave, and has the layer's attributes."""

    def __init__(self, layer: Any, last: _Tap) -> None:
        self._layer, self._last = layer, last

    def __call__(self, *_: Any, **__: Any) -> Any:
        return self._last.out

    def __getattr__(self, name: str) -> Any:
        return getattr(self._layer, name)
