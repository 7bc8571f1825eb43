"""A layer of a pass: who sees whom, and which caches a model's attention is led away from."""

from __future__ import annotations

from typing import Any

import mlx.core as mx
import numpy as np
import pytest
from mlx_lm.models.cache import KVCache

from workers.generation.packed.attention import OwnLayer, PackedLayer, dispatching, grown
from workers.generation.packed.cache import PackedCache
from workers.generation.packed.kinds import FULL, LayerKind
from workers.generation.packed.plan import Pass, PrefillChunk, PrefilledKV
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
        def attend(self, *args: Any, **named: Any) -> mx.array:
            return mx.array([args[3]])

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
    cache = PackedCache([FULL])
    held = [numbers(seed, length) for seed, length in ((1, 7), (2, 12))]
    slots = [cache.insert(PrefilledKV([(as_prompt(x), as_prompt(2 * x))])) for x in held]
    chunk = PrefillChunk(PrefilledKV([None]), 3, 8)
    rows = [Decoding(slots[0], 2), Decoding(slots[1], 1)]
    cache.begin(rows, [chunk], [7, 8, 12, *range(5)])
    queries, keys = numbers(3, 8, heads=4), numbers(4, 8)
    layer = cache.layers[0]
    layer.update_and_fetch(keys, 2 * keys)
    out = np.array(layer.attend(queries, keys, keys, SCALE))[:, :, 0]
    seen = [
        (slice(0, 2), mx.concatenate([held[0], keys[:2]])),
        (slice(2, 3), mx.concatenate([held[1], keys[2:3]])),
        (slice(3, 8), keys[3:8]),
    ]
    for cut, row in seen:
        np.testing.assert_allclose(out[cut], alone(queries[cut], row, 2 * row), atol=1e-5)
    assert layer.attended


def test_a_prompts_next_part_sees_the_parts_before_it() -> None:
    kv, keys = PrefilledKV([None]), numbers(5, 9)
    layer, outs = PackedLayer(0, GridStore()), []
    queries = numbers(6, 9, heads=4)
    for start, stop in ((0, 4), (4, 9)):
        layer.running = Pass(mx.arange(start, stop), None, [PrefillChunk(kv, 0, stop - start)])
        layer.update_and_fetch(keys[start:stop], keys[start:stop])
        outs.append(np.array(layer.attend(queries[start:stop], keys, keys, SCALE))[:, :, 0])
    np.testing.assert_allclose(np.concatenate(outs), alone(queries, keys, keys), atol=1e-5)


def test_growing_a_prompt_keeps_what_it_had() -> None:
    """With a window, what its next part does not see goes, by whole blocks."""
    first, second = numbers(7, 90), numbers(8, 3)
    for window, begin in ((None, 0), (27, 64), (28, 0)):
        kv, layer = PrefilledKV([None]), PackedLayer(0, GridStore(), window)
        for part, end in ((first, 90), (second, 93)):
            kv.tokens = end
            grown(PrefillChunk(kv, 0, len(part)), layer, part, part)
        assert kv.layers[0] is not None
        wanted = as_prompt(mx.concatenate([first, second])[begin:])
        np.testing.assert_array_equal(np.array(kv.layers[0][0]), np.array(wanted))


def test_positions_come_from_the_pass() -> None:
    layer = PackedLayer(0, GridStore())
    with pytest.raises(AssertionError, match="a pass is running"):
        _ = layer.offset
    layer.running = Pass(mx.array([4, 5, 9]))
    assert layer.offset.tolist() == [4, 5, 9]


def masked(
    queries: mx.array, keys: mx.array, window: int, sinks: mx.array | None = None
) -> np.ndarray:
    """What the last queries of one row see through a window, by MLX and a mask written out."""
    places = np.arange(len(keys))
    ends = places[len(keys) - len(queries) :, None]
    mask = mx.array((ends >= places) & (ends - places < window))
    out = by_mlx(as_prompt(queries), as_prompt(keys), as_prompt(2 * keys), SCALE, mask, sinks)
    return np.array(out[0].transpose(1, 0, 2))


