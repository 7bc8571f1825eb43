"""The stages' schemas as grammars: whatever a model writes, and wherever it is cut, it fits."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stages import enhancement
from stages.base import Prompt
from stages.data_structurer import prompts as answering
from stages.recipe.recipe import shipped
from stages.security_aligner import rewording
from workers.generation.model.load import load
from workers.generation.tokens.grammar import Grammar

PROMPTS = shipped().prompts
WEAKNESS = "It is a weakness in which "
CASES: dict[str, tuple[Prompt, Mapping[str, Any]]] = {
    "filter": (PROMPTS.description, enhancement.ENHANCEMENT),
    "structurer": (PROMPTS.answer, answering.answer_schema("")),
    "with an opening": (PROMPTS.answer, answering.answer_schema(WEAKNESS)),
    "aligner": (PROMPTS.rewording, rewording.ENHANCEMENT),
}


@pytest.fixture(scope="module")
def grammars(default_model: Path, tiny_model: Path) -> list[tuple[Grammar, Any]]:
    loaded = [load(path) for path in (default_model, tiny_model)]
    return [(Grammar(one.tokenizer, one.facts.vocab_size), one.tokenizer) for one in loaded]


def written(
    grammar: Grammar, tokenizer: Any, schema: Mapping[str, Any], most: int, draw: random.Random
) -> str:
    """What a model of no sense writes: any allowed token, as long as there is room."""
    matcher = grammar.matcher(schema)
    tokens: list[int] = []
    for left in range(most, 0, -1):
        if matcher.finished:
            break
        token = matcher.only_choice(left)
        if token is None:
            token = int(draw.choice(np.flatnonzero(matcher.allowed()).tolist()))
        if token in grammar.eos_token_ids:
            break
        matcher.advance(token)
        tokens.append(token)
    return str(tokenizer.decode(tokens))


def fits(value: Any, schema: Mapping[str, Any]) -> bool:
    if "enum" in schema:
        return value in schema["enum"]
    if schema["type"] == "array":
        size = schema["minItems"] <= len(value) <= schema["maxItems"]
        return size and all(fits(item, schema["items"]) for item in value)
    if schema["type"] == "object":
        parts = schema["properties"]
        return set(value) == set(parts) and all(fits(value[name], parts[name]) for name in parts)
    return re.fullmatch(schema["pattern"], value) is not None


@pytest.mark.parametrize("name", CASES)
def test_anything_a_model_may_write_fits_the_schema(
    name: str, grammars: list[tuple[Grammar, Any]]
) -> None:
    prompt, schema = CASES[name]
    for grammar, tokenizer in grammars:
        for seed in range(12):
            text = written(grammar, tokenizer, schema, prompt.max_tokens, random.Random(seed))
            assert fits(json.loads(text), schema), text


@pytest.mark.parametrize("name", CASES)
def test_the_shots_are_among_what_a_model_may_write(
    name: str, grammars: list[tuple[Grammar, Any]]
) -> None:
    prompt, schema = CASES[name]
    grammar, tokenizer = grammars[0]
    for shot in prompt.shots:
        if name != "with an opening":
            tokens = tokenizer.encode(shot.answer, add_special_tokens=False)
            assert grammar.matcher(schema).fitting(tokens) == len(tokens)
            assert len(tokens) + grammar.matcher(schema).reserve < prompt.max_tokens
