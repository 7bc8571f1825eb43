"""Small random models of architectures that packed passes can't run."""

from __future__ import annotations

import mlx.nn as nn
from mlx_lm.models import gemma3_text, mamba


def gemma() -> nn.Module:
    """Some of its layers see a window only, and keep a RotatingKVCache."""
    return gemma3_text.Model(
        gemma3_text.ModelArgs(
            model_type="gemma3_text",
            hidden_size=32,
            num_hidden_layers=6,
            intermediate_size=64,
            num_attention_heads=2,
            head_dim=16,
            num_key_value_heads=1,
            vocab_size=512,
            sliding_window=16,
            sliding_window_pattern=3,
        )
    )


def recurrent() -> nn.Module:
    """Its layers keep a state instead of keys and values."""
    return mamba.Model(
        mamba.ModelArgs.from_dict(
            {
                "model_type": "mamba",
                "vocab_size": 512,
                "hidden_size": 32,
                "intermediate_size": 64,
                "state_size": 8,
                "num_hidden_layers": 2,
                "conv_kernel": 4,
                "use_bias": False,
                "use_conv_bias": True,
                "time_step_rank": 4,
            }
        )
    )
