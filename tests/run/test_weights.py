"""What a token reads of a model's weights, against models whose sizes are known."""

from __future__ import annotations

from typing import Any

import pytest

from workers.run.weights import bytes_per_token

LLAMA_1B = {
    **{"num_hidden_layers": 16, "hidden_size": 2048, "intermediate_size": 8192},
    **{"num_attention_heads": 32, "num_key_value_heads": 8, "head_dim": 64, "vocab_size": 128256},
}
QWEN_30B_A3B = {
    **{"num_hidden_layers": 48, "hidden_size": 2048, "intermediate_size": 6144},
    **{"num_attention_heads": 32, "num_key_value_heads": 4, "head_dim": 128, "vocab_size": 151936},
    **{"num_experts_per_tok": 8, "moe_intermediate_size": 768, "num_experts": 128},
}
FOUR_BITS = {"quantization": {"bits": 4, "group_size": 64}}


@pytest.mark.parametrize(
    ("config", "gigabytes"),
    [
        (LLAMA_1B, 2.47),
        ({**LLAMA_1B, "torch_dtype": "bfloat16"}, 2.47),
        ({**LLAMA_1B, "torch_dtype": "float32"}, 4.94),
        ({**LLAMA_1B, **FOUR_BITS}, 2.47 * 4.5 / 16),
        (QWEN_30B_A3B, 6.0),
        ({"num_hidden_layers": "many"}, 0.0),
    ],
    ids=["plain", "half", "full", "4 bits", "experts", "nothing"],
)
def test_it_is_what_models_are_known_to_have(config: dict[str, Any], gigabytes: float) -> None:
    assert bytes_per_token(config) / 1e9 == pytest.approx(gigabytes, rel=0.05)
