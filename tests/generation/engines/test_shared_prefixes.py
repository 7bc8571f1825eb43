"""What prompts share is computed once, whatever kind of state it leaves, and never written to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import mlx.core as mx
import numpy as np
import pytest
from mlx.utils import tree_flatten

from tests.engine_tools import answers, assert_same, make_requests, plain
from tests.generation.models import convolutions, gemma
from workers.generation.engines.mlx_lm_engines import BatchEngine
from workers.generation.engines.shared_prefixes import SharedPrefixes
from workers.generation.model.load import LoadedModel, load
from workers.generation.tokens.prompts import EncodedPrompt


@pytest.fixture(
    scope="module", params=[None, gemma, convolutions], ids=["plain", "window", "state"]
)
def loaded(request: pytest.FixtureRequest, tiny_model: Path) -> LoadedModel:
    found = load(tiny_model)
    return found if request.param is None else replace(found, model=request.param())


def test_rows_that_go_on_from_it_answer_as_they_do_alone(loaded: LoadedModel) -> None:
    requests = make_requests(loaded)
    assert requests[0].prompt.shared >= 16, "or nothing would be shared"
    found = answers(engine := BatchEngine(loaded, len(requests)), requests)
    assert_same(loaded, requests, found, plain(loaded, requests))
    assert_same(loaded, requests, answers(engine, requests), found)  # it was only read


def test_it_is_computed_once_and_only_read(loaded: LoadedModel) -> None:
    prefixes, requests = SharedPrefixes(loaded.model, 1 << 30), make_requests(loaded)
    length, first = prefixes.of(requests[0].prompt)
    before = numbers(first)
    assert length == requests[0].prompt.shared and prefixes.nbytes > 0
    answers(BatchEngine(loaded, 4), requests)
    assert prefixes.of(requests[1].prompt) == (length, first)
    for then, now in zip(before, numbers(first), strict=True):
        np.testing.assert_array_equal(then, now)
    prefixes.clear()
    assert prefixes.nbytes == 0


def numbers(caches: Any) -> list[np.ndarray]:
    found: Any = tree_flatten([cache.state for cache in caches])
    return [np.array(x) for _, x in found if isinstance(x, mx.array)]


def test_what_is_short_or_the_whole_prompt_is_left_alone(loaded: LoadedModel) -> None:
    prefixes = SharedPrefixes(loaded.model, 1 << 30)
    assert prefixes.of(EncodedPrompt(tuple(range(40)), 8, 5)) == (0, None)
    assert prefixes.of(EncodedPrompt(tuple(range(40)), 40, 5)) == (0, None)


def test_the_oldest_go_above_the_limit(loaded: LoadedModel) -> None:
    one = SharedPrefixes(loaded.model, 1 << 30)
    one.of(EncodedPrompt(tuple(range(20)), 16, 5))
    prefixes = SharedPrefixes(loaded.model, 3 * one.nbytes)
    prompts = [EncodedPrompt(tuple(range(start, start + 20)), 16, 5) for start in range(6)]
    first = [prefixes.of(prompt)[1] for prompt in prompts]
    assert prefixes.nbytes == 3 * one.nbytes
    again = [prefixes.of(prompt)[1] for prompt in reversed(prompts)][::-1]
    same = [one is other for one, other in zip(first, again, strict=True)]
    assert same == [False] * 3 + [True] * 3
