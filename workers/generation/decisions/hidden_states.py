"""What the model's middle layers make of a text: the mean of its tokens' hidden states.

Runs only the layers that are needed, and no vocabulary head, in any architecture that shows its
stack of layers.  Knows nothing of labels.
Invariant: padding never enters a mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import mlx.core as mx
import numpy as np

from workers.generation.architecture import FAILURES
from workers.generation.decisions.layers import text_caches
from workers.generation.model.load import LoadedModel

# Shares of the depth worth looking at; the best one is found by cross-validation.
_DEPTHS = (0.4, 0.55, 0.75)
_TRIED = [[0, 1], [1, 2, 3, 0, 1, 2]]  # rows of tokens of which the first is filled up
_EQUAL = 0.05  # of the length of a mean; rounding in half precision stays below


class HiddenStates:
    """Mean hidden states of texts after chosen layers of a model.

    layers: those worth looking at; none where the model shows no stack of layers.
    """

    def __init__(self, loaded: LoadedModel) -> None:
        self._loaded = loaded
        stack = loaded.parts.stack
        self._stack = stack.layers if stack is not None else ()
        self.depth = len(self._stack)
        shares = {max(1, round(self.depth * share)) for share in _DEPTHS}
        self.layers = tuple(sorted(shares)) if self._can_be_watched(sorted(shares)) else ()

    def _can_be_watched(self, layers: Sequence[int]) -> bool:
        """Whether the layers can be cut short and listened to: some models run theirs otherwise.

        A row's means must be the same beside a longer one, whose width it is filled up to.
        """
        if not self._stack:
            return False
        try:
            alone, beside = self.means(_TRIED[:1], layers), self.means(_TRIED, layers)
        except FAILURES:
            return False
        return all(_are_near(alone[layer][0], beside[layer][0]) for layer in layers)

    def means(self, rows: Sequence[Sequence[int]], layers: Sequence[int]) -> dict[int, np.ndarray]:
        """Means over the tokens of each row: layer -> float32 array (rows, hidden size)."""
        width = max(len(row) for row in rows)
        tokens = mx.array([[*row, *[0] * (width - len(row))] for row in rows])
        lengths = mx.array([len(row) for row in rows])[:, None]
        real = (mx.arange(width)[None] < lengths)[..., None]
        seen = self._outputs(tokens, layers)
        found = {
            layer: mx.where(real, _unit(seen[layer]), 0).sum(axis=1) / lengths for layer in layers
        }
        mx.eval(found)
        return {layer: np.array(mean.astype(mx.float32)) for layer, mean in found.items()}

    def _outputs(self, tokens: mx.array, layers: Sequence[int]) -> dict[int, mx.array]:
        """What the layers give on, (rows, tokens, size) each; nothing deeper runs.

        Causal attention keeps the padding on the right from touching what stands before it.
        """
        seen: dict[int, mx.array] = {}
        depth = max(layers)
        tapped = [
            _Tap(layer, number, seen, number == depth) if number in layers else layer
            for number, layer in enumerate(self._stack, start=1)
        ]
        with suppress(_DeepEnoughError):
            self._loaded.parts.with_layers(tapped)(tokens, cache=text_caches(self._loaded))
        return seen


def _are_near(one: np.ndarray, other: np.ndarray) -> bool:
    apart = np.linalg.norm(one - other)
    return bool(apart <= _EQUAL * np.linalg.norm(one))  # and not where one is no number


def _unit(states: mx.array) -> mx.array:
    """RMS-normalise each token, so that outliers don't dominate the mean."""
    return states * mx.rsqrt(mx.mean(mx.square(states), axis=-1, keepdims=True) + 1e-6)


class _DeepEnoughError(Exception):
    """The last layer that is looked at has run."""


class _Tap:
    """A layer that notes what it gives on, and may end the pass; all else is the layer's, and it
    passes for one of its kind: some models ask for that."""

    def __init__(self, layer: Any, number: int, seen: dict[int, mx.array], last: bool) -> None:
        self._layer, self._number, self._seen, self._last = layer, number, seen, last

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        return type(self._layer)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        out = self._layer(*args, **kwargs)
        states = out[0] if isinstance(out, tuple) else out
        # Some models (Gemma 3n) carry several streams of states: (streams, rows, tokens, size).
        self._seen[self._number] = states if states.ndim == 3 else states.mean(axis=0)
        if self._last:
            raise _DeepEnoughError
        return out

    def __getattr__(self, name: str) -> Any:
        return getattr(self._layer, name)
