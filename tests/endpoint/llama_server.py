"""llama.cpp's server of the xllamacpp wheel with the tiny model, as a process of its own.

`python -m tests.endpoint.llama_server FOLDER` makes a GGUF of the tiny model in FOLDER, serves it
and prints the address.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.run_tools import PROJECT
from tests.tiny_model import CHAT_TEMPLATE

_CONTEXT = 8192
_SLOTS = 4


def write_gguf(model: Path, target: Path) -> None:
    """The tiny model (tests/tiny_model.py) in llama.cpp's format."""
    import gguf

    config = json.loads((model / "config.json").read_text())
    writer: Any = gguf.GGUFWriter(str(target), "llama")
    writer.add_context_length(_CONTEXT)
    writer.add_embedding_length(config["hidden_size"])
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(config["num_attention_heads"])
    writer.add_head_count_kv(config["num_key_value_heads"])
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_rope_freq_base(config["rope_theta"])
    _add_tokenizer(writer, model, config)
    _add_weights(writer, model, config)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _add_tokenizer(writer: Any, model: Path, config: dict[str, Any]) -> None:
    import gguf

    tokenizer = json.loads((model / "tokenizer.json").read_text())
    special = {token["content"] for token in tokenizer["added_tokens"]}
    tokens = sorted(tokenizer["model"]["vocab"], key=tokenizer["model"]["vocab"].get)
    kinds = (gguf.TokenType.NORMAL, gguf.TokenType.CONTROL)
    merges = [m if isinstance(m, str) else " ".join(m) for m in tokenizer["model"]["merges"]]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(tokens)
    writer.add_token_types([int(kinds[token in special]) for token in tokens])
    writer.add_token_merges(merges)
    writer.add_bos_token_id(config["bos_token_id"])
    writer.add_eos_token_id(config["eos_token_id"])
    writer.add_add_bos_token(False)
    writer.add_chat_template(CHAT_TEMPLATE)


_NAMES = {
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
    "input_layernorm": "attn_norm",
    "post_attention_layernorm": "ffn_norm",
}


def _add_weights(writer: Any, model: Path, config: dict[str, Any]) -> None:
    from safetensors.numpy import load_file

    heads = {"attn_q": config["num_attention_heads"], "attn_k": config["num_key_value_heads"]}
    for name, weight in load_file(model / "model.safetensors").items():
        *layer, part = name.removeprefix("model.").removesuffix(".weight").split(".", 2)
        if layer:
            part = _NAMES[part]
            if part in heads:  # llama.cpp turns neighbouring elements, not halves
                rows = weight.reshape(heads[part], 2, -1, weight.shape[1])
                weight = rows.swapaxes(1, 2).reshape(weight.shape)
            writer.add_tensor(f"blk.{layer[1]}.{part}.weight", weight.astype("float32"))
        else:
            stem = {"embed_tokens": "token_embd", "norm": "output_norm"}[part]
            writer.add_tensor(f"{stem}.weight", weight.astype("float32"))


@contextmanager
def llama_server(model: Path, folder: Path) -> Iterator[str]:
    """Serve the tiny model for the block; the address of its API."""
    write_gguf(model, folder / "tiny.gguf")
    command = [sys.executable, "-m", "tests.endpoint.llama_server", str(folder / "tiny.gguf")]
    with (folder / "server.log").open("w") as log:
        process = subprocess.Popen(
            command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=log, text=True
        )
    try:
        assert process.stdout is not None
        lines = (line.strip() for line in process.stdout)
        yield next(line for line in lines if line.startswith("http")) + "/v1"
    finally:
        process.kill()
        process.communicate()


def _serve(gguf_file: str) -> None:
    import xllamacpp

    parameters = xllamacpp.CommonParams()
    parameters.model.path = gguf_file
    parameters.n_gpu_layers = 0
    parameters.n_parallel = _SLOTS
    parameters.n_ctx = _SLOTS * _CONTEXT
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = 1
    server = xllamacpp.Server(parameters)
    print(server.listening_address, flush=True)
    while True:
        time.sleep(3600)


if __name__ == "__main__":
    _serve(sys.argv[1])
