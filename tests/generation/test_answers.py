"""What the engine wrote as texts and as values; more of it in test_asking.py, test_batched.py."""

from __future__ import annotations

from pathlib import Path

import pytest
from mlx_lm.utils import load_tokenizer

from stages.base import UnusableAnswer
from workers.generation.answers import value_of
from workers.generation.requests import Completion


@pytest.mark.parametrize(("reason", "said"), [("length", "cut off at"), ("stop", "not valid JSON")])
def test_why_there_is_no_value(tiny_model: Path, reason: str, said: str) -> None:
    tokenizer = load_tokenizer(tiny_model)
    tokens = tuple(tokenizer.encode('{"level": "lo', add_special_tokens=False))
    with pytest.raises(UnusableAnswer, match=said):
        value_of(Completion(tokens, reason), {"type": "object"}, tokenizer)
    assert value_of(Completion(tokens, reason), None, tokenizer) == '{"level": "lo'
