"""Small random models of architectures other than the plain one."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import mlx.core as mx
import mlx.nn as nn
import orjson
from mlx_lm.models import mamba

from benchmarks.families import OWN_SHAPES
from benchmarks.family_models import randomize


def made(config: Mapping[str, Any]) -> Any:
    """A model of this configuration, as mlx-lm makes it, with random weights that matter."""
    code = import_module(f"mlx_lm.models.{config['model_type']}")
    model = code.Model(code.ModelArgs.from_dict(dict(config)))
    randomize(model, seed=1)
    return model


def gemma(window: int = 16) -> nn.Module:
    """Some of its layers see a window only, and keep a RotatingKVCache."""
    model: nn.Module = made(
        {
            "model_type": "gemma3_text",
            "hidden_size": 32,
            "num_hidden_layers": 6,
            "intermediate_size": 64,
            "num_attention_heads": 2,
            "head_dim": 16,
            "num_key_value_heads": 1,
            "vocab_size": 512,
            "sliding_window": window,
            "sliding_window_pattern": 3,
        }
    )
    return model


def recurrent() -> nn.Module:
    """Mamba: its layers keep a state instead of keys and values."""
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


def convolutions() -> nn.Module:
    """LFM2: some layers keep a short convolution's state, and batches of it are right."""
    model: nn.Module = made(
        {
            "model_type": "lfm2",
            "vocab_size": 512,
            "hidden_size": 32,
            "num_hidden_layers": 3,
            "num_attention_heads": 2,
            "num_key_value_heads": 1,
            "max_position_embeddings": 1000,
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
    )
    return model


def streams() -> nn.Module:
    """Gemma 3n: several streams of states, and layers that attend to another layer's keys."""
    model: nn.Module = made(
        {
            "model_type": "gemma3n",
            "text_config": {
                "model_type": "gemma3n",
                "hidden_size": 32,
                "num_hidden_layers": 4,
                "intermediate_size": 64,
                "num_attention_heads": 2,
                "head_dim": 16,
                "rms_norm_eps": 1e-5,
                "vocab_size": 512,
                "num_key_value_heads": 1,
                "num_kv_shared_layers": 2,
                "vocab_size_per_layer_input": 512,
                "sliding_window": 8,
                "max_position_embeddings": 1000,
                "rope_local_base_freq": 10.0,
                "rope_theta": 1000.0,
                "final_logit_softcapping": 30.0,
                "layer_types": ["sliding_attention", "full_attention"] * 2,
                "activation_sparsity_pattern": [0.5] * 4,
                "hidden_size_per_layer_input": 16,
                "altup_num_inputs": 2,
                "altup_coef_clip": 1.0,
                "altup_correct_scale": True,
                "altup_active_idx": 0,
                "laurel_rank": 4,
            },
        }
    )
    return model


def latent(rank: int = 8) -> nn.Module:
    """GLM flash: one latent vector a token, and rotary scores that come as a mask."""
    model: nn.Module = made(
        {
            "model_type": "glm4_moe_lite",
            "vocab_size": 512,
            "hidden_size": 32,
            "intermediate_size": 64,
            "moe_intermediate_size": 16,
            "num_hidden_layers": 3,
            "num_attention_heads": 4,
            "num_key_value_heads": 4,
            "n_shared_experts": 1,
            "n_routed_experts": 4,
            "routed_scaling_factor": 1.0,
            "kv_lora_rank": rank,
            "q_lora_rank": 8,
            "qk_rope_head_dim": rank,
            "qk_nope_head_dim": 16,
            "v_head_dim": 8,
            "norm_topk_prob": True,
            "n_group": 1,
            "topk_group": 1,
            "num_experts_per_tok": 2,
            "first_k_dense_replace": 1,
            "max_position_embeddings": 256,
            "rms_norm_eps": 1e-5,
            "rope_theta": 1000.0,
        }
    )
    return model


def sinks() -> nn.Module:
    """gpt-oss: windows by turns, and a score in each head's softmax that has no value."""
    model: Any = made(
        {
            "model_type": "gpt_oss",
            "num_hidden_layers": 4,
            "num_local_experts": 4,
            "num_experts_per_tok": 2,
            "vocab_size": 512,
            "hidden_size": 32,
            "intermediate_size": 32,
            "head_dim": 16,
            "num_attention_heads": 4,
            "num_key_value_heads": 2,
            "sliding_window": 16,
            "rope_scaling": None,
        }
    )
    for layer in model.layers:
        layer.self_attn.sinks = mx.random.normal((4,), key=mx.random.key(3))
    found: nn.Module = model
    return found


def soft_capped(kv_heads: int = 3) -> nn.Module:
    """Gemma 2: its attention is a function of its own, and wrong for rows side by side where
    several of its six heads share keys."""
    model: nn.Module = made(
        {
            "model_type": "gemma2",
            "hidden_size": 32,
            "num_hidden_layers": 2,
            "intermediate_size": 64,
            "num_attention_heads": 6,
            "head_dim": 16,
            "rms_norm_eps": 1e-5,
            "vocab_size": 512,
            "num_key_value_heads": kv_heads,
            "query_pre_attn_scalar": 16,
        }
    )
    return model


def delta() -> nn.Module:
    """Qwen 3.5: gated delta rules, whose state is a matrix, and a layer of attention."""
    model: nn.Module = made(
        {
            "model_type": "qwen3_5",
            "hidden_size": 32,
            "num_hidden_layers": 4,
            "intermediate_size": 64,
            "num_attention_heads": 4,
            "num_key_value_heads": 2,
            "head_dim": 16,
            "linear_num_value_heads": 4,
            "linear_num_key_heads": 2,
            "linear_key_head_dim": 16,
            "linear_value_head_dim": 16,
            "linear_conv_kernel_dim": 4,
            "rms_norm_eps": 1e-5,
            "rope_theta": 10000.0,
            "partial_rotary_factor": 0.5,
            "vocab_size": 512,
            "max_position_embeddings": 1000,
        }
    )
    return model


def twofold() -> nn.Module:
    """LongCat flash: each layer attends twice, to latent vectors in two caches."""
    model: nn.Module = made(
        {
            "model_type": "longcat_flash",
            "attention_method": "MLA",
            "zero_expert_type": "identity",
            "hidden_size": 32,
            "ffn_hidden_size": 48,
            "moe_topk": 2,
            "expert_ffn_hidden_size": 32,
            "n_routed_experts": 2,
            "zero_expert_num": 2,
            "num_layers": 2,
            "vocab_size": 512,
            "max_position_embeddings": 1000,
            "num_attention_heads": 4,
            "kv_lora_rank": 16,
            "q_lora_rank": 16,
            "qk_rope_head_dim": 8,
            "qk_nope_head_dim": 16,
            "v_head_dim": 8,
            "routed_scaling_factor": 1.0,
            "rms_norm_eps": 1e-5,
            "rope_theta": 1000.0,
            "mla_scale_q_lora": True,
            "mla_scale_kv_lora": True,
            "attention_bias": False,
        }
    )
    return model


def of_the_benchmark(name: str, nth: int = 0) -> nn.Module:
    """The n-th model of this type among the project's own shapes, with the tests' vocabulary."""
    shapes = orjson.loads(OWN_SHAPES.read_bytes())
    found = [shape for shape in shapes if shape["model_type"] == name][nth]
    model: nn.Module = made({**found, "vocab_size": 512})
    return model


def both_ways() -> nn.Module:
    """Falcon H1: each layer keeps a state, and keys and values beside it."""
    return of_the_benchmark("falcon_h1")


def mixed() -> nn.Module:
    """OLMo hybrid: it asks which layers are of the class that attends."""
    return of_the_benchmark("olmo_hybrid")


def dynamic() -> nn.Module:
    """Llama with rotary positions that stretch with texts that are longer than its window."""
    return of_the_benchmark("llama", 2)


def wrapped() -> nn.Module:
    """Gemma 3 4B as it is published: most of its figures are mlx-lm's defaults."""
    return of_the_benchmark("gemma3")


def choosing() -> nn.Module:
    """MiniMax M3: a token attends to the best few blocks, which are cut at fixed places."""
    model: nn.Module = made(
        {
            "model_type": "minimax_m3_vl",
            "text_config": {
                "hidden_size": 32,
                "intermediate_size": 32,
                "dense_intermediate_size": 32,
                "shared_intermediate_size": 32,
                "num_attention_heads": 4,
                "num_key_value_heads": 2,
                "num_hidden_layers": 3,
                "num_local_experts": 4,
                "num_experts_per_tok": 2,
                "head_dim": 16,
                "rotary_dim": 8,
                "vocab_size": 512,
                "max_position_embeddings": 1000,
                "index_n_heads": 2,
                "index_head_dim": 16,
                "index_block_size": 16,
                "index_topk_blocks": 8,
            },
        }
    )
    return model
