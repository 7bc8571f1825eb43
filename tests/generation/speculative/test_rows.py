"""One answer on its way: decided token by token, forced by its grammar, ended in time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.engine_tools import SCHEMA, make_requests
from workers.generation.model.load import LoadedModel, load
from workers.generation.packed.rows import CacheSlot
from workers.generation.speculative.drafts import Draft
from workers.generation.speculative.rows import SequenceState
from workers.generation.tokens.logits import KnownLogits
from workers.generation.tokens.sampling import Sampling


@pytest.fixture(scope="module")
def loaded(tiny_model: Path) -> LoadedModel:
    return load(tiny_model)


def row_of(loaded: LoadedModel, draft: bool = True, **settings: Any) -> SequenceState:
    [request] = make_requests(loaded, ["An attacker waits, and waits."], **settings)
    return SequenceState(request, loaded.eos_token_ids, draft)


def for_token(token: int, size: int = 512) -> KnownLogits:
    """Logits that make this token the likeliest."""
    logits = np.zeros(size, dtype=np.float32)
    logits[token] = 9.0
    return KnownLogits(logits)


def test_tokens_are_decided_until_the_end_token(loaded: LoadedModel) -> None:
    row = row_of(loaded)
    row.start(CacheSlot(0, len(row.prompt)), for_token(40))
    row.decide(for_token(41))
    assert (row.answer, row.pending, row.finish, row.left) == ([40, 41], [40, 41], None, 22)
    row.decide(for_token(min(loaded.eos_token_ids)))
    assert row.completion.tokens == (40, 41) and row.completion.finish_reason == "stop"


def test_the_limit_ends_an_answer(loaded: LoadedModel) -> None:
    row = row_of(loaded, max_tokens=2)
    row.start(CacheSlot(0, len(row.prompt)), for_token(40))
    row.decide(for_token(41))
    assert row.completion.cut and row.left == 0


def test_what_the_grammar_forces_needs_no_model(loaded: LoadedModel) -> None:
    row = row_of(loaded, schema=SCHEMA, max_tokens=60)
    begun = loaded.tokenizer.decode(row.answer)
    assert begun.startswith('{"risk_level":') and row.forced == len(row.answer) > 1
    assert row.prefill_tokens == (*row.prompt, *row.answer), "it goes in with the prompt"
    row.start(CacheSlot(0, len(row.prefill_tokens)), for_token(1))
    while row.finish is None:
        row.decide(for_token(1))
    assert set(json.loads(loaded.tokenizer.decode(row.answer))) == set(SCHEMA["required"])


def test_a_token_outside_the_grammar_is_not_taken(loaded: LoadedModel) -> None:
    row = row_of(loaded, schema=SCHEMA, max_tokens=60)
    row.start(CacheSlot(0, len(row.prefill_tokens)), for_token(loaded.tokenizer.encode("x")[-1]))
    text = loaded.tokenizer.decode(row.answer)
    assert any(f'"{level[:1]}' in text for level in ("low", "medium", "high"))


def test_a_sampled_token_belongs_to_prompt_seed_and_place(loaded: LoadedModel) -> None:
    flat = KnownLogits(np.zeros(512, dtype=np.float32))

    def drawn(seed: int) -> list[int]:
        row = row_of(loaded, sampling=Sampling(1.0, 1.0, seed))
        row.start(CacheSlot(0, len(row.prompt)), flat)
        for _ in range(5):
            row.decide(flat)
        return row.answer

    assert drawn(1) == drawn(1) != drawn(2)
    assert len(set(drawn(1))) > 1


def test_the_part_of_a_draft_that_length_and_grammar_let_through(loaded: LoadedModel) -> None:
    free = row_of(loaded, max_tokens=4)
    assert free.fitting(Draft("prompt", 2, tuple(range(20, 30)))) == (20, 21, 22)
    strict = row_of(loaded, schema=SCHEMA, max_tokens=60)
    right = tuple(loaded.tokenizer.encode('"low","mitigations":[]}', add_special_tokens=False))
    text = loaded.tokenizer.decode(strict.answer)
    if text.endswith('"'):  # the grammar has forced the quotation mark already
        right = tuple(loaded.tokenizer.encode('low","mitigations":[]}', add_special_tokens=False))
    wrong = (*right[:1], 511, *right[1:])
    assert len(strict.fitting(Draft("prompt", 2, right))) > 1
    assert strict.fitting(Draft("prompt", 2, wrong)) == right[:1]


def test_lookups_see_the_rows_own_prompt_and_answer(loaded: LoadedModel) -> None:
    row = row_of(loaded)
    start = row.request.prompt.shared
    first, second, third, fourth = row.prompt[start : start + 4]
    row.answer.extend((first, second))
    found = row.ngram_draft(2)
    assert found is not None and found.tokens == (third, fourth)
    assert row_of(loaded, draft=False).ngram_draft(2) is None
