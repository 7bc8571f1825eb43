"""Rotary positions that layers share are MLX's own, to the last digit."""

from __future__ import annotations

from typing import Any

import mlx.core as mx
import mlx.nn as nn
import numpy as np
import pytest

from tests.generation.models import gemma
from workers.generation.linux_cpu.ropes import SharedRoPE, Turns, is_plain, with_shared_turns
from workers.generation.model.kernels import Kernels

POSITIONS = mx.array([3, 0, 900, 17, 4])


def numbers(*shape: int) -> mx.array:
    return mx.random.normal(shape, key=mx.random.key(0))


@pytest.mark.parametrize("rope", [nn.RoPE(16), nn.RoPE(8, base=500.0), nn.RoPE(16, scale=0.25)])
def test_they_are_mlxs_for_every_token_of_a_pass(rope: Any) -> None:
    x, shared = numbers(5, 3, 1, 16), SharedRoPE(rope, Turns(rope))
    for positions in (POSITIONS, POSITIONS + 1):
        found, wanted = (one(x, offset=positions) for one in (shared, rope))
        np.testing.assert_array_equal(np.array(found), np.array(wanted))


@pytest.mark.parametrize(
    ("x", "offset"),
    [
        (numbers(1, 3, 5, 16), 7),
        (numbers(5, 3, 4, 16), POSITIONS),
        (numbers(5, 3, 1, 16).astype(mx.bfloat16), POSITIONS),
    ],
    ids=["a text", "texts side by side", "half precision"],
)
def test_all_else_is_left_to_mlx(x: mx.array, offset: Any) -> None:
    rope: Any = nn.RoPE(16, base=500.0)
    found = SharedRoPE(rope, Turns(rope))(x, offset=offset)
    assert found.dtype == x.dtype
    assert mx.array_equal(found, rope(x, offset=offset))


def test_layers_that_turn_alike_share_their_turns() -> None:
    model = gemma()
    other = Kernels(ropes=with_shared_turns).applied(model)
    shared = [module for module in other.modules() if isinstance(module, SharedRoPE)]
    assert len(shared) == 6 and len({id(one._turns) for one in shared}) == 2
    assert sum(map(is_plain, model.modules())) == 6, "the model itself is as it was"
    assert {one.base for one in shared} == {1e4, 1e6}, "a model's code may ask for it"
    turns = shared[0]._turns
    first = turns.of(POSITIONS)
    assert turns.of(POSITIONS) is first and turns.of(POSITIONS + 1) is not first


def test_traditional_turns_are_mlxs_own() -> None:
    assert not is_plain(nn.RoPE(16, traditional=True)) and is_plain(nn.RoPE(16))
