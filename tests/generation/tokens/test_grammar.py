"""Answers under a schema: always valid, however they are cut, row by row in one batch."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stages.enhancement import ENHANCEMENT
from stages.security_aligner.rewording import ENHANCEMENT as REWORDING
from tests.engine_tools import SCHEMA, TEXTS, answers, costs, make_requests
from workers.core.errors import ModelError
from workers.generation.model.load import LoadedModel, load
from workers.generation.speculative.decoder import SpeculativeDecoder
from workers.generation.speculative.drafting import Drafter
from workers.generation.tokens.grammar import Grammar, SchemaProcessor
from workers.generation.tokens.sampling import Sampling

SCHEMAS = {"risk": SCHEMA, "enhancement": ENHANCEMENT, "rewording": REWORDING}


@pytest.fixture(scope="module")
def loaded(tiny_model: Path) -> LoadedModel:
    return load(tiny_model)


@pytest.fixture(scope="module")
def grammar(loaded: LoadedModel) -> Grammar:
    return Grammar(loaded.tokenizer, loaded.facts.vocab_size)


def written_at_random(
    loaded: LoadedModel, grammar: Grammar, schema: dict[str, Any], seed: int, most: int
) -> str:
    """A text of at most `most` tokens, each drawn among those the grammar allows."""
    random, matcher = np.random.default_rng(seed), grammar.matcher(schema)
    tokens: list[int] = []
    while len(tokens) < most and not matcher.finished:
        token = matcher.only_choice(most - len(tokens))
        if token is None:
            token = int(random.choice(np.flatnonzero(matcher.allowed())))
        if token in loaded.eos_token_ids:
            break
        tokens.append(token)
        matcher.advance(token)
    return str(loaded.tokenizer.decode(tokens))


@pytest.mark.parametrize("name", SCHEMAS)
def test_whatever_is_written_parses(loaded: LoadedModel, grammar: Grammar, name: str) -> None:
    schema = SCHEMAS[name]
    for seed in range(350 if name == "risk" else 30):
        answer = json.loads(written_at_random(loaded, grammar, schema, seed, 700))
        assert list(answer) == schema["required"]


@pytest.mark.parametrize("most", [110, 140, 200])
def test_an_answer_cut_by_its_limit_still_closes(
    loaded: LoadedModel, grammar: Grammar, most: int
) -> None:
    cut = [written_at_random(loaded, grammar, ENHANCEMENT, seed, most) for seed in range(30)]
    for text in cut:
        assert set(json.loads(text)) == set(ENHANCEMENT["required"])


def test_a_thousand_answers_of_a_batch_parse(loaded: LoadedModel) -> None:
    texts = [f"{text} {number}" for number in range(200) for text in TEXTS]
    requests = make_requests(
        loaded, texts, schema=SCHEMA, max_tokens=40, sampling=Sampling(1.2, 1.0, 11)
    )
    engine = SpeculativeDecoder(loaded, Drafter(costs))
    parsed = 0
    for start in range(0, 1000, 100):
        for tokens in answers(engine, requests[start : start + 100]):
            answer = json.loads(loaded.tokenizer.decode(list(tokens)))
            assert answer["risk_level"] in ("low", "medium", "high")
            assert len(answer["mitigations"]) <= 2
            parsed += 1
    assert parsed == 1000


def test_rows_of_every_kind_share_a_batch(loaded: LoadedModel) -> None:
    free = make_requests(loaded, TEXTS[:2])
    strict = make_requests(loaded, TEXTS[2:4], schema=SCHEMA, max_tokens=50)
    drawn = make_requests(loaded, TEXTS[4:], sampling=Sampling(0.7, 0.9, 1))
    together = [*free, *strict, *drawn]
    apart = [answers(SpeculativeDecoder(loaded), [request])[0] for request in together]
    assert answers(SpeculativeDecoder(loaded), together) == apart
    for tokens in apart[2:4]:
        json.loads(loaded.tokenizer.decode(list(tokens)))


def test_forced_text_costs_no_choice(loaded: LoadedModel, grammar: Grammar) -> None:
    matcher = grammar.matcher(SCHEMA)
    written = []
    while (token := matcher.only_choice(100)) is not None:
        assert matcher.allows(token)
        written.append(token)
        matcher.advance(token)
    text = loaded.tokenizer.decode(written)
    assert text.startswith('{"risk')


def test_fitting_stops_at_the_first_token_out_of_place(
    loaded: LoadedModel, grammar: Grammar
) -> None:
    matcher = grammar.matcher(SCHEMA)
    right = loaded.tokenizer.encode('{"risk_level":', add_special_tokens=False)
    wrong = loaded.tokenizer.encode("bread", add_special_tokens=False)
    assert matcher.fitting(wrong) == 0
    fits = matcher.fitting([*right[:2], *wrong])
    assert fits == 2


def test_the_processor_masks_all_else(loaded: LoadedModel, grammar: Grammar) -> None:
    import mlx.core as mx

    processor = SchemaProcessor(grammar.matcher(SCHEMA), 50)
    logits = np.array(processor(mx.array([1]), mx.zeros((1, grammar.vocab_size))))
    allowed = np.flatnonzero(np.isfinite(logits[0]))
    first = loaded.tokenizer.decode([int(allowed[0])])
    assert len(allowed) == 1 and first.startswith("{")


def test_a_tokenizer_may_have_more_tokens_than_the_model(loaded: LoadedModel) -> None:
    """As Gemma 3's small models have: one for images."""
    fewer = loaded.facts.vocab_size - 1
    grammar = Grammar(loaded.tokenizer, fewer)
    matcher = grammar.matcher(SCHEMAS["risk"])
    assert matcher.allowed().shape == (fewer,) and matcher.allowed().any()


def test_a_tokenizer_that_can_not_be_read_is_refused(loaded: LoadedModel) -> None:
    class Slow:
        eos_token_ids = frozenset({0})

        def __len__(self) -> int:
            return 10

    with pytest.raises(ModelError, match="not possible with this model's tokenizer"):
        Grammar(Slow(), 10)


def test_a_schema_that_can_not_be_used_is_an_error(grammar: Grammar) -> None:
    with pytest.raises(ModelError, match="schema"):
        grammar.matcher({"type": "no such type"})
