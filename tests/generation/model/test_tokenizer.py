"""A tokenizer is loaded without a detokenizer, and otherwise as mlx-lm loads it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import mlx.nn as nn
import pytest
from mlx_lm.models import muse_spark
from mlx_lm.utils import load_tokenizer

from tests.tiny_model import CHAT_TEMPLATE
from workers.generation.model import tokenizer as module
from workers.generation.model.tokenizer import tokenizer_of

ASKED = [{"role": "user", "content": "Why?"}]


@pytest.mark.parametrize("ends", [None, 5, [5, 7]], ids=str)
def test_it_is_that_of_mlx_lm(tiny_model: Path, ends: Any) -> None:
    ours = tokenizer_of(tiny_model, nn.Module(), False, ends, None)
    theirs: Any = load_tokenizer(tiny_model, eos_token_ids=ends)
    assert ours.eos_token_ids == theirs.eos_token_ids >= set([ends] if ends == 5 else ends or [])
    assert len(ours) == len(theirs) and ours.has_chat_template
    assert ours.apply_chat_template(ASKED) == theirs.apply_chat_template(ASKED)
    text = "A request, <|im_end|> and its answer."
    assert ours.encode(text) == theirs.encode(text)
    assert ours.decode(ours.encode(text)) == theirs.decode(theirs.encode(text))


def test_templates_that_mlx_lm_has_in_python_are_used(tiny_model: Path, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(tiny_model, folder)
    file = folder / "tokenizer_config.json"
    described = json.loads(file.read_bytes())
    file.write_text(json.dumps(described | {"chat_template_type": "deepseek_v32"}))
    found = tokenizer_of(folder, nn.Module(), False, None, None)
    assert "<｜User｜>Why?" in found.apply_chat_template(ASKED, tokenize=False)
    own = tokenizer_of(folder, nn.Module(), False, None, CHAT_TEMPLATE)
    assert "<|im_start|>user\nWhy?" in own.apply_chat_template(ASKED, tokenize=False)


def test_what_mlx_lm_knows_of_a_kind_of_model_is_heeded(
    tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = type("Model", (nn.Module,), {"__module__": muse_spark.__name__})()
    theirs = SimpleNamespace()
    monkeypatch.setattr(module, "load_tokenizer", lambda *_, **__: theirs)
    assert tokenizer_of(tiny_model, model, False, None, None) is theirs
