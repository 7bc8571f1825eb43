"""Rotary positions that need not stretch are those of mlx-lm's own module, for many rows too."""

from __future__ import annotations

from typing import Any

import mlx.core as mx
from mlx_lm.models.rope_utils import DynamicNTKScalingRoPE

from tests.generation.models import dynamic
from workers.generation.model.kernels import PLAIN
from workers.generation.model.ropes import with_constant_ropes


def rope_of(model: Any) -> Any:
    return model.layers[-1].self_attn.rope


def test_positions_are_those_of_the_model_within_its_window() -> None:
    model = dynamic()
    theirs = rope_of(model)
    ours = rope_of(with_constant_ropes(PLAIN.applied(model), 1024))
    x = mx.random.normal((2, 2, 5, 16), key=mx.random.key(0))
    for offset in (0, 7, 1019):
        assert mx.allclose(ours(x, offset=offset), theirs(x, offset=offset), atol=1e-5)
    many = ours(x, offset=mx.array([3, 90]))
    assert mx.allclose(many[1], theirs(x, offset=90)[1], atol=1e-5)
    assert rope_of(model) is theirs and isinstance(theirs, DynamicNTKScalingRoPE)


def test_a_longer_window_leaves_them_as_they_are() -> None:
    found = with_constant_ropes(PLAIN.applied(dynamic()), 1025)
    assert isinstance(rope_of(found), DynamicNTKScalingRoPE)
