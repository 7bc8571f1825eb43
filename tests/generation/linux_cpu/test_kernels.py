"""The faster functions of a Linux CPU: as exact as they say, and taken only when faster."""

from __future__ import annotations

import sys
from collections.abc import Callable

import mlx.core as mx
import numpy as np
import pytest

from workers.generation.linux_cpu import kernels, offers
from workers.generation.packed import store

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or mx.default_device() != mx.cpu, reason="for Linux CPUs only"
)


def test_exp_is_exact_to_seven_digits() -> None:
    x = -np.abs(np.random.default_rng(0).normal(0, 20, 100_000)).clip(0, 87).astype(np.float32)
    found = np.array(kernels._exp()(mx.array(x)), dtype=np.float64)
    wanted = np.exp(x.astype(np.float64))
    assert np.abs(found / wanted - 1).max() < 2.5e-7


def test_far_below_zero_nothing_is_left() -> None:
    found = np.array(kernels._exp()(mx.array([-200.0, -1e30, -np.inf])))
    assert (found >= 0).all() and (found < 1e-37).all()


def test_attention_agrees_with_mlx_for_every_kind_of_mask() -> None:
    attend = _attend()
    queries, keys = mx.random.normal((2, 6, 5, 16)), mx.random.normal((2, 2, 9, 16))
    values = mx.random.normal((2, 2, 9, 16))
    boolean = mx.array(np.tril(np.ones((5, 9), dtype=bool), 4))
    added = mx.where(boolean, 0.0, -mx.inf)
    for mask in (None, "causal", boolean, added):
        ours = attend(queries, keys, values, 0.25, mask)
        theirs = store.by_mlx(queries, keys, values, 0.25, mask)
        np.testing.assert_allclose(np.array(ours), np.array(theirs), atol=2e-6)


def test_half_precision_is_left_to_mlx() -> None:
    x = mx.random.normal((1, 2, 3, 16)).astype(mx.float16)
    found = _attend()(x, x, x, 0.25, None)
    assert found.dtype == mx.float16


def test_what_is_wrong_or_slow_is_not_taken() -> None:
    x = [mx.random.normal((4096,))]
    assert offers._gain(lambda a: mx.exp(a) * 1.001, mx.exp, x) is None
    assert offers._gain(lambda a: mx.exp(mx.log(mx.exp(a))), mx.exp, x) is None

    def breaks(_: mx.array) -> mx.array:
        raise RuntimeError("no compiler")

    assert offers._gain(breaks, mx.exp, x) is None


def _attend() -> Callable[..., mx.array]:
    return kernels.attention_by_parts()
