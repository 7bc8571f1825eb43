"""Keys and values that can't be kept in a few bits are known before anything is generated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import mlx.nn as nn
import pytest

from tests.generation.models import gemma, latent, recurrent, soft_capped
from tests.tiny_model import Shape, make_tiny_model
from workers.generation.engines.quantizable import why_not_in_groups, why_not_quantized
from workers.generation.model.load import LoadedModel, load


@pytest.fixture(scope="module")
def loaded(tiny_model: Path) -> LoadedModel:
    return load(tiny_model)


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        (gemma, "mlx-lm can't quantize a sliding window"),
        (soft_capped, "mlx-lm can't attend to its layers' quantized keys"),
        (partial(latent, rank=64), "mlx-lm can't attend to its layers' quantized keys"),
        (latent, "its head dimension is 16, not a multiple of 64"),
        (recurrent, "mlx-lm quantizes none of its caches"),
    ],
    ids=["windows", "own attention", "latent", "short", "states"],
)
def test_mlx_lm_is_asked_for_one_row(
    loaded: LoadedModel, kind: Callable[[], nn.Module], says: str
) -> None:
    assert why_not_quantized(replace(loaded, model=kind()), 8) == says


def test_in_groups_go_heads_of_64_and_long_latent_vectors(
    loaded: LoadedModel, tmp_path: Path
) -> None:
    assert why_not_in_groups(loaded) == "its head dimension is 16, not a multiple of 64"
    assert why_not_in_groups(replace(loaded, model=latent(rank=64))) is None
    assert why_not_in_groups(replace(loaded, model=soft_capped())) is None  # refused elsewhere
    make_tiny_model(tmp_path, shape=Shape(hidden=128, layers=2, heads=2, kv_heads=1))
    wide = load(tmp_path)
    assert why_not_in_groups(wide) is None and why_not_quantized(wide, 8) is None
