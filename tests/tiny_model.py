"""A model with the architecture and the files of a real one, and random weights.

It answers nonsense, always the same nonsense.  Invariant: the same seed writes the same
bytes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

SPECIAL_TOKENS = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
CHAT_TEMPLATE = (
    "{% for message in messages %}"
    "{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n' }}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
VOCABULARY = 512
INNER = 128

# Enough words for a tokenizer that merges the common ones.
TEXT = """
An attacker sends a crafted request to the server and reads memory outside the buffer.
The phishing mail asks the user to open the attachment and to type the password.
Patch the affected systems, limit access to the network and rotate the credentials.
The malware writes itself to the start-up folder and waits for commands.
Certificates that are not checked let someone in the middle read the traffic.
A recipe for bread: flour, water, salt and yeast, and then a warm oven and some time.
The library parses dates, draws charts and writes tables to a file.
{"technical_description": "text", "risk_level": "low", "mitigations": ["one", "two"]}
low medium high critical yes no true false null 0 1 2 3 4 5 6 7 8 9
"""


@dataclass(frozen=True)
class Shape:
    """How wide and deep a model is."""

    hidden: int = 64
    layers: int = 3
    heads: int = 4
    kv_heads: int = 2


def make_tiny_model(folder: Path, seed: int = 0, shape: Shape = Shape()) -> None:
    """Write weights, config and tokenizer; another seed gives a model with another mind."""
    _write_tokenizer(folder)
    _write_weights(folder, seed, shape)
    config = {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "hidden_size": shape.hidden,
        "intermediate_size": INNER,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "num_key_value_heads": shape.kv_heads,
        "vocab_size": VOCABULARY,
        "max_position_embeddings": 2048,
        "rms_norm_eps": 1e-5,
        "rope_theta": 10000.0,
        "tie_word_embeddings": True,
        "torch_dtype": "float32",
        "bos_token_id": SPECIAL_TOKENS.index("<|im_start|>"),
        "eos_token_id": SPECIAL_TOKENS.index("<|im_end|>"),
    }
    (folder / "config.json").write_text(json.dumps(config, indent=2))


def _write_tokenizer(folder: Path) -> None:
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=list(SPECIAL_TOKENS),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(TEXT.splitlines(), trainer)
    assert tokenizer.get_vocab_size() == VOCABULARY, "TEXT gives too few merges"
    tokenizer.save(str(folder / "tokenizer.json"))
    described = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "bos_token": "<|im_start|>",
        "eos_token": "<|im_end|>",
        "pad_token": "<|im_end|>",
        "unk_token": "<|endoftext|>",
        "model_max_length": 2048,
        "clean_up_tokenization_spaces": False,
        "chat_template": CHAT_TEMPLATE,
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(described, indent=2))


def _write_weights(folder: Path, seed: int, shape: Shape) -> None:
    import numpy
    from safetensors.numpy import save_file

    random = numpy.random.default_rng(seed)
    hidden, keys = shape.hidden, shape.hidden // shape.heads * shape.kv_heads
    shapes = {"model.embed_tokens.weight": (VOCABULARY, hidden)}
    for layer in range(shape.layers):
        at = f"model.layers.{layer}."
        shapes |= {
            at + "self_attn.q_proj.weight": (hidden, hidden),
            at + "self_attn.k_proj.weight": (keys, hidden),
            at + "self_attn.v_proj.weight": (keys, hidden),
            at + "self_attn.o_proj.weight": (hidden, hidden),
            at + "mlp.gate_proj.weight": (INNER, hidden),
            at + "mlp.up_proj.weight": (INNER, hidden),
            at + "mlp.down_proj.weight": (hidden, INNER),
        }
    # Large enough that attention and the layers matter, so that answers depend on the prompt.
    weights = {
        name: random.normal(0, 2 / size[1] ** 0.5, size).astype(numpy.float32)
        for name, size in shapes.items()
    }
    norms = [
        f"{i}.{name}_layernorm" for i in range(shape.layers) for name in ("input", "post_attention")
    ]
    for name in [*(f"model.layers.{norm}" for norm in norms), "model.norm"]:
        weights[f"{name}.weight"] = numpy.ones(hidden, numpy.float32)
    save_file(weights, str(folder / "model.safetensors"), metadata={"format": "mlx"})
