"""Tokens that are kept: grammars allow and force the same with them as when they are read anew."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from jsonschema import validate
from transformers import AutoTokenizer, PreTrainedTokenizer

from tests.engine_tools import SCHEMA
from workers.core.errors import ModelError
from workers.generation.model.tokenizer import check_schemas
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


class Written(PreTrainedTokenizer):
    """A tokenizer that is code: letters, blanks as U+2581, and bytes of everything else."""

    def __init__(self, lower: bool = False, **more: Any) -> None:
        texts = ["<s>", "</s>", "\u2581", "level", *map(chr, range(33, 127))]
        bytes_ = [f"<0x{byte:02X}>" for byte in range(256)]
        self._known = {text: token for token, text in enumerate([*texts, *bytes_])}
        self._texts = list(self._known)
        self._lower = lower
        super().__init__(bos_token="<s>", eos_token="</s>", **more)  # type: ignore[no-untyped-call]

    @property
    def vocab_size(self) -> int:
        return len(self._known)

    def get_vocab(self) -> dict[str, int]:
        return dict(self._known)

    def _tokenize(self, text: str, **_: Any) -> list[str]:
        text = text.lower() if self._lower else text
        pieces = re.findall("level|.", text.replace(" ", "\u2581"), re.DOTALL)
        return [one for piece in pieces for one in self._pieces(piece)]

    def _pieces(self, piece: str) -> list[str]:
        return [piece] if piece in self._known else [f"<0x{b:02X}>" for b in piece.encode()]

    def _convert_token_to_id(self, token: str) -> int:
        return self._known[token]

    def _convert_id_to_token(self, index: int) -> str:
        return self._texts[index]


def test_a_tokenizer_that_is_code_holds_answers_to_a_schema() -> None:
    written = Written()
    grammar = Grammar(Ended(written, (1,)), 500)
    random = np.random.default_rng(1)
    for schema in (*SCHEMAS, {"enum": ["a </s> b"]}) * 3:
        matcher, answer = grammar.matcher(schema), []
        for left in range(400, 0, -1):
            token = matcher.only_choice(left)
            token = (
                int(random.choice(np.flatnonzero(matcher.allowed()))) if token is None else token
            )
            matcher.advance(token)
            answer.append(token)
            if matcher.finished:
                break
        said = [token for token in answer if token != 1]
        table = token_table._table_of_code(written, 500)
        validate(json.loads(b"".join(table.tokens[token] for token in said)), schema)


def test_one_whose_tokens_can_not_be_read_is_refused_at_load(tiny_model: Path) -> None:
    """Not with the first answer under a schema, hours later."""
    tokenizer = Ended(Written(lower=True), (1,))
    says = "it is code, and does not say which bytes its tokens stand for"
    with pytest.raises(ModelError, match=f"not possible with this model's tokenizer: {says}"):
        Grammar(tokenizer, 500)
    with pytest.raises(ModelError, match=f"model {tiny_model}: .*: {says}$"):
        check_schemas(tiny_model, tokenizer)
    with pytest.raises(ModelError):
        Grammar(Ended([1, 2, 3]), 512)
