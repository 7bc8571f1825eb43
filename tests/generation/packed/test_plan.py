"""Prompts on their way into the cache: their heads, and the same tokens over and over."""

from __future__ import annotations

import mlx.core as mx
import numpy as np

from workers.generation.packed.plan import PrefillChunk, PrefilledKV, State, note_lengths


def kv_of(tokens: int) -> PrefilledKV:
    one = mx.arange(tokens, dtype=mx.float32)[None, None, :, None] + mx.zeros((1, 2, tokens, 4))
    return PrefilledKV([(one, 2 * one), None])


def test_a_head_is_arrays_of_its_own() -> None:
    whole = kv_of(6)
    head = whole.head(2)
    assert head.layers[1] is None and head.layers[0] is not None
    np.testing.assert_array_equal(np.array(head.layers[0][1][0, 0, :, 0]), [0, 2])
    assert head.nbytes * 3 == whole.nbytes


def test_a_kept_state_holds_nothing_of_the_part_that_it_is_the_end_of() -> None:
    """A kept prefix counts as a few kilobytes; as a view it would hold megabytes for ever."""
    before = mx.get_active_memory()
    part = mx.zeros((1, 1000, 1000))
    mx.eval(part)
    head = PrefilledKV([State((part[:, -1:],))], 1000).head(1000)
    mx.eval(head.arrays)
    del part
    assert mx.get_active_memory() - before < 100_000
    assert head.nbytes == 4000


def test_repeated_tokens_come_in_order() -> None:
    twice = kv_of(3).repeated(2)
    assert twice.layers[1] is None and twice.layers[0] is not None
    np.testing.assert_array_equal(np.array(twice.layers[0][0][0, 1, :, 0]), [0, 1, 2, 0, 1, 2])


def test_only_what_is_there_counts() -> None:
    assert len(kv_of(3).arrays) == 2
    assert kv_of(3).nbytes == 2 * 2 * 3 * 4 * 4  # arrays, heads, tokens, dims, bytes


def test_a_layer_that_holds_less_is_cut_at_the_same_token() -> None:
    """Of ten tokens the second layer holds the last four."""
    whole = PrefilledKV([kv_of(10).layers[0], kv_of(4).layers[0]], 10)
    head = whole.head(8)
    assert head.length == 8 and [pair[0].shape[2] for pair in head.layers if pair] == [8, 2]
    assert head.fork().length == 8 and kv_of(3).length == 3


def test_prompts_know_how_far_they_are() -> None:
    first, second = PrefilledKV([None]), PrefilledKV([None], 4)
    note_lengths([PrefillChunk(first, 2, 5), PrefillChunk(second, 5, 6)], [9, 9, 0, 1, 2, 4])
    assert (first.length, second.length) == (3, 5)
