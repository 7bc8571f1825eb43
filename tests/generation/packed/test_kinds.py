"""What a layer keeps is read from the model's own caches and calls, or refused by its number."""

from __future__ import annotations

from pathlib import Path

import mlx.nn as nn
import pytest

from tests.generation.models import (
    convolutions,
    gemma,
    latent,
    recurrent,
    sinks,
    soft_capped,
    streams,
    twofold,
)
from workers.generation.model.kernels import PLAIN
from workers.generation.model.load import load
from workers.generation.packed.kinds import FULL, LayerKind, NotPackableError, layer_kinds


def kinds(model: nn.Module) -> tuple[LayerKind, ...]:
    return layer_kinds(PLAIN.applied(model))


def test_a_plain_model_keeps_everything(tiny_model: Path) -> None:
    assert load(tiny_model).layer_kinds == (FULL, FULL, FULL)


def test_windows_are_those_of_the_caches() -> None:
    assert [kind.window for kind in kinds(gemma())] == [16, 16, None] * 2
    assert [kind.window for kind in kinds(sinks())] == [16, None] * 2


def test_a_latent_layer_is_told_by_its_call() -> None:
    assert kinds(latent()) == (LayerKind(latent=True),) * 3


def test_layers_without_a_cache_borrow_from_those_that_have_one() -> None:
    found = kinds(streams())
    assert len(found) == 2 and all(kind.lends for kind in found)


def test_recurrent_layers_are_told_by_their_states() -> None:
    assert [kind.states for kind in kinds(convolutions())] == [1, 0, 1]
    assert [kind.states for kind in kinds(recurrent())] == [2, 2]


def test_what_keeps_anything_else_is_refused_by_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    model = gemma()
    cache = model.make_cache()
    cache[3].keep = 4
    monkeypatch.setattr(type(model), "make_cache", lambda _: cache)
    with pytest.raises(NotPackableError, match="layer 3 keeps a RotatingKVCache: a sliding window"):
        kinds(model)


def test_a_layer_with_two_caches_counts_twice() -> None:
    assert kinds(twofold()) == (LayerKind(latent=True),) * 4


def test_attention_of_the_models_own_is_refused() -> None:
    with pytest.raises(NotPackableError, match=r"layer 0 of .*gemma2 attends with a function"):
        kinds(soft_capped())
