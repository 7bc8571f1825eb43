"""Kernels belong to a model: mlx-lm's caches and mlx-lm's model never meet them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import mlx.core as mx
import mlx.nn as nn
import numpy as np
import pytest
from mlx_lm.models.cache import KVCache, QuantizedKVCache, make_prompt_cache

from tests.engine_tools import with_cache
from tests.generation.models import gemma
from tests.tiny_model import Shape, make_tiny_model
from workers.generation.decisions.layers import TextLayer
from workers.generation.model.kernels import PLAIN, Kernels, calls_gelu
from workers.generation.model.load import LoadedModel, load
from workers.generation.packed.cache import PackedCache
from workers.generation.packed.kinds import FULL
from workers.generation.packed.store import by_mlx

TOKENS = mx.array([[5, 6, 7, 8]])


def never(*_: Any) -> mx.array:
    raise AssertionError("our kernel was called")


@pytest.fixture(scope="module")
def loaded(tiny_model: Path) -> LoadedModel:
    return load(tiny_model)


def test_a_plain_model_never_meets_our_kernels(loaded: LoadedModel) -> None:
    ours = replace(loaded, kernels=Kernels(attention=never, swiglu=never))
    assert ours.fast_model is not ours.model
    ours.model(TOKENS, cache=make_prompt_cache(ours.model))
    with pytest.raises(AssertionError, match="our kernel"):
        ours.fast_model(TOKENS)


@pytest.mark.parametrize("kind", [None, KVCache, QuantizedKVCache])
def test_mlx_lms_caches_get_mlx_lms_attention_in_our_model_too(
    tmp_path: Path, kind: type | None
) -> None:
    # 64 elements in a key make one group of quantized ones.
    make_tiny_model(tmp_path, shape=Shape(heads=1, kv_heads=1))
    plain = load(tmp_path, accelerate=False)
    ours = replace(plain, kernels=Kernels(attention=never))
    layers = len(plain.model.layers)
    found, wanted = (
        model(TOKENS, cache=None if kind is None else [kind() for _ in range(layers)])
        for model in (ours.fast_model, plain.model)
    )
    np.testing.assert_array_equal(np.array(found), np.array(wanted))


def test_our_caches_get_the_models_own_attention(loaded: LoadedModel) -> None:
    called: list[tuple[int, ...]] = []

    def attention(queries: mx.array, *rest: Any) -> mx.array:
        called.append(queries.shape)
        return by_mlx(queries, *rest)

    ours = replace(loaded, kernels=Kernels(attention=attention))
    layers = [TextLayer(attention) for _ in ours.model.layers]
    found = ours.fast_model(TOKENS, cache=layers)
    assert called == [(1, 4, 4, 16)] * 3
    np.testing.assert_allclose(np.array(found), np.array(ours.model(TOKENS)), atol=1e-4)


def test_swiglu_is_ours_in_float32_only(tiny_model: Path) -> None:
    called: list[Any] = []

    def swiglu(gate: mx.array, x: mx.array) -> mx.array:
        called.append(gate.dtype)
        return gate * mx.sigmoid(gate) * x

    loaded = replace(load(tiny_model, accelerate=False), kernels=Kernels(swiglu=swiglu))
    loaded.fast_model(TOKENS)
    assert called == [mx.float32] * 3
    loaded.model.set_dtype(mx.float16)
    replace(loaded).fast_model(TOKENS)
    assert len(called) == 3


def test_gelu_is_ours_where_a_model_calls_it_by_name(loaded: LoadedModel) -> None:
    called: list[Any] = []

    def gelu(x: mx.array) -> mx.array:
        called.append(x.dtype)
        found: mx.array = nn.gelu_approx(x)
        return found

    model, ours = gemma(), Kernels(gelu=gelu)
    found, wanted = ours.applied(model)(TOKENS), model(TOKENS)
    assert called == [mx.float32] * 6
    np.testing.assert_array_equal(np.array(found), np.array(wanted))
    assert not calls_gelu(loaded.model)
    model.set_dtype(mx.bfloat16)
    ours.applied(model)(TOKENS)
    assert len(called) == 6


def test_caches_are_of_the_kind_that_was_chosen(loaded: LoadedModel) -> None:
    assert isinstance(PLAIN.cache([FULL, FULL]), PackedCache)
    rows = with_cache(loaded, "rows").kernels
    assert not isinstance(rows.cache([FULL, FULL]), PackedCache)
    quantized = rows.cache([FULL, FULL], kv_bits=8)
    assert isinstance(quantized, PackedCache) and len(quantized.layers) == 2


def test_the_packed_cache_attends_by_the_models_kernel() -> None:
    cache = Kernels(attention=never).cache([FULL])
    assert isinstance(cache, PackedCache)
    assert cache.layers[0].store.attention is never