@pytest.mark.parametrize("window", [1, 3, 8, 20])
def test_rows_and_prompts_see_through_a_window(window: int) -> None:
    cache, sinks = PackedCache([LayerKind(window)]), mx.array([-2.0, 0.0, 1.0, 3.0])
    held = [numbers(seed, length) for seed, length in ((1, 7), (2, 12))]
    slots = [cache.insert(PrefilledKV([(as_prompt(x), as_prompt(2 * x))])) for x in held]
    layer = cache.layers[0]
    for seed in (10, 20):  # rejected tokens of the first pass stand between those of the second
        chunk = PrefillChunk(PrefilledKV([None]), 5, 14)
        rows = [Decoding(slots[0], 4), Decoding(slots[1], 1)]
        cache.begin(rows, [chunk], [0] * 14)
        queries, keys = numbers(seed, 14, heads=4), numbers(seed + 1, 14)
        layer.update_and_fetch(keys, 2 * keys)
        out = np.array(layer.attend(queries, keys, keys, SCALE, None, sinks))[:, :, 0]
        seen = [
            (slice(0, 4), mx.concatenate([held[0], keys[:4]])),
            (slice(4, 5), mx.concatenate([held[1], keys[4:5]])),
            (slice(5, 14), keys[5:14]),
        ]
        for cut, row in seen:
            wanted = masked(queries[cut], row, window, sinks)
            np.testing.assert_allclose(out[cut], wanted, atol=1e-5)
        cache.commit(rows, [2, 1])
        held = [mx.concatenate([held[0], keys[:2]]), mx.concatenate([held[1], keys[4:5]])]


def test_a_window_that_the_model_names_counts_if_it_is_narrower() -> None:
    queries, keys = numbers(6, 9, heads=4), numbers(5, 9)
    for of_cache, named, window in ((None, 4, 4), (3, 5, 3), (5, 3, 3)):
        layer = PackedLayer(0, GridStore(), of_cache)
        layer.running = Pass(mx.arange(9), None, [PrefillChunk(PrefilledKV([None]), 0, 9)])
        mask = layer.make_mask(1, window_size=named, return_array=False)
        layer.update_and_fetch(keys, 2 * keys)
        out = np.array(layer.attend(queries, keys, keys, SCALE, mask))[:, :, 0]
        np.testing.assert_allclose(out, masked(queries, keys, window), atol=1e-5)


def test_a_mask_of_the_models_own_is_not_passed_over() -> None:
    layer, x = PackedLayer(0, GridStore()), numbers(5, 3)
    layer.running = Pass(mx.arange(3), None, [PrefillChunk(PrefilledKV([None]), 0, 3)])
    layer.update_and_fetch(x, x)
    with pytest.raises(TypeError, match="mask of the model's own"):
        layer.attend(x, x, x, SCALE, mx.zeros((3, 3)))


def test_keys_that_are_lent_lead_to_the_layer_that_has_them() -> None:
    layer = PackedLayer(0, GridStore(), lends=True)
    layer.running = Pass(mx.arange(5), None, [PrefillChunk(PrefilledKV([None]), 0, 5)])
    queries, x = numbers(6, 5, heads=4), numbers(5, 5)
    attention = dispatching(lambda *_, **__: mx.zeros(1))
    keys, values = layer.update_and_fetch(x, 2 * x)
    assert keys.shape == x.shape
    first = attention(queries, keys, values, cache=layer, scale=SCALE, mask=None)
    other = attention(2 * queries, keys, values, cache=None, scale=SCALE, mask=None)
    np.testing.assert_allclose(np.array(first)[:, :, 0], alone(queries, x, 2 * x), atol=1e-5)
    np.testing.assert_allclose(np.array(other)[:, :, 0], alone(2 * queries, x, 2 * x), atol=1e-5)


@pytest.mark.parametrize(("bits", "off"), [(8, 0.03), (4, 0.5)])
def test_windows_and_sinks_hold_for_quantized_keys(bits: int, off: float) -> None:
    sinks, outs = mx.array([-2.0, 0.0, 1.0, 3.0]), []
    held, queries, keys = (
        mx.random.normal((count, heads, 1, 64), key=mx.random.key(count))
        for count, heads in ((30, 2), (5, 4), (6, 2))
    )
    for cache in (PackedCache([LayerKind(9)], bits), PackedCache([LayerKind(9)])):
        slot = cache.insert(PrefilledKV([(as_prompt(held), as_prompt(held))]))
        cache.begin([Decoding(slot, 5)], [], [0] * 5)
        layer = cache.layers[0]
        layer.update_and_fetch(keys[:5], keys[:5])
        outs.append(np.array(layer.attend(queries, keys, keys, 0.1, None, sinks)))
    assert 0 < np.abs(outs[0] - outs[1]).max() < off
