"""Mean hidden states: the layers that are needed and no more, and padding never in a mean."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import mlx.core as mx
import mlx.nn as nn
import numpy as np
import pytest
from mlx_lm.models.cache import make_prompt_cache

from tests.generation.models import gemma, mixed, recurrent, streams
from workers.generation.decisions import hidden_states
from workers.generation.decisions.hidden_states import HiddenStates
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

    body: Any = loaded.model["model"]
    found = body.embed_tokens(mx.array([ROWS[0]]))
    for layer in body.layers[:2]:
        found = layer(found, create_attention_mask(found, None), None)
    lengths = mx.sqrt(mx.mean(mx.square(found), axis=-1, keepdims=True) + 1e-6)
    expected = np.array((found / lengths).mean(axis=1))[0]
    mean = HiddenStates(loaded).means([ROWS[0]], (2,))[2][0]
    assert np.allclose(mean, expected, atol=1e-4)


def test_deeper_layers_do_not_run(loaded: LoadedModel, monkeypatch: pytest.MonkeyPatch) -> None:
    armed: list[bool] = []

    class Trap:
        def __init__(self, layer: Any) -> None:
            self._layer = layer

        def __call__(self, *args: Any, **kwargs: Any) -> Any:
            assert not armed, "a layer ran that nobody looks at"
            return self._layer(*args, **kwargs)

        def __getattr__(self, name: str) -> Any:
            return getattr(self._layer, name)

    body: Any = loaded.model["model"]
    monkeypatch.setitem(body, "layers", [body.layers[0], *map(Trap, body.layers[1:])])
    states = HiddenStates(replace(loaded))
    armed.append(True)
    assert states.means(ROWS, (1,))[1].shape == (3, 64)
    with pytest.raises(AssertionError, match="nobody looks at"):
        states.means(ROWS, (2,))


@pytest.mark.parametrize("kind", [gemma, recurrent, streams, mixed])
def test_any_stack_of_layers_can_be_listened_to(loaded: LoadedModel, kind: Any) -> None:
    """Gemma looks at the cache of a layer that is deeper than the one wanted."""
    odd = replace(loaded, model=kind())
    states = HiddenStates(odd)
    assert states.layers
    deep = max(2, states.depth)
    found = states.means(ROWS, (deep,))[deep]
    for row, mean in zip(ROWS, found, strict=True):
        assert np.allclose(states.means([row], (deep,))[deep][0], mean, atol=1e-4)


def test_means_that_take_in_the_padding_are_not_looked_at(
    loaded: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An attention layer of OLMo hybrid that is not known for one sees all tokens."""
    odd = replace(loaded, model=mixed())
    monkeypatch.setattr(hidden_states, "_DEPTHS", (1.0,))
    assert HiddenStates(odd).layers == (4,)

    class Named(hidden_states._Tap):
        __class__ = property(lambda tap: Named)

    monkeypatch.setattr(hidden_states, "_Tap", Named)
    assert HiddenStates(odd).layers == ()


def test_a_model_whose_layers_do_not_show_has_none_to_look_at(loaded: LoadedModel) -> None:
    class Hidden(nn.Module):
        def __init__(self) -> None:
            super().__init__()  # type: ignore[no-untyped-call]

        def __call__(self, tokens: Any, cache: Any = None) -> Any:
            return loaded.model(tokens, cache=cache)

        def make_cache(self) -> Any:
            return make_prompt_cache(loaded.model)

    assert HiddenStates(replace(loaded, model=Hidden())).layers == ()
