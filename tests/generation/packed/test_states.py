"""States of many rows: after any acceptance they are those of the tokens that count."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import mlx.core as mx
import mlx.nn as nn
import numpy as np
import pytest
from mlx_lm.models.cache import make_prompt_cache

from tests.engine_tools import CACHES, with_cache
from tests.generation.models import convolutions, delta, recurrent
from workers.generation.model.load import LoadedModel, load
from workers.generation.packed.forward import Forward
from workers.generation.packed.plan import PrefillChunk, PrefilledKV, State
from workers.generation.packed.rows import CacheSlot, Decoding, RowCache
from workers.generation.packed.states import StateBlock, StateLayer


@pytest.fixture(scope="module", params=[convolutions, delta, recurrent])
def loaded(request: pytest.FixtureRequest, tiny_model: Path) -> LoadedModel:
    kind: Callable[[], nn.Module] = request.param
    return replace(load(tiny_model), model=kind())


def states_after(loaded: LoadedModel, tokens: list[int]) -> list[np.ndarray]:
    """By mlx-lm, one row alone."""
    caches: Any = make_prompt_cache(loaded.model)
    mx.eval(loaded.model(mx.array(tokens)[None], cache=caches))
    return [np.array(part) for cache in caches for part in getattr(cache, "cache", ())]


def states_of(cache: RowCache, slot: CacheSlot) -> list[np.ndarray]:
    kept = cache.row(slot).layers
    return [np.array(part) for one in kept if isinstance(one, State) for part in one]


def prefilled(loaded: LoadedModel, cache: RowCache, tokens: list[int], cut: int) -> CacheSlot:
    kv = PrefilledKV([None] * len(cache.layers))
    for start, stop in ((0, cut), (cut, len(tokens))):
        cache.begin([], [PrefillChunk(kv, 0, stop - start)], list(range(start, stop)))
        Forward(loaded.parts).logits(tokens[start:stop], cache, [0])
    return cache.insert(kv)


@pytest.mark.parametrize("kind", CACHES)
def test_what_was_rejected_leaves_no_trace(loaded: LoadedModel, kind: str) -> None:
    model, random = with_cache(loaded, kind), np.random.default_rng(5)
    cache, forward = model.new_cache(), Forward(model.parts)
    known = [list(map(int, random.integers(0, 512, n))) for n in (9, 14, 6)]
    slots = [prefilled(model, cache, tokens, 5) for tokens in known]
    for _ in range(6):
        counts = random.integers(1, 6, len(slots)).tolist()
        kept = [int(random.integers(1, count + 1)) for count in counts]
        new = [list(map(int, random.integers(0, 512, count))) for count in counts]
        rows = [Decoding(slot, count) for slot, count in zip(slots, counts, strict=True)]
        positions = [row.slot.length + i for row in rows for i in range(row.count)]
        cache.begin(rows, [], positions)
        forward.logits([token for tokens in new for token in tokens], cache, [0])
        cache.commit(rows, kept)
        for tokens, more, count in zip(known, new, kept, strict=True):
            tokens += more[:count]
    for slot, tokens in zip(slots, known, strict=True):
        for found, wanted in zip(states_of(cache, slot), states_after(loaded, tokens), strict=True):
            np.testing.assert_allclose(found, wanted, atol=1e-4)


def test_a_row_that_left_takes_its_states_along(loaded: LoadedModel) -> None:
    cache = loaded.new_cache()
    slot = prefilled(loaded, cache, [1, 2, 3, 4], 2)
    other = prefilled(loaded, cache, [5, 6, 7], 2)
    held = cache.nbytes
    cache.release(slot)
    assert cache.nbytes < held
    np.testing.assert_allclose(
        states_of(cache, other)[0], states_after(loaded, [5, 6, 7])[0], atol=1e-4
    )


@pytest.mark.parametrize("kind", CACHES)
def test_a_row_goes_back_to_any_of_its_marks(loaded: LoadedModel, kind: str) -> None:
    model = with_cache(loaded, kind)
    cache, forward, known = model.new_cache(), Forward(model.parts), [1, 2, 3, 4, 5]
    slot, other = (prefilled(model, cache, tokens, 2) for tokens in (known, [6, 7, 8]))
    marks = [cache.mark(slot)]
    for token in (9, 10, 11):
        rows = [Decoding(slot, 1), Decoding(other, 1)]
        cache.begin(rows, [], [slot.length, other.length])
        forward.logits([token, 12], cache, [0])
        cache.commit(rows, [1, 1])
        marks.append(cache.mark(slot))
    for count in (2, 0):
        cache.rewind(slot, marks[count])
        wanted = states_after(loaded, [*known, *(9, 10, 11)[:count]])
        assert slot.length == len(known) + count
        for found, theirs in zip(states_of(cache, slot), wanted, strict=True):
            np.testing.assert_allclose(found, theirs, atol=1e-4)


def test_a_prefix_that_is_forked_stays_as_it_was(loaded: LoadedModel) -> None:
    cache, forward = loaded.new_cache(), Forward(loaded.parts)
    prefix = PrefilledKV([None] * len(cache.layers))
    cache.begin([], [PrefillChunk(prefix, 0, 4)], list(range(4)))
    forward.logits([1, 2, 3, 4], cache, [0])
    before = [np.array(x) for x in prefix.arrays]
    fork = prefix.fork()
    cache.begin([], [PrefillChunk(fork, 0, 3)], [4, 5, 6])
    forward.logits([5, 6, 7], cache, [0])
    for then, now in zip(before, prefix.arrays, strict=True):
        np.testing.assert_array_equal(then, np.array(now))


def test_a_layer_that_hands_on_more_is_not_run_in_rows() -> None:
    layer = StateLayer(0, 1)
    layer.begin([], [PrefillChunk(PrefilledKV([None]), 0, 2)])
    block = StateBlock(lambda x, cache: (x, x))
    with pytest.raises(TypeError, match="more than its states"):
        block(mx.zeros((2, 1, 4)), cache=layer)
