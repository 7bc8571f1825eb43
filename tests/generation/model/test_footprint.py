"""What a sequence takes is read from the caches' shapes, whatever they are made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import mlx.core as mx
import mlx.nn as nn
import pytest
from mlx_lm.models.cache import make_prompt_cache

from tests.engine_tools import CACHES, with_cache
from tests.generation.models import (
    convolutions,
    gemma,
    latent,
    recurrent,
    sinks,
    soft_capped,
    streams,
)
from workers.generation.model.footprint import mlx_lm_footprint, packed_footprint
from workers.generation.model.kernels import PLAIN
from workers.generation.model.load import load
from workers.generation.model.memory import WindowedLayers
from workers.generation.packed.kinds import LayerKind
from workers.generation.packed.plan import PrefillChunk, PrefilledKV


@pytest.mark.parametrize("kind", [gemma, sinks, latent, streams, convolutions])
def test_packed_rows_take_what_is_foretold(tiny_model: Path, kind: Callable[[], nn.Module]) -> None:
    loaded = with_cache(replace(load(tiny_model), model=kind()), "packed")
    cache = loaded.new_cache()
    kv = PrefilledKV([None] * len(cache.layers))
    cache.begin([], [PrefillChunk(kv, 0, 30)], list(range(30)))
    loaded.parts.model(mx.arange(30)[:, None], cache=cache.layers)
    found = packed_footprint(loaded.layer_kinds, loaded.kernels)
    assert replace(found, headroom=0).bytes(30) == kv.nbytes


@pytest.mark.parametrize("cache", CACHES)
@pytest.mark.parametrize("tokens", [64, 200, 256, 400])
@pytest.mark.parametrize("kind", [gemma, latent, sinks])
def test_long_rows_take_what_is_foretold(
    tiny_model: Path, kind: Callable[[], nn.Module], cache: str, tokens: int
) -> None:
    """Windows of 16 tokens among the layers; heads of 16 numbers are padded to 32 in C."""
    loaded = with_cache(replace(load(tiny_model), model=kind()), cache)
    rows, kv = loaded.new_cache(), PrefilledKV([None] * len(loaded.layer_kinds))
    rows.begin([], [PrefillChunk(kv, 0, tokens)], list(range(tokens)))
    loaded.parts.model(mx.arange(tokens)[:, None], cache=rows.layers)
    rows.insert(kv)
    found = packed_footprint(loaded.layer_kinds, loaded.kernels)
    assert rows.nbytes == pytest.approx(found.bytes(tokens), rel=0.15)


def test_recurrent_states_count_once_for_a_row() -> None:
    model = recurrent()
    found = mlx_lm_footprint(model)
    cache = make_prompt_cache(model)
    mx.eval(model(mx.arange(30)[None], cache=cache))
    held = sum(x.nbytes for layer in cache for x in layer.cache)
    assert (found.per_token, found.per_row) == (0, held)


def test_plain_caches_count_by_the_token(tiny_model: Path) -> None:
    found = mlx_lm_footprint(soft_capped())
    # keys and values, layers, KV heads, head size, bytes of a float32
    assert (found.per_token, found.per_row) == (2 * 2 * 3 * 16 * 4, 0)


class TellsNoMore:
    """A cache of a model's own kind, as DeepSeek V4.1's: a window of 16 tokens, and one latent for
    each four."""

    def __init__(self) -> None:
        self.window = self.latents = mx.zeros((1, 0, 8))

    @property
    def nbytes(self) -> int:
        return self.window.nbytes + self.latents.nbytes

    def take(self, x: mx.array) -> None:
        self.window = mx.concatenate([self.window, x], axis=1)[:, -16:]
        self.latents = mx.concatenate([self.latents, x[:, 3::4]], axis=1)


def test_caches_that_only_tell_their_bytes_are_asked_at_two_lengths() -> None:
    class Model(nn.Module):
        def __init__(self) -> None:
            super().__init__()  # type: ignore[no-untyped-call]

        def make_cache(self) -> list[TellsNoMore]:
            return [TellsNoMore(), TellsNoMore()]

        def __call__(self, tokens: mx.array, cache: list[TellsNoMore]) -> None:
            for layer in cache:
                layer.take(mx.zeros((*tokens.shape, 8)))

    found = mlx_lm_footprint(Model())
    assert (found.per_token, found.per_row) == (2 * 8 * 4 // 4, 2 * 16 * 8 * 4)


def test_a_window_of_mlx_lm_has_an_end() -> None:
    """It holds what is read of a prompt at once, too."""
    found = mlx_lm_footprint(gemma())
    layer = 2 * 16 * 4  # keys and values of a token
    assert (found.per_token, found.windows) == (2 * layer, (WindowedLayers(4 * layer, 16 + 512),))


def test_quantized_rows_take_less(tiny_model: Path) -> None:
    """Heads of 64 numbers in float32, or 8 bits of each, with a scale and a bias for all."""
    token = (mx.zeros((1, 2, 1, 64)), mx.zeros((1, 2, 1, 64)))
    kinds = [LayerKind(token=token)]
    assert packed_footprint(kinds, PLAIN).per_token == 4 * 64 * 4
    assert packed_footprint(kinds, PLAIN, 8).per_token == 4 * (64 + 8)
