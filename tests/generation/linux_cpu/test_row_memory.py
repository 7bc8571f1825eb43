"""A row's own memory: shapes, growth that keeps what is there, and addresses that are its own."""

from __future__ import annotations

from typing import Any

import mlx.core as mx
import numpy as np

from workers.generation.linux_cpu.row_memory import SequenceKV, rounded, rows_of
from workers.generation.packed.plan import PrefilledKV


def memory(tokens: int = 3, window: int | None = None) -> SequenceKV:
    """Two layers: 2 heads of 8 and of 8, and 1 head of 40 for keys and 33 for values."""
    layers: list[Any] = [
        (mx.zeros((1, 2, tokens, 8)), mx.zeros((1, 2, tokens, 8))),
        (mx.zeros((1, 1, tokens, 40)), mx.zeros((1, 1, tokens, 33))),
    ]
    return SequenceKV(PrefilledKV(layers), [None, window])


def test_head_dimensions_are_padded_to_what_both_need() -> None:
    one = memory()
    assert one.sizes == [(8, 8), (40, 33)]
    assert [x.shape for x in one.keys] == [(2, 32, 96), (1, 64, 96)]
    assert [x.shape for x in one.values] == [(2, 96, 32), (1, 96, 64)]
    assert one.nbytes == 4 * 2 * (2 * 32 * 96 + 64 * 96)
    assert [rounded(n) for n in (0, 1, 32, 33)] == [0, 32, 32, 64]


def test_growing_keeps_what_is_held_and_names_the_new_addresses() -> None:
    one = memory()
    for array in (*one.keys, *one.values):
        array[:] = 7.0
    before = one.pointers.copy()
    one.reserve(96, 90)
    assert one.capacities.tolist() == [96, 96] and (one.pointers == before).all()
    one.reserve(97, 96)
    assert (one.capacities >= 97 + 64).all() and not (one.capacities % 32).any()
    assert (one.keys[0][:, :, :96] == 7.0).all() and (one.values[1][:, :96] == 7.0).all()
    assert one.pointers.tolist() == [
        [x.ctypes.data for x in arrays] for arrays in (one.keys, one.values)
    ]


def test_the_c_code_is_told_where_each_row_begins() -> None:
    first, second = memory(), memory(40)
    told = rows_of([(first, 5, 2), (second, 0, 3)])
    assert told.shape == (2, 2)
    for layer in range(2):
        assert told["first"][layer].tolist() == [0, 2]
        assert told["count"][layer].tolist() == [2, 3]
        assert told["before"][layer].tolist() == [5, 0]
        assert told["room"][layer].tolist() == [96, 128]
        assert told["keys"][layer].tolist() == [m.keys[layer].ctypes.data for m in (first, second)]
    assert np.array_equal(told["values"][1], [m.values[1].ctypes.data for m in (first, second)])


def test_a_window_lets_go_of_whole_blocks_before_it_grows() -> None:
    one = memory(300, window=20)
    assert one.gone.tolist() == [0, 192] and one.capacities.tolist() == [384, 192]
    one.keys[1][:] = np.arange(192, 384, dtype=np.float32)
    one.values[1][:] = np.arange(192, 384, dtype=np.float32)[:, None]
    one.reserve(385, 384)
    assert one.gone.tolist() == [0, 320] and one.capacities[1] == 192 and one.capacities[0] > 384
    assert one.keys[1][0, 0, :64].tolist() == one.values[1][0, :64, 0].tolist()
    assert one.keys[1][0, 0, :64].tolist() == list(range(320, 384))
    told = rows_of([(one, 384, 1)])
    assert told["before"][:, 0].tolist() == [384, 64]
