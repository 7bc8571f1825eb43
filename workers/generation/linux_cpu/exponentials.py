"""Functions that MLX's CPU backend computes one element at a time, in a form it vectorizes.

Knows MLX's operations and float32; nothing of models.  Invariant: errors are below 1e-6 of the
largest value.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import mlx.core as mx

from workers.generation.packed.store import Attention, by_mlx

_CAUSAL_BLOCK = 64  # queries that attend together in a prompt
_GELU = 2 * (2 / math.pi) ** 0.5, 0.044715  # of the approximation by tanh
_EXP = (1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1)


def exp(x: Any) -> Any:
    """exp(x) for x <= 87 in float32: 2^n from the exponent bits, times e^r by a polynomial.

    Reduction and coefficients are those of Cephes' expf (Moshier); relative error below
    2.5e-7.  Below -87 it gives 2e-38 instead of what is smaller still.
    """
    x = mx.maximum(x, -87.0)
    whole = mx.round(x * 1.4426950408889634)
    part = (x - whole * 0.693359375) + whole * 2.12194440e-4
    found: Any = 1.9875691500e-4
    for coefficient in _EXP:
        found = found * part + coefficient
    found = found * part * part + part + 1.0
    return found * mx.view((whole.astype(mx.int32) + 127) << 23, mx.float32)


def compiled_swiglu() -> Callable[[Any, Any], mx.array]:
    """silu(gate) x up: the sigmoid from exp(-|gate|), so that nothing overflows."""

    def swiglu(gate: Any, x: Any) -> Any:
        small = exp(-mx.abs(gate))
        share = mx.where(gate >= 0, 1.0, small) / (1.0 + small)
        return gate * share * x

    return _compiled(swiglu)


def compiled_gelu() -> Callable[[Any], mx.array]:
    """x (1 + tanh(y)) / 2, y = sqrt(2 / pi) (x + 0.044715 x^3), as x / (1 + exp(-2 y)).

    Powers above 87 count as 87, which takes a third of the time of a sigmoid by cases.
    """
    outer, inner = _GELU

    def gelu(x: Any) -> Any:
        return x / (1.0 + exp(mx.minimum(x * (-outer - outer * inner * (x * x)), 87.0)))

    return _compiled(gelu)


def attention_by_parts() -> Attention:
    """Scaled dot products with a softmax by the fast exp, divided after the values are summed.

    Takes and gives what `store.by_mlx` does; leaves other types than float32 to it.
    """
    powers = _compiled(lambda scores, highest: exp(scores - highest))

    def attend(
        queries: Any, keys: Any, values: Any, scale: float, mask: Any, sinks: Any = None
    ) -> Any:
        if queries.dtype != mx.float32:
            return by_mlx(queries, keys, values, scale, mask, sinks)
        batch, heads, width, size = queries.shape
        groups, columns = keys.shape[1], keys.shape[2]
        if isinstance(mask, str) and width > _CAUSAL_BLOCK:
            return _by_blocks(attend, queries, keys, values, scale, sinks)
        grouped = (queries * scale).reshape(batch, groups, -1, size)
        scores = (grouped @ keys.swapaxes(-1, -2)).reshape(batch, heads, width, columns)
        if mask is not None:
            scores = scores + _bias(mask, width, columns)
        highest = scores.max(axis=-1, keepdims=True)
        if sinks is not None:
            sinks = sinks.astype(mx.float32)[:, None, None]
            highest = mx.maximum(highest, sinks)
        weights = powers(scores, highest)
        mixed = weights.reshape(batch, groups, -1, columns) @ values
        total = weights.sum(axis=-1, keepdims=True)
        if sinks is not None:
            total = total + exp(sinks - highest)
        return mixed.reshape(batch, heads, width, values.shape[-1]) / total

    return attend


def _by_blocks(attend: Any, queries: Any, keys: Any, values: Any, scale: float, sinks: Any) -> Any:
    """Causal attention, a block of queries after the other: none looks at what comes after it."""
    width, before = queries.shape[2], keys.shape[2] - queries.shape[2]
    parts = []
    for start in range(0, width, _CAUSAL_BLOCK):
        stop = min(width, start + _CAUSAL_BLOCK)
        seen = [x[:, :, : before + stop] for x in (keys, values)]
        parts.append(attend(queries[:, :, start:stop], *seen, scale, "causal", sinks))
    return mx.concatenate(parts, axis=2)


def _bias(mask: Any, width: int, columns: int) -> Any:
    """A mask of any of MLX's kinds as numbers to add."""
    if isinstance(mask, str):
        rows = mx.arange(columns - width, columns)[:, None]
        mask = rows >= mx.arange(columns)[None]
    return mx.where(mask, 0.0, -mx.inf) if mask.dtype == mx.bool_ else mask


def _compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compiled to one loop; MLX needs a C++ compiler for it on a CPU."""
    return mx.compile(function)
