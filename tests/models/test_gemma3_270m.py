"""Gemma 3 270M: what its converter wrote is brought into mlx-lm's form; its turns are right."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file
from transformers import PreTrainedTokenizerFast

from tests.tiny_model import make_tiny_model
from workers.core.errors import ModelError
from workers.models import gemma3_270m


def test_what_the_converter_wrote_is_mended(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "gemma3", "head_dim": 256}))
    (tmp_path / "tokenizer_config.json").write_text(json.dumps({"bos_token": "<bos>"}))
    norm, other = np.array([1.5, 0.0], np.float32), np.array([[2.0]], np.float32)
    save_file(
        {"a.q_norm.weight": norm, "a.input_layernorm.weight": other}, tmp_path / "m.safetensors"
    )
    gemma3_270m._mend(tmp_path)
    config = json.loads((tmp_path / "config.json").read_bytes())
    assert config["model_type"] == "gemma3_text" and config["head_dim"] == 256
    assert config["eos_token_id"] == [1, 106]
    weights = load_file(tmp_path / "m.safetensors")
    assert weights["a.q_norm.weight"].tolist() == [0.5, -1.0]
    assert weights["a.input_layernorm.weight"].tolist() == [[2.0]]


def test_a_file_that_is_another_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "model.gguf").write_bytes(b"GGUF")
    with pytest.raises(ModelError, match="do not make up the expected file"):
        gemma3_270m._check(tmp_path / "model.gguf")
    monkeypatch.setattr(gemma3_270m, "_SHA256", hashlib.sha256(b"GGUF").hexdigest())
    gemma3_270m._check(tmp_path / "model.gguf")


def test_turns_are_those_of_the_family(tmp_path: Path) -> None:
    make_tiny_model(tmp_path)
    tokenizer = PreTrainedTokenizerFast.from_pretrained(tmp_path)
    asked = [
        {"role": "system", "content": "Be exact."},
        {"role": "user", "content": "Why?"},
        {"role": "assistant", "content": "So."},
        {"role": "user", "content": "And?"},
    ]
    shown = tokenizer.apply_chat_template(
        asked, chat_template=gemma3_270m._TEMPLATE, tokenize=False, add_generation_prompt=True
    )
    assert shown.removeprefix(tokenizer.bos_token) == (
        "<start_of_turn>user\nBe exact.\n\nWhy?<end_of_turn>\n"
        "<start_of_turn>model\nSo.<end_of_turn>\n"
        "<start_of_turn>user\nAnd?<end_of_turn>\n<start_of_turn>model\n"
    )
