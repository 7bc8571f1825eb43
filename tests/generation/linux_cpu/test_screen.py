"""A head that looks at few tokens finds the token that all logits have, to the last digit."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import mlx.core as mx
import numpy as np
import pytest

from tests.engine_tools import SCHEMA, ScriptedDrafter, answers, make_requests
from workers.core.cache import cache_dir
from workers.generation import linux_cpu
from workers.generation.linux_cpu import screen
from workers.generation.linux_cpu.screen import (
    LEAST,
    ScreenedHead,
    ScreenLibrary,
    screened_head,
)
from workers.generation.model.load import LoadedModel, load
from workers.generation.speculative.decoder import SpeculativeDecoder
from workers.generation.tokens.sampling import Sampling, likeliest

_blas = linux_cpu.prepare()
_library = screen.load(cache_dir() / "compiled", _blas is not None and _blas.threads)
pytestmark = pytest.mark.skipif(
    _library is None or mx.default_device() != mx.cpu,
    reason="no compiler on this machine, or no need of one",
)


@pytest.fixture
def library() -> ScreenLibrary:
    assert _library is not None
    return _library


def numbers(*shape: int, odd: float = 1.0) -> np.ndarray:
    """Random ones; every second row is nearly the one before, and some numbers are `odd`."""
    rng = np.random.default_rng(sum(shape))
    made = rng.standard_normal(shape).astype(np.float32)
    made[1::2] = made[: len(made) // 2 * 2 : 2] + rng.standard_normal(shape[1]) * 1e-4
    made[::3, 0] *= odd
    return made


@pytest.mark.parametrize(
    ("tokens", "size", "places"), [(1000, 64, 1), (1003, 65, 3), (611, 640, 17), (5, 33, 40)]
)
@pytest.mark.parametrize("odd", [1.0, 1e3])
def test_the_token_is_that_of_all_logits(
    library: ScreenLibrary, tokens: int, size: int, places: int, odd: float
) -> None:
    weights, states = numbers(tokens, size, odd=odd), numbers(places, size, odd=odd)
    allowed = np.random.default_rng(1).random(tokens) < 0.3
    head = ScreenedHead(mx.array(weights), library)
    exact = states.astype(np.float64) @ weights.T.astype(np.float64)
    for found, wanted in zip(head.scores(states), exact, strict=True):
        logits = found.all()
        assert np.abs(logits - wanted).max() <= 1e-6 * np.abs(exact).max()
        assert (found.bounds >= logits).all()
        assert found.best() == logits.argmax()
        assert found.best(allowed) == likeliest(logits, allowed)


def test_few_tokens_are_looked_at(library: ScreenLibrary, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    weights = rng.standard_normal((4000, 512)).astype(np.float32)
    head, asked = ScreenedHead(mx.array(weights), library), list[int]()
    products = head.products

    def counted(state: np.ndarray, tokens: np.ndarray) -> np.ndarray:
        asked.append(len(tokens))
        return products(state, tokens)

    monkeypatch.setattr(head, "products", counted)
    [found] = head.scores(rng.standard_normal((1, 512)))
    assert found.best() == (weights @ found.state).argmax()
    assert sum(asked) < 100
    assert head.nbytes < 0.3 * weights.nbytes


def test_of_equal_tokens_it_is_the_first(library: ScreenLibrary) -> None:
    weights = np.repeat(numbers(20, 48), 5, axis=0)
    head = ScreenedHead(mx.array(weights), library)
    assert all(found.best() % 5 == 0 for found in head.scores(numbers(9, 48)))
    assert [found.best() for found in head.scores(np.zeros((2, 48)))] == [0, 0]


def test_a_state_that_is_no_number_is_as_with_all_logits(library: ScreenLibrary) -> None:
    weights, states = numbers(100, 48), numbers(3, 48)
    states[1, 5] = np.nan
    found = ScreenedHead(mx.array(weights), library).scores(states)
    assert [one.best() for one in found] == [one.all().argmax() for one in found]


def test_the_digits_are_those_of_our_own_product(library: ScreenLibrary) -> None:
    if _blas is None or _blas.products is None:
        pytest.skip("no fast BLAS here")
    weights, states = numbers(300, 700), numbers(5, 700)
    with _blas.products.taking(1, 512):
        product = np.array(mx.array(states) @ mx.array(weights).T)
    found = ScreenedHead(mx.array(weights), library).scores(states)
    np.testing.assert_array_equal([one.all() for one in found], product)


def test_small_heads_are_left_alone(library: ScreenLibrary) -> None:
    assert screened_head(mx.zeros((LEAST // 64 - 1, 64)), library) is None
    assert screened_head(mx.zeros((LEAST // 64, 64)), library) is not None


@pytest.fixture(scope="module")
def loaded(tiny_model: Path) -> LoadedModel:
    return load(tiny_model)


@pytest.mark.parametrize(
    "asked",
    [{}, {"schema": SCHEMA, "max_tokens": 60}, {"sampling": Sampling(0.8, 0.9, 3)}],
    ids=["free", "schema", "sampled"],
)
def test_answers_are_the_same_with_it(
    loaded: LoadedModel, library: ScreenLibrary, asked: dict[str, Any]
) -> None:
    requests = make_requests(loaded, **asked)
    wanted = answers(SpeculativeDecoder(loaded), requests)
    kernels = replace(loaded.kernels, head=partial(ScreenedHead, library=library))
    screened = replace(loaded, kernels=kernels)
    assert isinstance(screened.head, ScreenedHead)
    known = {r.prompt.tokens: a for r, a in zip(requests, wanted, strict=True)}
    for drafter in (None, ScriptedDrafter(known, 4, wrong=0.3)):
        assert answers(SpeculativeDecoder(screened, drafter), requests) == wanted
