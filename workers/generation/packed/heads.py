"""Heads that name the likeliest tokens without working out all logits.

Finds the matrix that a model's logits are products with, where they are nothing else.  Knows
modules and numbers, not how a head goes about it.  Invariant: such a head gives what the model's
own logits would give.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import mlx.core as mx
import mlx.nn as nn
import numpy as np

from workers.generation.architecture import FAILURES, Parts, modules_of
from workers.generation.tokens.logits import Logits

_STATES = 2  # that the matrix is tried with
_WRONG = 1e-5  # of the largest logit


class VocabularyHead(Protocol):
    """What logits come from."""

    def scores(self, states: np.ndarray) -> Sequence[Logits]:
        """The logits of each place, for states (places, size) behind the model's last norm."""
        ...


def plain_head(parts: Parts) -> mx.array | None:
    """The float32 matrix (vocab, size) that logits are plain products with; None where they are
    capped or scaled as well, or the matrix is kept in another form."""
    if parts.tap is None:
        return None
    return next((one for one in matrices(parts.model) if _is_head(parts, one)), None)


def matrices(model: nn.Module) -> Iterator[mx.array]:
    """The float32 matrices that stand beside a model's layers or above them."""
    for _, module in modules_of(model):
        weight = module.get("weight")
        if isinstance(weight, mx.array) and weight.ndim == 2 and weight.dtype == mx.float32:
            yield weight


def _is_head(parts: Parts, weight: mx.array) -> bool:
    states = mx.random.normal((_STATES, weight.shape[1]), key=mx.random.key(0))
    try:
        found = parts.logits(mx.array([[1]]), None, lambda _: states)  # no layer is computed
        wanted = states @ weight.T
        if found.shape != wanted.shape:
            return False
        off: Any = (mx.abs(found - wanted).max() / mx.abs(wanted).max()).item()
    except FAILURES:
        return False
    return bool(off <= _WRONG)
