"""Rotary positions worked out once a pass for all layers, where MLX does so in each on a CPU.

Knows mlx's plain RoPE; nothing of caches.  Invariant: what comes out is what that module gives.
"""

from __future__ import annotations

import math
from typing import Any

import mlx.core as mx
import mlx.nn as nn

_NDIM = 4  # of queries and keys: (tokens, heads, 1, dim)


class Turns:
    """Cosines and sines of a pass's positions, for all layers that turn alike."""

    def __init__(self, rope: Any) -> None:
        half = rope.dims // 2
        self._scale = rope.scale
        self._speeds = mx.exp(mx.arange(0, -half, -1, mx.float32) * (math.log(rope.base) / half))
        self._positions: mx.array | None = None
        self._found: tuple[mx.array, mx.array]

    def of(self, positions: mx.array) -> tuple[mx.array, mx.array]:
        """For positions (tokens,): (tokens, 1, 1, half the dimensions) each."""
        if positions is not self._positions:
            angles = (positions.astype(mx.float32) * self._scale)[:, None, None, None]
            angles = angles * self._speeds
            self._positions, self._found = positions, (mx.cos(angles), mx.sin(angles))
        return self._found


class SharedRoPE(nn.RoPE):
    """A rotary module that takes its turns from elsewhere, where each token has a position."""

    def __init__(self, rope: Any, turns: Turns) -> None:
        super().__init__(rope.dims, base=rope.base, scale=rope.scale)
        self._turns = turns
        self._half = rope.dims // 2

    def __call__(self, x: mx.array, offset: Any = 0) -> mx.array:
        if not _is_of_tokens(x, offset):
            found: mx.array = super().__call__(x, offset=offset)
            return found
        cos, sin = self._turns.of(offset)
        one, other = x[..., : self._half], x[..., self._half : 2 * self._half]
        turned = [one * cos - other * sin, one * sin + other * cos]
        return mx.concatenate([*turned, x[..., 2 * self._half :]], axis=-1)


def is_plain(module: Any) -> bool:
    """Whether a module is MLX's own, whose turns are known here."""
    return type(module) is nn.RoPE and not module.traditional


def _is_of_tokens(x: mx.array, offset: Any) -> bool:
    by_token = isinstance(offset, mx.array) and offset.shape == (len(x),)
    return by_token and x.ndim == _NDIM and x.shape[2] == 1 and x.dtype == mx.float32


def with_shared_turns(twin: nn.Module) -> nn.Module:
    """The twin of a model, its plain rotary modules changed for such as share their turns."""
    turns: dict[tuple[int, float, float], Turns] = {}
    for module in twin.modules():
        for name, child in list(module.items()):
            if is_plain(child):
                key = child.dims, child.base, child.scale
                module[name] = SharedRoPE(child, turns.setdefault(key, Turns(child)))
    return twin
