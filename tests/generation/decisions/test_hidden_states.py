"""Mean hidden states: the layers that are needed and no more, and padding never in a mean."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import mlx.core as mx
import numpy as np
import pytest

from tests.generation.models import gemma
from workers.generation.architecture import split
from workers.generation.decisions.hidden_states import HiddenStates, _unit
from workers.generation.model.load import LoadedModel, load

ROWS = [[5, 6, 7], [8], [9, 10, 11, 12, 13, 14, 15, 16]]


@pytest.fixture(scope="module")
def loaded(tiny_model: Path) -> LoadedModel:
    return load(tiny_model)


def test_a_row_has_the_same_mean_alone_and_among_longer_ones(loaded: LoadedModel) -> None:
    states = HiddenStates(loaded)
    together = states.means(ROWS, states.layers)
    for number, row in enumerate(ROWS):
        alone = states.means([row], states.layers)
        for layer in states.layers:
            assert np.allclose(together[layer][number], alone[layer][0], atol=1e-5)


def test_the_means_are_of_the_models_own_layers(loaded: LoadedModel) -> None:
    from mlx_lm.models.base import create_attention_mask

    body = split(loaded.model).body
    found = body.embed_tokens(mx.array([ROWS[0]]))
    for layer in body.layers[:2]:
        found = layer(found, create_attention_mask(found, None), None)
    expected = np.array(_unit(found).mean(axis=1))[0]
    mean = HiddenStates(loaded).means([ROWS[0]], (2,))[2][0]
    assert np.allclose(mean, expected, atol=1e-4)


def test_deeper_layers_do_not_run(loaded: LoadedModel) -> None:
    class Trap:
        use_sliding = False

        def __call__(self, *args: object, **kwargs: object) -> None:
            raise AssertionError("a layer ran that nobody looks at")

    body = split(loaded.fast_model).body
    whole = body.layers
    body.layers = [*whole[:1], *(Trap() for _ in whole[1:])]
    try:
        assert HiddenStates(loaded).means(ROWS, (1,))[1].shape == (3, 64)
    finally:
        body.layers = whole


def test_a_body_that_counts_on_its_layers_is_cut_short_all_the_same(loaded: LoadedModel) -> None:
    """Gemma looks at the cache of a layer that is deeper than the one wanted."""
    odd = replace(loaded, model=gemma())
    states = HiddenStates(odd)
    found = states.means(ROWS, (2,))[2]
    for row, mean in zip(ROWS, found, strict=True):
        assert np.allclose(states.means([row], (2,))[2][0], mean, atol=1e-4)
    with pytest.raises(IndexError):
        split(odd.model).body(mx.array([ROWS[0]]), cache=[None, None])
