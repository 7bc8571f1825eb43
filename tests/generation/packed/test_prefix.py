"""Kept prefixes: found by their tokens, the longest first, and bounded in memory."""

from __future__ import annotations

import mlx.core as mx

from workers.generation.model.memory import Footprint
from workers.generation.packed.plan import PrefilledKV
from workers.generation.packed.prefix import PrefixCache, limit_for


def kv_of(tokens: int, layers: int = 2) -> PrefilledKV:
    """Keys and values of so many tokens, each token's filled with its place."""
    one = mx.broadcast_to(
        mx.arange(tokens, dtype=mx.float32)[None, None, :, None], (1, 1, tokens, 4)
    )
    return PrefilledKV([(one + 0.0, one * 2.0) for _ in range(layers)])


def size(tokens: int) -> int:
    return 2 * 2 * tokens * 4 * 4  # layers, keys and values, tokens, dims, bytes


def test_the_longest_kept_prefix_is_found() -> None:
    kept, tokens = PrefixCache(1 << 20), tuple(range(60))
    kept.keep(tokens[:20], kv_of(60))
    kept.keep(tokens[:40], kv_of(60))
    assert kept.longest(tokens, (20, 40, 50))[0] == 40
    assert kept.longest(tokens, (20, 50))[0] == 20
    assert kept.longest((*tokens[:30], 99, *tokens[31:]), (20, 40))[0] == 20
    assert kept.longest(tuple(range(1, 60)), (20, 40)) == (0, None)


def test_it_keeps_the_head_of_what_it_is_given_and_no_more() -> None:
    kept, tokens = PrefixCache(1 << 20), tuple(range(60))
    whole = kv_of(60)
    kept.keep(tokens[:20], whole)
    found = kept.longest(tokens, (20,))[1]
    assert found is not None and found.layers[1] is not None
    keys, values = found.layers[1]
    assert keys.shape == (1, 1, 20, 4)
    assert mx.array_equal(values, kv_of(20).layers[1][1])  # type: ignore[index]
    assert kept.nbytes == size(20)


def test_short_prefixes_are_not_kept() -> None:
    kept = PrefixCache(1 << 20)
    kept.keep(tuple(range(15)), kv_of(30))
    assert tuple(range(15)) not in kept and kept.nbytes == 0


def test_keeping_twice_counts_once() -> None:
    kept = PrefixCache(1 << 20)
    for _ in range(2):
        kept.keep(tuple(range(20)), kv_of(30))
    assert kept.nbytes == size(20)


def test_the_least_recently_used_goes_first() -> None:
    kept = PrefixCache(limit_bytes=2 * size(20))
    first, second, third = (tuple(range(start, start + 20)) for start in (0, 100, 200))
    kept.keep(first, kv_of(20))
    kept.keep(second, kv_of(20))
    assert kept.longest(first, (20,))[0] == 20  # used again: the second is older now
    kept.keep(third, kv_of(20))
    assert first in kept and third in kept and second not in kept
    assert kept.nbytes == 2 * size(20)


def test_one_prefix_is_kept_even_above_the_limit() -> None:
    kept = PrefixCache(limit_bytes=1)
    kept.keep(tuple(range(20)), kv_of(20))
    assert tuple(range(20)) in kept


def test_the_bound_follows_the_model_and_the_memory() -> None:
    small, large, stateful = Footprint(46_080), Footprint(500_000), Footprint(0, per_row=9 << 20)
    assert limit_for(small, 64 << 30) == 46_080 * 5_600
    assert limit_for(large, 64 << 30) == 500_000 * 5_600
    assert limit_for(large, 16 << 30) == 1 << 30
    assert limit_for(small, 0) == 16 << 20
    assert limit_for(stateful, 64 << 30) == 16 * (9 << 20)
