"""The tiny model is a real one: mlx-lm loads it, and it answers the same each time."""

from __future__ import annotations

import time
from pathlib import Path

from tests.tiny_model import SPECIAL_TOKENS, make_tiny_model


def test_it_is_quick_and_the_same_each_time(tmp_path: Path) -> None:
    begun = time.perf_counter()
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        make_tiny_model(tmp_path / name)
    assert time.perf_counter() - begun < 4
    for file in (tmp_path / "one").iterdir():
        assert file.read_bytes() == (tmp_path / "two" / file.name).read_bytes()


def test_mlx_lm_loads_it_and_generates(tiny_model: Path) -> None:
    import mlx_lm

    model, tokenizer = mlx_lm.load(str(tiny_model))[:2]
    chat = [{"role": "user", "content": "What is phishing?"}]
    prompt = tokenizer.apply_chat_template(chat, add_generation_prompt=True)
    answers = {mlx_lm.generate(model, tokenizer, prompt, max_tokens=24) for _ in range(2)}
    assert len(answers) == 1 and answers != {""}
    chat[0]["content"] = "How is bread made?"
    prompt = tokenizer.apply_chat_template(chat, add_generation_prompt=True)
    assert mlx_lm.generate(model, tokenizer, prompt, max_tokens=24) not in answers


def test_its_special_tokens_are_one_token_each(tiny_model: Path) -> None:
    from mlx_lm.utils import load_tokenizer

    tokenizer = load_tokenizer(tiny_model)
    for token_id, token in enumerate(SPECIAL_TOKENS):
        assert tokenizer.encode(token, add_special_tokens=False) == [token_id]
    assert tokenizer.eos_token_ids == {SPECIAL_TOKENS.index("<|im_end|>")}
    text = "Grüße, <b> 日本 \x00"
    assert tokenizer.decode(tokenizer.encode(text, add_special_tokens=False)) == text


def test_the_default_model_is_there(default_model: Path) -> None:
    assert (default_model / "config.json").is_file()
