"""Body and head: found in any architecture, and together what the model itself computes."""

from __future__ import annotations

from pathlib import Path

import mlx.core as mx
import mlx.nn as nn
import numpy as np
import pytest
from mlx_lm.models import cohere, gemma3_text, llama

from workers.generation.architecture import split
from workers.generation.model.load import load

TOKENS = mx.array([[5, 6, 7, 8]])


def small_llama(tied: bool) -> nn.Module:
    return llama.Model(
        llama.ModelArgs(
            model_type="llama",
            hidden_size=32,
            num_hidden_layers=2,
            intermediate_size=64,
            num_attention_heads=2,
            rms_norm_eps=1e-5,
            vocab_size=64,
            tie_word_embeddings=tied,
        )
    )


def small_cohere() -> nn.Module:
    """Its logits are scaled after the head."""
    return cohere.Model(
        cohere.ModelArgs(
            model_type="cohere",
            hidden_size=32,
            num_hidden_layers=2,
            intermediate_size=64,
            num_attention_heads=2,
            num_key_value_heads=2,
            vocab_size=64,
            logit_scale=0.25,
        )
    )


def small_gemma() -> nn.Module:
    return gemma3_text.Model(
        gemma3_text.ModelArgs(
            model_type="gemma3_text",
            hidden_size=32,
            num_hidden_layers=6,
            intermediate_size=64,
            num_attention_heads=2,
            num_key_value_heads=1,
            head_dim=16,
            vocab_size=64,
        )
    )


@pytest.mark.parametrize(
    ("model", "alone"),
    [
        (small_llama(tied=True), True),
        (small_llama(tied=False), True),
        (small_gemma(), True),
        (small_cohere(), False),
    ],
    ids=["tied", "head of its own", "gemma", "scaled"],
)
def test_logits_are_the_models_own(model: nn.Module, alone: bool) -> None:
    parts = split(model)
    assert (parts.head is not None) is alone
    last = parts.logits(TOKENS, None, lambda x: x[:, -1])
    np.testing.assert_allclose(np.array(last), np.array(model(TOKENS)[:, -1]), atol=1e-5)


def test_the_head_runs_for_the_chosen_places_only(tiny_model: Path) -> None:
    parts = split(load(tiny_model).model)
    seen: list[tuple[int, ...]] = []

    def head(states: mx.array) -> mx.array:
        seen.append(states.shape)
        return states

    object.__setattr__(parts, "head", head)
    parts.logits(TOKENS, None, lambda x: x[:, 1:3])
    assert seen == [(1, 2, 64)]


def test_what_has_no_layers_is_refused() -> None:
    with pytest.raises(ValueError, match="no stack of layers"):
        split(nn.Linear(2, 2))
