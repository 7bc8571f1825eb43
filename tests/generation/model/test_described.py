"""Sizes and windows are found wherever a published configuration, or mlx-lm, keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import mlx.nn as nn
import pytest

from tests.generation.models import gemma, recurrent, streams, wrapped
from workers.generation.model.described import heads_of, text_window, widths

GEMMA_4B = {
    "model_type": "gemma3",
    "text_config": {
        "hidden_size": 2560,
        "model_type": "gemma3_text",
        "rope_scaling": {"factor": 8.0, "rope_type": "linear"},
    },
}
YARN = {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 32768}
LLAMA3 = {"rope_type": "llama3", "factor": 32.0, "original_max_position_embeddings": 8192}
LAYERED = {"full_attention": YARN, "sliding_attention": {"rope_type": "default"}}


@dataclass
class Tokenizer:
    model_max_length: Any = int(1e30)


@pytest.mark.parametrize(
    ("config", "window"),
    [
        ({"model_type": "x", "max_position_embeddings": 700}, 700),
        ({"model_type": "x", "text_config": {"n_positions": 300}, "n_ctx": 800}, 300),
        ({"model_type": "x", "text_config": None, "block_size": 512}, 512),
        ({"model_type": "x", "max_position_embeddings": None, "max_context_length": 9}, 9),
        (GEMMA_4B, 131_072),  # transformers' own default, which files leave out
        ({"model_type": "qwen3", "max_position_embeddings": 40960, "rope_scaling": YARN}, 131_072),
        ({"model_type": "x", "max_position_embeddings": 8, "rope_parameters": LAYERED}, 131_072),
        ({"model_type": "qwen3", "max_position_embeddings": 262144, "rope_scaling": YARN}, 262_144),
        ({"model_type": "x", "max_position_embeddings": 131072, "rope_scaling": LLAMA3}, 131_072),
        ({"model_type": "no such type"}, 0),
    ],
)
def test_a_window_is_found_wherever_it_is(config: Mapping[str, Any], window: int) -> None:
    assert text_window(nn.Identity(), config, Tokenizer()) == window
    assert text_window(nn.Identity(), config, Tokenizer(5)) == 5


def test_a_models_own_arguments_count_where_a_file_says_nothing() -> None:
    assert text_window(gemma(), {}, Tokenizer()) == 32768  # mlx-lm's default
    assert text_window(wrapped(), {"model_type": "no such type"}, Tokenizer()) == 32768
    assert text_window(recurrent(), {"model_type": "mamba"}, Tokenizer()) == 0


def test_heads_are_those_of_the_layers() -> None:
    assert heads_of(gemma()) == (2, 1, 16)
    assert heads_of(wrapped()) == (8, 4, 256)  # mlx-lm's defaults
    assert heads_of(nn.Identity()) == (8, 8, 64)


def test_of_a_size_for_each_layer_the_largest_counts() -> None:
    assert widths(nn.Identity(), {"hidden_size": 8, "intermediate_size": [7, 9, 5]}) == (8, 9)
    assert widths(nn.Identity(), {"hidden_size": 8, "intermediate_size": None}) == (8, 32)
    assert widths(nn.Identity(), {"text_config": {"d_model": 6}, "hidden_size": True}) == (6, 24)
    assert widths(streams(), {}) == (32, 64) and widths(wrapped(), {}) == (64, 96)
