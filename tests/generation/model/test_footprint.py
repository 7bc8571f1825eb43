"""What a sequence takes is read from the caches' shapes, whatever they are made of."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import mlx.core as mx
import mlx.nn as nn
import pytest
from mlx_lm.models.cache import make_prompt_cache

from tests.generation.models import gemma, latent, recurrent, sinks, soft_capped, streams
from workers.generation.model.footprint import mlx_lm_footprint, packed_footprint
from workers.generation.model.kernels import PLAIN
from workers.generation.packed.kinds import layer_kinds
from workers.generation.packed.plan import Piece, Staged


@pytest.mark.parametrize("kind", [gemma, sinks, latent, streams])
def test_packed_rows_take_what_is_foretold(kind: Callable[[], nn.Module]) -> None:
    model = PLAIN.applied(kind())
    cache = PLAIN.cache(layer_kinds(model))
    staged = Staged([None] * len(cache.layers))
    cache.begin([], [Piece(staged, 0, 30)], list(range(30)))
    model(mx.arange(30)[:, None], cache=cache.layers)
    assert packed_footprint(layer_kinds(model)).per_token * 30 == staged.nbytes


def test_recurrent_states_count_once_for_a_row() -> None:
    model = recurrent()
    found = mlx_lm_footprint(model)
    cache = make_prompt_cache(model)
    mx.eval(model(mx.arange(30)[None], cache=cache))
    held = sum(x.nbytes for layer in cache for x in layer.cache)
    assert (found.per_token, found.per_row) == (0, held)


def test_plain_caches_count_by_the_token(tiny_model: Path) -> None:
    found = mlx_lm_footprint(soft_capped())
    # keys and values, layers, KV heads, head size, bytes of a float32
    assert (found.per_token, found.per_row) == (2 * 2 * 3 * 16 * 4, 0)
