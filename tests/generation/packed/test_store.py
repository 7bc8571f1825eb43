"""The grid of slots and columns: what is written is found again, grown, moved or quantized."""

from __future__ import annotations

from dataclasses import replace

import mlx.core as mx
import numpy as np
import pytest

from workers.generation.packed.plan import AttentionGroup
from workers.generation.packed.store import GridStore, by_mlx

HEADS, DIM = 2, 64


def numbers(seed: int, slots: int, tokens: int, heads: int = HEADS) -> mx.array:
    return mx.random.normal((slots, heads, tokens, DIM), key=mx.random.key(seed))


def filled(store: GridStore, slots: int = 2, columns: int = 5) -> tuple[mx.array, mx.array]:
    keys, values = numbers(1, slots, columns), numbers(2, slots, columns)
    store.reserve(slots, columns + 3, (keys, values))
    store.write(0, keys, values)
    return keys, values


def test_what_is_written_lies_at_its_column() -> None:
    store = GridStore()
    keys, values = filled(store)
    assert store.shape == (2, 8)
    np.testing.assert_array_equal(np.array(store.keys[0][:, :, :5]), np.array(keys))
    np.testing.assert_array_equal(np.array(store.values[0][:, :, :5]), np.array(values))


def test_one_slot_is_written_alone() -> None:
    store = GridStore()
    keys, _ = filled(store)
    new = numbers(3, 1, 2)
    store.write(5, new, new, slot=1)
    np.testing.assert_array_equal(np.array(store.keys[0][1:, :, 5:7]), np.array(new))
    assert not np.array(store.keys[0][0, :, 5:7]).any()
    np.testing.assert_array_equal(np.array(store.keys[0][:, :, :5]), np.array(keys))


def test_growing_keeps_what_is_there() -> None:
    store = GridStore()
    keys, values = filled(store)
    before = store.nbytes
    store.reserve(4, 20, (keys, values))
    assert store.shape == (4, 20) and store.nbytes > before
    np.testing.assert_array_equal(np.array(store.keys[0][:2, :, :5]), np.array(keys))


def test_rebuilding_keeps_the_columns_that_were_named() -> None:
    store = GridStore()
    keys, _ = filled(store)
    kept = [(1, mx.array([0, 2, 4])), (0, mx.array([3]))]
    store.rebuild(kept, columns=9, longest=3)
    assert store.shape == (2, 9)
    np.testing.assert_array_equal(
        np.array(store.keys[0][0, :, :3]), np.array(keys[1])[:, [0, 2, 4]]
    )
    np.testing.assert_array_equal(np.array(store.keys[0][1, :, 2]), np.array(keys[0])[:, 3])


def group(columns: int, slots: int = 2) -> AttentionGroup:
    bias = mx.zeros((slots, 1, 1, columns))
    return AttentionGroup(0, slots, 1, 0, mx.array([0, 1]), bias)


def test_it_attends_by_the_function_it_was_given() -> None:
    def doubled(*args: object) -> mx.array:
        return 2 * by_mlx(*args)  # type: ignore[arg-type]

    queries = numbers(4, 2, 1, heads=4)
    outs = []
    for store in (GridStore(), GridStore(attention=doubled)):
        filled(store)
        outs.append(np.array(store.attend(queries, 0.1, group(5), 4)))
    np.testing.assert_allclose(2 * outs[0], outs[1], atol=1e-6)


@pytest.mark.parametrize(("bits", "off"), [(8, 0.02), (4, 0.3)])
def test_quantized_keys_and_values_are_near_the_exact_ones(bits: int, off: float) -> None:
    exact, near = GridStore(), GridStore(bits)
    queries = numbers(4, 2, 1, heads=4)
    filled(exact), filled(near)
    assert near.nbytes < exact.nbytes / 2
    found, wanted = (np.array(s.attend(queries, 0.1, group(5), 4)) for s in (near, exact))
    assert 0 < np.abs(found - wanted).max() < off


@pytest.mark.parametrize("bits", [None, 8])
def test_columns_that_were_let_go_change_nothing_for_the_others(bits: int | None) -> None:
    """Written before and after, and with a row of which some comes before the first column."""
    whole, cut = GridStore(bits), GridStore(bits)
    queries, new = numbers(4, 2, 1, heads=4), numbers(5, 1, 6)
    for store in (whole, cut):
        filled(store, columns=70)
    held = cut.nbytes
    cut.let_go(66)
    assert cut.shape == whole.shape and cut.nbytes < held / 6
    for store in (whole, cut):
        store.write(70, numbers(6, 2, 1), numbers(7, 2, 1))
        store.write(64, new, new, slot=1)
    seen = replace(group(3), first=68)
    found, wanted = (np.array(s.attend(queries, 0.1, seen, 70)) for s in (cut, whole))
    np.testing.assert_array_equal(found, wanted)
    kept = [(1, mx.arange(66, 70)), (0, mx.arange(67, 70))]
    whole.rebuild(kept, columns=12, longest=4, first=1)
    cut.rebuild(kept, columns=12, longest=4, first=1)
    assert cut.shape == whole.shape == (2, 12) and cut.keys[0].shape[2] == 11
    for ours, theirs in zip(cut.keys + cut.values, whole.keys + whole.values, strict=True):
        np.testing.assert_array_equal(np.array(ours), np.array(theirs))


def test_a_mask_in_float32_goes_with_half_precision() -> None:
    queries = mx.random.normal((1, 2, 3, 16)).astype(mx.float16)
    hidden = mx.array([[0.0, -float("inf"), -float("inf")]] * 3)[None, None]
    found = by_mlx(queries, queries, queries, 0.25, hidden)
    assert found.dtype == mx.float16
    np.testing.assert_array_equal(np.array(found[0, :, 1]), np.array(queries[0, :, 0]))
