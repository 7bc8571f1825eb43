"""A row's own memory: shapes, growth that keeps what is there, and addresses that are its own."""

from __future__ import annotations

from typing import Any

import mlx.core as mx
import numpy as np

from workers.generation.linux_cpu.row_memory import Memory, rounded, rows_of
from workers.generation.packed.plan import Staged


def memory(room: int = 32) -> Memory:
    """Two layers: 2 heads of 8 and of 8, and 1 head of 40 for keys and 33 for values."""
    layers: list[Any] = [
        (mx.zeros((1, 2, 3, 8)), mx.zeros((1, 2, 3, 8))),
        (mx.zeros((1, 1, 3, 40)), mx.zeros((1, 1, 3, 33))),
    ]
    return Memory(Staged(layers), room)


def test_head_dimensions_are_padded_to_what_both_need() -> None:
    one = memory()
    assert one.sizes == [(8, 8), (40, 33)]
    assert [x.shape for x in one.keys] == [(2, 32, 32), (1, 64, 32)]
    assert [x.shape for x in one.values] == [(2, 32, 32), (1, 32, 64)]
    assert one.nbytes == 4 * 2 * (2 * 32 * 32 + 64 * 32)
    assert [rounded(n) for n in (0, 1, 32, 33)] == [0, 32, 32, 64]


def test_growing_keeps_what_is_held_and_names_the_new_addresses() -> None:
    one = memory()
    for array in (*one.keys, *one.values):
        array[:] = 7.0
    before = one.pointers.copy()
    one.make_room(32)
    assert one.room == 32 and (one.pointers == before).all()
    one.make_room(33)
    assert one.room >= 33 + 64 and one.room % 32 == 0
    assert (one.keys[0][:, :, :32] == 7.0).all() and (one.values[1][:, :32] == 7.0).all()
    assert one.pointers.tolist() == [
        [x.ctypes.data for x in arrays] for arrays in (one.keys, one.values)
    ]


def test_the_c_code_is_told_where_each_row_begins() -> None:
    first, second = memory(), memory(64)
    told = rows_of([(first, 5, 2), (second, 0, 3)])
    assert told.shape == (2, 2)
    for layer in range(2):
        assert told["first"][layer].tolist() == [0, 2]
        assert told["count"][layer].tolist() == [2, 3]
        assert told["before"][layer].tolist() == [5, 0]
        assert told["room"][layer].tolist() == [32, 64]
        assert told["keys"][layer].tolist() == [m.keys[layer].ctypes.data for m in (first, second)]
    assert np.array_equal(told["values"][1], [m.values[1].ctypes.data for m in (first, second)])
