"""Whether two answers diverged at a near-tie, which rounding may turn.

The same sums in another order, as another batch size makes them, end in other last digits;
where two tokens are equally likely but for those digits, either may win.  Invariant: only
the model's own figures decide; it is asked with a plain pass, without batches or drafts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import mlx.core as mx

from workers.generation.model.load import LoadedModel

# Of the logits' spread: how far rounding may move one token against another.
FLOAT32, HALF = 1e-3, 0.05


def gap(loaded: LoadedModel, tokens: Sequence[int], one: int, other: int) -> float:
    """How far apart two next tokens are after `tokens`, as a share of the logits' spread."""
    logits = loaded.model(mx.array(list(tokens))[None])[0, -1].astype(mx.float32)
    apart: Any = (mx.abs(logits[one] - logits[other]) / mx.std(logits)).item()
    return float(apart)


def tolerance(loaded: LoadedModel) -> float:
    """The largest gap that is a near tie, by how exactly the model computes."""
    weights = loaded.model.parameters()
    return FLOAT32 if _all_float32(weights) else HALF


def parted_at(one: Sequence[int], other: Sequence[int], end: int) -> tuple[int, int, int] | None:
    """Place of the first difference and the tokens there, `end` for an answer that is over."""
    for place in range(max(len(one), len(other))):
        a = one[place] if place < len(one) else end
        b = other[place] if place < len(other) else end
        if a != b:
            return place, a, b
    return None


def _all_float32(value: object) -> bool:
    if isinstance(value, dict):
        return all(map(_all_float32, value.values()))
    if isinstance(value, list):
        return all(map(_all_float32, value))
    return getattr(value, "dtype", mx.float32) == mx.float32
