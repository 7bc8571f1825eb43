"""The faster functions of a Linux CPU, against double precision and against MLX's own."""

from __future__ import annotations

import sys
from itertools import product

import mlx.core as mx
import mlx.nn as nn
import numpy as np
import pytest
from mlx_lm.models import activations

from workers.generation.linux_cpu.exponentials import (
    attention_by_parts,
    compiled_gelu,
    compiled_swiglu,
    exp,
)
from workers.generation.packed.store import by_mlx

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or mx.default_device() != mx.cpu, reason="for Linux CPUs only"
)


def test_exp_is_exact_to_seven_digits() -> None:
    x = -np.abs(np.random.default_rng(0).normal(0, 20, 100_000)).clip(0, 87).astype(np.float32)
    found = np.array(exp(mx.array(x)), dtype=np.float64)
    wanted = np.exp(x.astype(np.float64))
    assert np.abs(found / wanted - 1).max() < 2.5e-7


def test_far_below_zero_nothing_is_left() -> None:
    found = np.array(exp(mx.array([-200.0, -1e30, -np.inf])))
    assert (found >= 0).all() and (found < 1e-37).all()


def test_attention_agrees_with_mlx_for_every_kind_of_mask() -> None:
    attend = attention_by_parts()
    queries, keys = mx.random.normal((2, 6, 5, 16)), mx.random.normal((2, 2, 9, 16))
    values = mx.random.normal((2, 2, 9, 16))
    boolean = mx.array(np.tril(np.ones((5, 9), dtype=bool), 4))
    added = mx.where(boolean, 0.0, -mx.inf)
    sinks = mx.array([-3.0, 0, 1, 2, 5, 40])
    for mask, sink in product((None, "causal", boolean, added), (None, sinks)):
        ours = attend(queries, keys, values, 0.25, mask, sink)
        theirs = by_mlx(queries, keys, values, 0.25, mask, sink)
        np.testing.assert_allclose(np.array(ours), np.array(theirs), atol=2e-6)


@pytest.mark.parametrize("width", [63, 64, 65, 200])
def test_long_causal_attention_is_cut_into_blocks(width: int) -> None:
    queries = mx.random.normal((1, 4, width, 16))
    keys, values = (mx.random.normal((1, 2, width + 10, 16)) for _ in range(2))
    sinks = mx.array([-3.0, 0, 1, 2])
    ours = attention_by_parts()(queries, keys, values, 0.25, "causal", sinks)
    theirs = by_mlx(queries, keys, values, 0.25, "causal", sinks)
    np.testing.assert_allclose(np.array(ours), np.array(theirs), atol=2e-6)


def test_half_precision_is_left_to_mlx() -> None:
    x = mx.random.normal((1, 2, 3, 16)).astype(mx.float16)
    found = attention_by_parts()(x, x, x, 0.25, None)
    assert found.dtype == mx.float16


def test_swiglu_is_mlx_lms_from_very_small_to_very_large_gates() -> None:
    gate = mx.array(np.concatenate([np.linspace(-200, 200, 4001), [-1e30, 0.0, 1e30]]))
    gate = gate.astype(mx.float32)
    x = mx.random.normal(gate.shape)
    found, wanted = (np.array(f(gate, x)) for f in (compiled_swiglu(), activations.swiglu))
    assert np.isfinite(found).all()
    np.testing.assert_allclose(found, wanted, rtol=1e-6, atol=1e-6)


def test_gelu_is_mlxs_from_very_small_to_very_large_numbers() -> None:
    x = mx.array(np.concatenate([np.linspace(-30, 30, 4001), [-1e30, 0.0, 1e30]]))
    found, wanted = (np.array(f(x.astype(mx.float32))) for f in (compiled_gelu(), nn.gelu_approx))
    assert np.isfinite(found).all()
    np.testing.assert_allclose(found, wanted, rtol=1e-6, atol=1e-6)
