"""Tokenizers are compared by their files; what can't be read is no difference."""

from __future__ import annotations

import json
from pathlib import Path

from workers.run.vocabularies import why_tokenizers_differ


def test_a_token_of_another_name_is_found(tiny_model: Path, tmp_path: Path) -> None:
    assert why_tokenizers_differ(tiny_model, tiny_model) == ""
    read = json.loads((tiny_model / "tokenizer.json").read_bytes())
    token = read["added_tokens"][0]["content"]
    text = json.dumps(read).replace(json.dumps(token), '"<|reserved|>"')
    (tmp_path / "tokenizer.json").write_text(text)
    found = why_tokenizers_differ(tiny_model, tmp_path)
    assert found.startswith("their tokenizers differ: 512 and 512 tokens, and '<|")
    assert found.endswith("|>' does not have the id 0 in both")


def test_a_file_that_can_not_be_read_is_left_to_the_loading(
    tiny_model: Path, tmp_path: Path
) -> None:
    assert why_tokenizers_differ(tiny_model, tmp_path) == ""
    (tmp_path / "tokenizer.json").write_text("{")
    assert why_tokenizers_differ(tmp_path, tiny_model) == ""
