"""Rotary positions that stretch with the length of a text, as they are within a model's window.

mlx-lm compares a text's length with a number there, which positions of many rows can't be.  Up to
the length that a model was trained for nothing is stretched, so its base is a constant.  Knows
mlx-lm's modules by their names.  Invariant: positions are those of mlx-lm's own module.
"""

from __future__ import annotations

from typing import Any

import mlx.nn as nn

_STRETCHING = "DynamicNTKScalingRoPE"


def with_constant_ropes(twin: nn.Module, window: int) -> nn.Module:
    """The twin of a model, changed where rotary positions need not stretch for so many tokens."""
    for module in twin.modules():
        for name, child in list(module.items()):
            if type(child).__name__ == _STRETCHING and child.max_position_embeddings >= window:
                module[name] = _constant(child)
    return twin


def _constant(rope: Any) -> nn.Module:
    base = getattr(rope, "original_base", None) or rope.base
    scale = getattr(rope, "scale", 1.0)
    return nn.RoPE(rope.dims, traditional=rope.traditional, base=base, scale=scale)
