"""Both kinds of cache: what is valid stays in order, whatever is taken back, moved or grown."""

from __future__ import annotations

import mlx.core as mx
import numpy as np
import pytest

from tests.engine_tools import CACHES, row_caches
from workers.generation.model.kernels import Kernels
from workers.generation.packed.cache import PackedCache
from workers.generation.packed.kinds import FULL
from workers.generation.packed.plan import PrefilledKV
from workers.generation.packed.rows import CacheCheckpoint, CacheSlot, Decoding

HEADS, DIM = 1, 64


def kv_of(values: list[int]) -> PrefilledKV:
    """Keys and values that carry one number per token, so that order shows."""
    array = mx.array(values, dtype=mx.float32)[None, None, :, None]
    full = mx.broadcast_to(array, (1, HEADS, len(values), DIM))
    return PrefilledKV([(mx.contiguous(full), mx.contiguous(-full))])


class Mirror:
    """The cache beside plain lists that say what it must hold."""

    def __init__(self, kind: str = "packed") -> None:
        self.cache = Kernels(rows=row_caches(kind)).cache([FULL])
        self.rows: list[tuple[CacheSlot, list[int]]] = []

    def insert(self, values: list[int]) -> None:
        self.rows.append((self.cache.insert(kv_of(values)), list(values)))

    def step(self, new: list[list[int]], kept: list[int]) -> None:
        widths = [
            Decoding(slot, len(tokens)) for (slot, _), tokens in zip(self.rows, new, strict=True)
        ]
        flat = [token for tokens in new for token in tokens]
        self.cache.begin(widths, [], list(range(len(flat))))
        layer = self.cache.layers[0]
        numbers = mx.array(flat, dtype=mx.float32)[:, None, None, None]
        keys = mx.broadcast_to(numbers, (len(flat), HEADS, 1, DIM))
        layer.update_and_fetch(keys, -keys)
        mx.eval(layer.attend(mx.ones((len(flat), HEADS, 1, DIM)), keys, -keys, 0.1))
        self.cache.commit(widths, kept)
        for (_, row), tokens, count in zip(self.rows, new, kept, strict=True):
            row.extend(tokens[:count])

    def check(self) -> None:
        for slot, row in self.rows:
            [pair] = self.cache.row(slot).layers
            assert pair is not None
            assert slot.length == len(row)
            np.testing.assert_array_equal(np.array(pair[0][0, 0, :, 0]), row)
            np.testing.assert_array_equal(np.array(pair[1][0, 0, :, 0]), [-v for v in row])


@pytest.mark.parametrize("kind", CACHES)
@pytest.mark.parametrize("seed", range(6))
def test_anything_may_happen_to_rows(seed: int, kind: str) -> None:
    random, mirror, next_value = np.random.default_rng(seed), Mirror(kind), iter(range(1, 10**6))
    for _ in range(150):
        if len(mirror.rows) < 2 or (len(mirror.rows) < 7 and random.random() < 0.1):
            mirror.insert([next(next_value) for _ in range(int(random.integers(1, 90)))])
        new = [[next(next_value) for _ in range(int(random.integers(1, 6)))] for _ in mirror.rows]
        mirror.step(new, [int(random.integers(1, len(tokens) + 1)) for tokens in new])
        if random.random() < 0.1:
            slot, row = mirror.rows[0]
            mirror.cache.rewind(slot, CacheCheckpoint(slot.length - 1))
            row.pop()
        if random.random() < 0.08:
            slot, _ = mirror.rows.pop(int(random.integers(len(mirror.rows))))
            mirror.cache.release(slot)
        mirror.check()
    if isinstance(mirror.cache, PackedCache):
        assert mirror.cache.moves > 0


@pytest.mark.parametrize("kind", CACHES)
def test_memory_is_given_back(kind: str) -> None:
    mirror = Mirror(kind)
    for _ in range(5):
        mirror.insert(list(range(40)))
    held = mirror.cache.nbytes
    for _ in range(20):
        mirror.step([[1, 2, 3]] * 5, [3] * 5)
        mirror.check()
    for slot, _ in mirror.rows:
        mirror.cache.release(slot)
    mirror.rows.clear()
    assert mirror.cache.nbytes == 0
    mirror.insert(list(range(40)))
    mirror.step([[1]], [1])
    assert mirror.cache.nbytes < held


def test_columns_do_not_grow_without_end() -> None:
    mirror, next_value = Mirror(), iter(range(1, 10**6))
    for _ in range(60):
        mirror.insert([next(next_value) for _ in range(30)])
        for _ in range(20):
            mirror.step([[next(next_value) for _ in range(4)] for _ in mirror.rows], [1])
        slot, _ = mirror.rows.pop()
        mirror.cache.release(slot)
    assert isinstance(mirror.cache, PackedCache)
    assert mirror.cache.layers[0].store.shape[1] < 400


def test_slots_of_rows_that_left_are_taken_again() -> None:
    mirror = Mirror()
    for value in range(1, 9):
        mirror.insert([value])
    for slot, _ in mirror.rows[:7]:
        mirror.cache.release(slot)
    del mirror.rows[:7]
    mirror.step([[100]], [1])
    mirror.check()
    assert isinstance(mirror.cache, PackedCache)
    assert mirror.cache.layers[0].store.shape[0] == 1, "idle slots cost time in every pass"
