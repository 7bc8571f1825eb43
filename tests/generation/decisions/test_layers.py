"""Texts side by side: attended to by the model's kernel, repeated for rows, or not at all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import mlx.core as mx
import numpy as np
import pytest
from mlx_lm.models.cache import make_prompt_cache

from tests.generation.models import gemma
from workers.generation.decisions.layers import TextLayer, has_plain_caches, text_layers
from workers.generation.model.load import LoadedModel, load
from workers.generation.packed.store import by_mlx

PREFIX, ENDS = [5, 6, 7, 8], [[9, 10], [11, 12], [13, 14]]


@pytest.fixture(scope="module")
def loaded(tiny_model: Path) -> LoadedModel:
    return load(tiny_model)


def test_a_prefix_is_computed_once_for_many_rows(loaded: LoadedModel) -> None:
    layers = text_layers(loaded.model, loaded.kernels.attention)
    assert layers is not None
    loaded.fast_model(mx.array([PREFIX]), cache=layers)
    forked = [layer.repeated(len(ENDS)) for layer in layers]
    found = loaded.fast_model(mx.array(ENDS), cache=forked)
    for row, end in zip(found, ENDS, strict=True):
        wanted = loaded.model(mx.array([[*PREFIX, *end]]))[0, -2:]
        np.testing.assert_allclose(np.array(row), np.array(wanted), atol=1e-3)
    assert [layer.offset for layer in layers] == [4, 4, 4], "the prefix was written to"


def test_masks_are_those_of_mlx_lms_cache(loaded: LoadedModel) -> None:
    theirs, ours = make_prompt_cache(loaded.model)[0], TextLayer(by_mlx)
    for width in (1, 5):
        masks = [c.make_mask(width, return_array=False, window_size=None) for c in (ours, theirs)]
        assert masks[0] == masks[1]


def test_a_model_with_other_caches_gets_none(loaded: LoadedModel) -> None:
    odd = replace(loaded, model=gemma())
    assert has_plain_caches(loaded.model) and not has_plain_caches(odd.model)
    assert text_layers(odd.model, by_mlx) is None
