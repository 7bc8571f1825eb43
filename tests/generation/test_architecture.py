"""The place before the head is found in any architecture, and logits stay the model's own."""

from __future__ import annotations

from typing import Any

import mlx.core as mx
import mlx.nn as nn
import numpy as np
import pytest

from tests.generation.models import gemma, made
from workers.generation.architecture import split

TOKENS = mx.array([[5, 6, 7, 8]])
LLAMA = {
    "model_type": "llama",
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "intermediate_size": 64,
    "num_attention_heads": 2,
    "rms_norm_eps": 1e-5,
    "vocab_size": 64,
}
COHERE = {**LLAMA, "model_type": "cohere", "num_key_value_heads": 2, "logit_scale": 0.25}
WRAPPED = {"model_type": "pixtral", "text_config": LLAMA}
LFM2 = {
    **LLAMA,
    "model_type": "lfm2",
    "num_key_value_heads": 2,
    "max_position_embeddings": 100,
    "norm_eps": 1e-5,
    "conv_bias": False,
    "conv_L_cache": 3,
    "block_dim": 32,
    "block_ff_dim": 64,
    "block_multiple_of": 8,
    "block_ffn_dim_multiplier": 1.0,
    "block_auto_adjust_ff_dim": False,
    "full_attn_idxs": [1],
    "rope_theta": 1000.0,
}


@pytest.mark.parametrize(
    "model",
    [
        made({**LLAMA, "tie_word_embeddings": True}),
        made({**LLAMA, "tie_word_embeddings": False}),
        gemma(),
        made(COHERE),
        made(WRAPPED),
        made(LFM2),
    ],
    ids=["tied", "head of its own", "gemma", "scaled", "wrapped", "another name for the norm"],
)
def test_logits_are_the_models_own_for_the_chosen_places(model: nn.Module) -> None:
    parts = split(model)
    assert parts.tap is not None and parts.stack is not None
    seen: list[tuple[int, ...]] = []

    def last(states: mx.array) -> mx.array:
        seen.append(states.shape)
        return states[:, -1]

    found = parts.logits(TOKENS, None, last)
    np.testing.assert_allclose(np.array(found), np.array(model(TOKENS)[:, -1]), atol=1e-5)
    assert seen == [(1, 4, 32)], "chosen among states, before the head"
    np.testing.assert_array_equal(np.array(parts.model(TOKENS)), np.array(model(TOKENS)))


def test_a_norm_that_is_not_the_last_step_is_not_taken() -> None:
    class Shuffled(nn.Module):
        """What comes behind its norm looks at all places at once."""

        def __init__(self) -> None:
            super().__init__()  # type: ignore[no-untyped-call]
            self.model = made(LLAMA)["model"]

        @property
        def layers(self) -> Any:
            return self.model["layers"]

        def __call__(self, tokens: mx.array, cache: Any = None) -> mx.array:
            found: mx.array = self.model(tokens, cache)
            return found + found.sum(axis=1, keepdims=True)

    model = Shuffled()
    parts = split(model)
    assert parts.tap is None
    found = parts.logits(TOKENS, None, lambda x: x[:, -1])
    np.testing.assert_allclose(np.array(found), np.array(model(TOKENS)[:, -1]), atol=1e-5)


def test_other_layers_can_be_put_in_and_the_model_keeps_its_own() -> None:
    model = made(LLAMA)
    parts = split(model)
    before = np.array(model(TOKENS))
    shorter = parts.with_layers(model.layers[:1])
    assert not np.allclose(np.array(shorter(TOKENS)), before)
    np.testing.assert_array_equal(np.array(model(TOKENS)), before)


def test_what_has_no_layers_runs_whole() -> None:
    parts = split(nn.Linear(2, 2))
    assert parts.stack is None and parts.tap is None


class Rounding(nn.Module):
    """A head that sums in another order for one place than for several: some of its numbers, in
    half precision, end with other digits."""

    def __init__(self, head: Any, off: float) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.head, self._off = head, off

    def __call__(self, x: mx.array) -> mx.array:
        found: mx.array = self.head(x)
        if x.shape[-2] > 1 and x.ndim > 2:
            return found
        turned = found.astype(mx.float32) * (1 + self._off)
        some = mx.arange(found.shape[-1]) % 3 == 0
        return mx.where(some, turned.astype(found.dtype), found)


@pytest.mark.parametrize(
    ("kind", "off", "taken"),
    [
        (mx.bfloat16, 2.0**-7, True),
        (mx.float16, 2.0**-10, True),
        (mx.bfloat16, 0.1, False),
        (mx.float16, 0.05, False),
        (mx.float32, 0.02, False),
    ],
)
def test_last_digits_of_the_models_own_type_may_turn(
    kind: mx.Dtype, off: float, taken: bool
) -> None:
    """As they do where a head is not quantized: it has other kernels for one row than for three."""
    model = made({**LLAMA, "tie_word_embeddings": False})
    model.lm_head = Rounding(model.lm_head, off)
    model.set_dtype(kind)
    assert (split(model).tap is not None) is taken
