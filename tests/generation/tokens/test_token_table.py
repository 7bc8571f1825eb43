"""Tokens that are kept: grammars allow and force the same with them as when they are read anew."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from transformers import AutoTokenizer

from tests.engine_tools import SCHEMA
from workers.core.errors import ModelError
from workers.generation.tokens import token_table
from workers.generation.tokens.grammar import Grammar

SCHEMAS: list[dict[str, Any]] = [
    SCHEMA,
    {"type": "array", "items": {"enum": ["a 'request'\n", "über 日本", " 3.14"]}, "maxItems": 3},
]


class Ended:
    """A tokenizer as mlx-lm wraps it, as far as grammars need it."""

    def __init__(self, inner: Any, ends: tuple[int, ...] = (2,)) -> None:
        self._tokenizer = inner
        self.eos_token_ids = ends


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CYBERLLM_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache" / "tokens"


@pytest.fixture
def tokenizer(tiny_model: Path) -> Ended:
    return Ended(AutoTokenizer.from_pretrained(tiny_model))


def walked(grammar: Grammar, schema: dict[str, Any], seed: int) -> list[Any]:
    """What is allowed and what is forced at each step of an answer, and the answer."""
    random, matcher, seen = np.random.default_rng(seed), grammar.matcher(schema), list[Any]()
    for left in range(120, 0, -1):
        if matcher.finished:
            break
        token = matcher.only_choice(left)
        seen.append((token, matcher.allowed().tobytes()))
        matcher.advance(int(random.choice(np.flatnonzero(matcher.allowed()))))
    return seen


def test_with_kept_tokens_the_same_is_allowed_and_forced(
    tokenizer: Ended, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_library = Grammar(tokenizer, 512)
    first = Grammar(tokenizer, 512, "a model")
    monkeypatch.setattr(token_table, "_read", lambda *_: pytest.fail("read again"))
    kept = Grammar(tokenizer, 512, "a model")
    tokenizer._tokenizer.encode("x <|im_end|> y", split_special_tokens=True)  # as for prompts
    for schema in SCHEMAS:
        for seed in range(4):
            wanted = walked(by_library, schema, seed)
            assert walked(first, schema, seed) == walked(kept, schema, seed) == wanted


def test_another_model_size_or_end_has_tokens_of_its_own(tokenizer: Ended, cache: Path) -> None:
    for size, ends, model in (
        (512, (2,), "a"),
        (512, (2,), "b"),
        (600, (2,), "a"),
        (512, (0,), "a"),
    ):
        tokenizer.eos_token_ids = ends
        Grammar(tokenizer, size, model)
    assert len(list(cache.glob("*.json"))) == 4
    tokenizer.eos_token_ids = (2,)
    Grammar(tokenizer, 512)
    assert len(list(cache.glob("*.json"))) == 4, "nothing is kept of a model without a hash"


def test_where_texts_are_cut_otherwise_the_library_reads_it(
    tokenizer: Ended, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    real = token_table._read

    def counted(*given: Any) -> Any:
        read.append(1)
        return real(*given)

    monkeypatch.setattr(token_table, "_read", counted)
    monkeypatch.setattr(token_table, "_cut", lambda fast, text: [*fast.encode(text).ids, 7])
    for _ in range(2):
        Grammar(tokenizer, 512, "a model")
    assert len(read) == 2
    [file] = cache.glob("*.json")
    assert json.loads(file.read_bytes()) == {"tokens": [], "special": []}


def test_a_damaged_file_is_made_anew(tokenizer: Ended, cache: Path) -> None:
    Grammar(tokenizer, 512, "a model")
    [file] = cache.glob("*.json")
    whole = file.read_bytes()
    for damage in (b"", b"{}", b'{"tokens": [1], "special": []}', whole[:-9]):
        file.write_bytes(damage)
        Grammar(tokenizer, 512, "a model")
        assert file.read_bytes() == whole


def test_a_slow_tokenizer_is_refused(tokenizer: Ended) -> None:
    with pytest.raises(ModelError, match="only fast tokenizers"):
        Grammar(Ended([1, 2, 3]), 512)
