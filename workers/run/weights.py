"""What a pass over one token reads of a model's weights, by its configuration alone.

Knows the names that config.json files use, and how mlx-lm quantizes.  Invariant: an estimate; it
is only ever compared with another's half.
"""

from __future__ import annotations

import platform
from collections.abc import Mapping
from typing import Any

_TIMES_UNSAID = 4  # as wide is an inner layer that no configuration names
_BITS = {"float32": 32}  # of a weight
_BITS_OF_A_GROUP = 32  # its scale and its bias


PLAIN_BITS = 16  # of a weight that is not quantized, and is no float32 in its file


def bytes_per_token(config: Mapping[str, Any], plain: int = PLAIN_BITS) -> int:
    """Bytes of the layers, of mixtures only the experts that a token gets, and of the head, where
    16 bits of a file are as many in memory as `plain_bits` says."""
    bits = _bits(config)
    return int(weights(config) * (plain if bits == PLAIN_BITS else bits) / 8)


def plain_bits() -> int:
    """Bits that a weight of 16 has in memory here: on an x86 CPU, where half precision has no fast
    kernels, it becomes float32."""
    from workers.model_store import has_gpu

    slow = platform.machine() in {"x86_64", "AMD64"} and not has_gpu()
    return 32 if slow else PLAIN_BITS


def weights(config: Mapping[str, Any]) -> int:
    """How many weights a pass over one token reads."""
    layers, hidden = _number(config, "num_hidden_layers"), _number(config, "hidden_size")
    return layers * (_attention(config, hidden) + _inner(config, hidden)) + (
        _number(config, "vocab_size") * hidden
    )


def _attention(config: Mapping[str, Any], hidden: int) -> int:
    """Of queries and output, keys and values."""
    heads = _number(config, "num_attention_heads")
    if not heads:
        return 4 * hidden**2
    size = _number(config, "head_dim") or hidden // heads
    kv_heads = _number(config, "num_key_value_heads") or heads
    return 2 * hidden * size * (heads + kv_heads)


def _inner(config: Mapping[str, Any], hidden: int) -> int:
    experts = _number(config, "num_experts_per_tok")
    size = _number(config, "moe_intermediate_size") if experts else 0
    if not size:
        size = _number(config, "intermediate_size") or _TIMES_UNSAID * hidden
    return 3 * hidden * size * (experts or 1)


def _bits(config: Mapping[str, Any]) -> float:
    """Of a weight as it is kept, its share of a group's scale among them."""
    how = config.get("quantization") or {}
    if bits := _number(how, "bits"):
        return bits + _BITS_OF_A_GROUP / (_number(how, "group_size") or 64)
    kept = config.get("torch_dtype") or config.get("dtype")
    return _BITS.get(str(kept), PLAIN_BITS)


def _number(config: Mapping[str, Any], name: str) -> int:
    value = config.get(name)
    return value if isinstance(value, int) else 0
