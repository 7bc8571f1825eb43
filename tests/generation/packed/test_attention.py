"""A layer of a pass: who sees whom, and which caches a model's attention is led away from."""

from __future__ import annotations

from typing import Any

import mlx.core as mx
import numpy as np
import pytest
from mlx_lm.models.cache import KVCache

from workers.generation.packed.attention import OwnLayer, PackedLayer, dispatching, grown
from workers.generation.packed.cache import PackedCache
from workers.generation.packed.plan import Pass, Piece, Staged
from workers.generation.packed.rows import Decoding
from workers.generation.packed.store import GridStore, by_mlx

SCALE = 0.25


def numbers(seed: int, tokens: int, heads: int = 2) -> mx.array:
    """(tokens, heads, 1, dim), as a pass has them."""
    return mx.random.normal((tokens, heads, 1, 16), key=mx.random.key(seed))


def as_prompt(x: mx.array) -> mx.array:
    return x[:, :, 0].transpose(1, 0, 2)[None]


def alone(queries: mx.array, keys: mx.array, values: mx.array) -> np.ndarray:
    """What the last queries of one row see, by MLX, (tokens, heads, dim)."""
    out = by_mlx(as_prompt(queries), as_prompt(keys), as_prompt(values), SCALE, "causal")
    return np.array(out[0].transpose(1, 0, 2))


def test_only_our_layers_are_led_another_way() -> None:
    class Ours(OwnLayer):
        def attend(self, queries: mx.array, scale: float, mask: Any = None) -> mx.array:
            return mx.array([scale])

    calls: list[Any] = []

    def theirs(*args: Any, **named: Any) -> mx.array:
        calls.append((args, named))
        return mx.array([0.0])

    attention = dispatching(theirs)
    x = mx.zeros((1,))
    assert attention(x, x, x, cache=Ours(), scale=SCALE, mask=None).item() == SCALE
    assert not calls
    for cache in (None, KVCache()):
        attention(x, x, x, cache=cache, scale=SCALE, mask="causal", sinks=x)
        assert calls.pop()[1] == {"cache": cache, "scale": SCALE, "mask": "causal", "sinks": x}


def test_rows_and_prompts_of_a_pass_do_not_see_each_other() -> None:
    cache = PackedCache(1)
    held = [numbers(seed, length) for seed, length in ((1, 7), (2, 12))]
    lanes = [cache.insert(Staged([(as_prompt(x), as_prompt(2 * x))])) for x in held]
    piece = Piece(Staged([None]), 3, 8)
    rows = [Decoding(lanes[0], 2), Decoding(lanes[1], 1)]
    cache.begin(rows, [piece], [7, 8, 12, *range(5)])
    queries, keys = numbers(3, 8, heads=4), numbers(4, 8)
    layer = cache.layers[0]
    layer.update_and_fetch(keys, 2 * keys)
    out = np.array(layer.attend(queries, SCALE))[:, :, 0]
    seen = [
        (slice(0, 2), mx.concatenate([held[0], keys[:2]])),
        (slice(2, 3), mx.concatenate([held[1], keys[2:3]])),
        (slice(3, 8), keys[3:8]),
    ]
    for cut, row in seen:
        np.testing.assert_allclose(out[cut], alone(queries[cut], row, 2 * row), atol=1e-5)
    assert layer.attended


def test_a_prompts_next_part_sees_the_parts_before_it() -> None:
    staged, keys = Staged([None]), numbers(5, 9)
    layer, outs = PackedLayer(0, GridStore()), []
    queries = numbers(6, 9, heads=4)
    for start, stop in ((0, 4), (4, 9)):
        layer.running = Pass(mx.arange(start, stop), None, [Piece(staged, 0, stop - start)])
        layer.update_and_fetch(keys[start:stop], keys[start:stop])
        outs.append(np.array(layer.attend(queries[start:stop], SCALE))[:, :, 0])
    np.testing.assert_allclose(np.concatenate(outs), alone(queries, keys, keys), atol=1e-5)


def test_growing_a_prompt_keeps_what_it_had() -> None:
    piece = Piece(Staged([None]), 0, 2)
    first, second = numbers(7, 2), numbers(8, 3)
    grown(piece, 0, first, first)
    keys, _ = grown(piece, 0, second, second)
    wanted = as_prompt(mx.concatenate([first, second]))
    np.testing.assert_array_equal(np.array(keys), np.array(wanted))
    assert piece.staged.layers[0] is not None


def test_positions_come_from_the_pass() -> None:
    layer = PackedLayer(0, GridStore())
    with pytest.raises(AssertionError, match="a pass is running"):
        _ = layer.offset
    layer.running = Pass(mx.array([4, 5, 9]))
    assert layer.offset.tolist() == [4, 5, 9]
