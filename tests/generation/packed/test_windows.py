"""Windows let go of what nobody sees, and no answer changes by it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import mlx.core as mx
import numpy as np
import pytest

from tests.engine_tools import (
    CACHES,
    SCHEMA,
    ScriptedDrafter,
    answers,
    assert_same,
    make_requests,
    plain,
    row_caches,
    with_cache,
)
from tests.generation.models import gemma
from workers.generation.model.kernels import Kernels
from workers.generation.model.load import LoadedModel, load
from workers.generation.packed.kinds import FULL, LayerKind
from workers.generation.packed.plan import PrefillChunk, PrefilledKV
from workers.generation.packed.rows import CacheCheckpoint, CacheSlot, Decoding, RowCache
from workers.generation.packed.windows import BLOCK, HEADROOM, TAKEN_BACK, let_go, passed_by, reach
from workers.generation.speculative.decoder import SpeculativeDecoder

WINDOW, HEADS, DIM = 20, 1, 32
TEXT = "The server reads a request and writes a log, and waits for the next request. "


@pytest.fixture(scope="module", params=CACHES)
def loaded(tiny_model: Path, request: pytest.FixtureRequest) -> LoadedModel:
    return with_cache(replace(load(tiny_model), model=gemma()), request.param)


def test_whole_blocks_are_passed_by() -> None:
    assert [passed_by(at, None) for at in (0, 10**6)] == [0, 0]
    assert [passed_by(at, 20) for at in (10, 82, 83, 84, 147)] == [0, 0, 64, 64, 128]
    assert let_go(83 + TAKEN_BACK, 20) == 64 and let_go(82 + TAKEN_BACK, 20) == 0
    assert passed_by(63, 1) == 0 and passed_by(64, 1) == 64


@pytest.mark.parametrize("draft", [0, 4])
def test_answers_far_behind_a_window_are_those_of_one_by_one(
    loaded: LoadedModel, draft: int
) -> None:
    """Prompts of up to many windows in one batch, forked from one beginning, some under a schema;
    drafts are rejected at every place."""
    long = make_requests(loaded, [TEXT * 9, TEXT * 4, TEXT], None, 90)
    under = make_requests(loaded, [TEXT * 7, "A log."], SCHEMA, 60)
    requests = [long[0], *under, *long[1:]]
    assert max(len(r.prompt.tokens) for r in requests) > 300
    wanted = plain(loaded, requests)
    known = {r.prompt.tokens: answer for r, answer in zip(requests, wanted, strict=True)}
    drafter = ScriptedDrafter(known, draft, wrong=0.3) if draft else None
    assert_same(loaded, requests, answers(SpeculativeDecoder(loaded, drafter), requests), wanted)


class Mirror:
    """A cache with a layer that sees all and one with a window, and what it must hold."""

    def __init__(self, kind: str) -> None:
        self.cache: RowCache = Kernels(rows=row_caches(kind)).cache([FULL, LayerKind(WINDOW)])
        self.rows: list[tuple[CacheSlot, list[int]]] = []

    def insert(self, values: list[int], chunks: int) -> None:
        kv, start = PrefilledKV([None, None]), 0
        cuts = np.linspace(1, len(values), chunks, dtype=int).tolist()
        for stop in sorted({*cuts, len(values)}):
            self.cache.begin([], [PrefillChunk(kv, 0, stop - start)], list(range(start, stop)))
            self._taken_in(values[start:stop])
            mx.eval(kv.arrays)
            start = stop
        self.rows.append((self.cache.insert(kv), list(values)))

    def _taken_in(self, flat: Sequence[int]) -> None:
        numbers = mx.array(list(flat), dtype=mx.float32)[:, None, None, None]
        keys = mx.broadcast_to(numbers, (len(flat), HEADS, 1, DIM))
        for layer in self.cache.layers:
            layer.update_and_fetch(keys, -keys)
            mx.eval(layer.attend(mx.ones((len(flat), HEADS, 1, DIM)), keys, -keys, 0.1))

    def step(self, new: list[list[int]], kept: list[int]) -> None:
        rows = [Decoding(slot, len(n)) for (slot, _), n in zip(self.rows, new, strict=True)]
        positions = [row.slot.length + i for row in rows for i in range(row.count)]
        self.cache.begin(rows, [], positions)
        self._taken_in([token for tokens in new for token in tokens])
        self.cache.commit(rows, kept)
        for (_, row), tokens, count in zip(self.rows, new, kept, strict=True):
            row.extend(tokens[:count])

    def check(self) -> None:
        for slot, row in self.rows:
            full, last = self.cache.row(slot).layers
            assert full is not None and last is not None
            np.testing.assert_array_equal(np.array(full[0][0, 0, :, 0]), row)
            seen = row[-(WINDOW - 1) :]  # by the next token
            keys, values = (np.array(x[0, 0, -len(seen) :, 0]) for x in last)
            np.testing.assert_array_equal(keys, seen)
            np.testing.assert_array_equal(values, np.negative(seen))


@pytest.mark.parametrize("kind", CACHES)
@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_what_is_seen_is_held(kind: str, seed: int) -> None:
    random, mirror, value = np.random.default_rng(seed), Mirror(kind), iter(range(1, 10**6))
    for _ in range(120):
        if len(mirror.rows) < 2 or (len(mirror.rows) < 6 and random.random() < 0.1):
            length = int(random.integers(1, 400))
            mirror.insert([next(value) for _ in range(length)], int(random.integers(1, 5)))
        new = [[next(value) for _ in range(int(random.integers(1, 9)))] for _ in mirror.rows]
        mirror.step(new, [int(random.integers(1, len(tokens) + 1)) for tokens in new])
        if random.random() < 0.2:
            slot, row = mirror.rows[int(random.integers(len(mirror.rows)))]
            back = int(random.integers(1, 4)) if len(row) > 4 else 0
            mirror.cache.rewind(slot, CacheCheckpoint(slot.length - back))
            del row[len(row) - back :]
        if random.random() < 0.1:
            slot, _ = mirror.rows.pop(int(random.integers(len(mirror.rows))))
            mirror.cache.release(slot)
        mirror.check()


@pytest.mark.parametrize("kind", CACHES)
def test_a_long_row_holds_little_and_can_not_go_far_back(kind: str) -> None:
    mirror = Mirror(kind)
    mirror.insert(list(range(1, 401)), 3)
    for value in range(401, 700):
        mirror.step([[value]], [1])
    [(slot, _)] = mirror.rows
    last: tuple[mx.array, mx.array] = mirror.cache.row(slot).layers[1]  # type: ignore[assignment]
    assert last[0].shape[2] <= reach(WINDOW) + BLOCK + 2 * HEADROOM
    assert mirror.cache.nbytes < 1.6 * 2 * 4 * HEADS * DIM * 700
    mirror.cache.rewind(slot, CacheCheckpoint(slot.length - TAKEN_BACK // 2))
    with pytest.raises(ValueError, match="back"):
        mirror.cache.rewind(slot, CacheCheckpoint(100))
