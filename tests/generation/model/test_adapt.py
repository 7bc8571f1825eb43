"""A twin calls other functions, shares every array, and leaves the model and mlx-lm alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import mlx.core as mx
import mlx.nn as nn
import numpy as np
import pytest
from mlx.utils import tree_flatten
from mlx_lm.models import activations, base, llama

from workers.generation.model.adapt import twin
from workers.generation.model.load import LoadedModel, load

TOKENS = mx.array([[5, 6, 7, 8]])


@pytest.fixture(scope="module")
def loaded(tiny_model: Path) -> LoadedModel:
    return load(tiny_model, accelerate=False)


def counting(calls: list[str], name: str) -> Callable[[Any], Any]:
    def replace(theirs: Any) -> Any:
        def ours(*args: Any, **more: Any) -> Any:
            calls.append(name)
            return theirs(*args, **more)

        return ours

    return replace


def both(calls: list[str]) -> dict[str, Callable[[Any], Any]]:
    return {n: counting(calls, n) for n in ("scaled_dot_product_attention", "swiglu")}


def test_every_layer_calls_the_replacements_and_gives_the_same(loaded: LoadedModel) -> None:
    calls: list[str] = []
    other = twin(loaded.model, both(calls))
    np.testing.assert_array_equal(np.array(other(TOKENS)), np.array(loaded.model(TOKENS)))
    assert calls == ["scaled_dot_product_attention", "swiglu"] * len(loaded.model.layers)


def test_the_model_and_mlx_lm_are_left_alone(loaded: LoadedModel) -> None:
    calls: list[str] = []
    twin(loaded.model, both(calls))
    loaded.model(TOKENS)
    assert calls == []
    names = vars(llama)
    assert names["scaled_dot_product_attention"] is base.scaled_dot_product_attention
    assert names["swiglu"] is activations.swiglu
    assert all(type(layer) is llama.TransformerBlock for layer in loaded.model.layers)


def test_twins_do_not_know_each_other(loaded: LoadedModel) -> None:
    first: list[str] = []
    second: list[str] = []
    one, other = twin(loaded.model, both(first)), twin(loaded.model, both(second))
    one(TOKENS)
    assert first and not second
    other(TOKENS)
    assert len(first) == len(second)


def test_no_weight_is_copied(loaded: LoadedModel) -> None:
    def arrays(model: nn.Module) -> list[int]:
        found: Any = tree_flatten(model.parameters())
        return [id(array) for _, array in found]

    assert arrays(twin(loaded.model, both([]))) == arrays(loaded.model)


def test_a_change_of_the_twin_stays_there(loaded: LoadedModel) -> None:
    other = twin(loaded.model, both([]))
    whole = len(loaded.model.layers)
    other["model"]["layers"].pop()
    assert len(loaded.model.layers) == whole


class Sum(nn.Module):
    def __call__(self, x: int) -> int:
        return helper(x) + self.more(x)

    def more(self, x: int, *, plus: int = 5) -> int:
        return number() + plus


class Derived(Sum):
    more = staticmethod(lambda x: 100)  # type: ignore[assignment]


def made(kind: Any) -> Any:
    return kind()


class Shared(nn.Module):
    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.one = made(Sum)
        self.parts = {"again": self.one, "others": [made(Derived), (made(Sum),)]}


def number() -> int:
    return 1


def helper(x: int) -> int:
    return number() * x


MANY = {"number": lambda theirs: lambda: 10 * theirs()}


def test_helpers_and_other_methods_find_the_replacement() -> None:
    assert (made(Sum)(3), twin(made(Sum), MANY)(3)) == (3 + 6, 30 + 15)


def test_what_a_class_overrides_stays_overridden() -> None:
    assert (made(Derived)(3), twin(made(Derived), MANY)(3)) == (103, 130)


def test_a_shared_module_stays_one_and_containers_are_gone_through() -> None:
    other: Any = twin(made(Shared), MANY)
    assert other.parts["again"] is other.one
    assert other.parts["others"][0](3) == 130 and other.parts["others"][1][0](3) == 45


def test_without_such_a_name_classes_stay(loaded: LoadedModel) -> None:
    assert type(twin(loaded.model, {"nobody_calls_this": lambda theirs: theirs})) is llama.Model
