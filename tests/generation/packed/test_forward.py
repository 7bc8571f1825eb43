"""A pass over flat tokens gives the model's own logits, for the places that were asked for."""

from __future__ import annotations

from pathlib import Path

import mlx.core as mx
import numpy as np
import pytest

from tests.engine_tools import CACHES, with_cache
from workers.generation.model.load import load
from workers.generation.packed.forward import Forward
from workers.generation.packed.heads import plain_head
from workers.generation.packed.plan import PrefillChunk, PrefilledKV
from workers.generation.packed.rows import Decoding, RowCache
from workers.generation.tokens.logits import KnownLogits

FIRST, SECOND = [5, 6, 7, 8, 9], [10, 11, 12]


@pytest.mark.parametrize("kind", CACHES)
def test_two_prompts_in_one_pass_and_the_tokens_after(tiny_model: Path, kind: str) -> None:
    loaded = with_cache(load(tiny_model), kind)
    layers = len(loaded.model.layers)
    cache, forward = loaded.new_cache(), Forward(loaded.parts)
    prompts = [PrefilledKV([None] * layers), PrefilledKV([None] * layers)]
    chunks = [PrefillChunk(prompts[0], 0, 5), PrefillChunk(prompts[1], 5, 8)]
    cache.begin([], chunks, [*range(5), *range(3)])
    logits = forward.logits([*FIRST, *SECOND], cache, [7, 4])
    assert logits.dtype == mx.float32
    for found, tokens in zip(logits, (SECOND, FIRST), strict=True):
        wanted = loaded.model(mx.array([tokens]))[0, -1]
        np.testing.assert_allclose(np.array(found), np.array(wanted), atol=1e-3)
    rows = [Decoding(cache.insert(prompt), 2) for prompt in prompts]
    cache.begin(rows, [], [5, 6, 3, 4])
    scores = forward.scores([20, 21, 22, 23], cache, range(4))
    every = np.array([one.all() for one in scores])
    assert [one.best() for one in scores] == every.argmax(axis=1).tolist()
    for at, tokens in ((0, [*FIRST, 20, 21]), (2, [*SECOND, 22, 23])):
        wanted = loaded.model(mx.array([tokens]))[0, -2:]
        np.testing.assert_allclose(every[at : at + 2], np.array(wanted), atol=1e-3)


class _HeadOnPaper:
    """Notes the states that it is given."""

    def __init__(self) -> None:
        self.states: list[np.ndarray] = []

    def scores(self, states: np.ndarray) -> list[KnownLogits]:
        self.states.append(states.copy())
        return [KnownLogits(np.zeros(4))] * len(states)


def test_whoever_wants_the_states_gets_them_with_either_head(tiny_model: Path) -> None:
    loaded, head = load(tiny_model), _HeadOnPaper()
    found: dict[bool, list[mx.array]] = {True: [], False: []}
    for whole, states in found.items():
        cache, kv = loaded.new_cache(), PrefilledKV([None] * len(loaded.model.layers))
        cache.begin([], [PrefillChunk(kv, 0, 5)], [*range(5)])
        Forward(loaded.parts, head).scores(FIRST, cache, [4, 2], whole=whole, states=states)
    np.testing.assert_array_equal(np.array(found[False]), head.states[0])
    np.testing.assert_allclose(np.array(found[True]), head.states[0], atol=1e-5)


def test_a_head_gets_what_the_models_own_would_get(tiny_model: Path) -> None:
    loaded, head = load(tiny_model), _HeadOnPaper()
    weights = plain_head(loaded.parts)
    assert weights is not None
    forward = Forward(loaded.parts, head)

    def began() -> RowCache:
        cache = loaded.new_cache()
        prompt = PrefilledKV([None] * len(loaded.model.layers))
        cache.begin([], [PrefillChunk(prompt, 0, 5)], [*range(5)])
        return cache

    assert len(forward.scores(FIRST, began(), [4, 2])) == 2
    wanted = np.array(Forward(loaded.parts).logits(FIRST, began(), [4, 2]))
    np.testing.assert_allclose(head.states[0] @ np.array(weights).T, wanted, atol=1e-4)
    whole = forward.scores(FIRST, began(), [4, 2], whole=True)
    np.testing.assert_allclose([one.all() for one in whole], wanted, atol=1e-4)
    assert forward.scores(FIRST, began(), []) == [] and len(head.states) == 1
