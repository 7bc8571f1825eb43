"""That each check of `selftest` fails when what it looks for is not so, and its advice in words.

What the checks find on a machine where all is well is in tests/test_batching.py.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.generation.models import soft_capped
from workers.cli import selftest
from workers.cli.selftest import Check, Selftest, best_size, compare, draft_advice
from workers.cli.trial import FreeMemory, Round, TokenizedAnswer, play, questions
from workers.generation.batched import BatchedMLXGenerator
from workers.generation.model.load import LoadedModel, load
from workers.generation.model.memory import MemoryBudget
from workers.generation.model.ties import gap, parted_at, tolerance
from workers.generation.settings import GenerationSettings
from workers.performance_logger import Drafts

TOKENS = 24


@pytest.fixture(scope="module")
def tiny(tiny_model: Path) -> LoadedModel:
    return load(tiny_model)


def check_of(tiny: LoadedModel, name: str) -> Check:
    # Memory is checked before each step, else so small a model is done before it is.
    test = Selftest(tiny, None, TOKENS, sizes=(4,), say=lambda line: None, memory_check_seconds=0.0)
    [check] = test.run([name])
    return check


def failures(check: Check) -> list[str]:
    return [line for line in check.found if line.startswith("FAILED")]


def test_an_engine_that_ignores_the_budget_is_found(
    tiny: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MemoryBudget, "rows", lambda self, *_: self.ceiling)
    check = check_of(tiny, "dynamic")
    assert not check.ok
    assert any(re.search(r"memory for about 3 sequences: at most 1\d", f) for f in failures(check))


def test_a_model_that_can_not_use_drafts_is_said_to_be_one(
    tiny: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Told that no draft is worth proposing, people would turn to settings that change nothing."""
    monkeypatch.setattr(selftest, "play", lambda *_: pytest.fail("there is nothing to compare"))
    check = check_of(replace(tiny, model=soft_capped()), "speculative")
    assert check.ok and not check.advice
    [found] = check.found
    assert found.startswith("this model can't use drafts: layer 0 of ")


def test_simulated_memory_falls_by_what_sequences_hold(
    tiny: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else what they hold counts twice, and a healthy machine fails."""
    given: list[FreeMemory] = []

    def noting(*arguments: Any) -> Round:
        given.append(arguments[3])
        return play(*arguments)

    monkeypatch.setattr(selftest, "play", noting)
    assert check_of(tiny, "dynamic").ok
    [scarce] = [free for free in given if free(0) < 1 << 40 and free is not given[-1]]
    assert scarce(1000) == scarce(0) - 1000


def test_an_engine_that_counts_what_it_holds_as_free_twice_is_found(
    tiny: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fault of a budget whose reading does not fall as sequences take memory."""
    rows = MemoryBudget.rows

    def doubled(self: MemoryBudget, tokens: int, at_once: int, held: int = 0) -> int:
        return rows(self, tokens, at_once, 30 * held)

    monkeypatch.setattr(MemoryBudget, "rows", doubled)
    assert any("memory for about 3" in line for line in failures(check_of(tiny, "dynamic")))


def test_an_engine_that_gives_no_memory_back_is_found(
    tiny: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_short: Any = MemoryBudget.short
    blind = property(lambda self: is_short.fget(self) and False)
    monkeypatch.setattr(MemoryBudget, "short", blind)
    check = check_of(tiny, "dynamic")
    assert any(re.search(r"  sequences at once: 1\d, then", line) for line in failures(check))


def test_a_wrong_answer_is_found(tiny: LoadedModel, monkeypatch: pytest.MonkeyPatch) -> None:
    complete = BatchedMLXGenerator.complete

    async def spoiled(self: BatchedMLXGenerator, *args: object) -> object:
        answer = await complete(self, *args)  # type: ignore[arg-type]
        if self.settings.no_batching or len(answer.tokens) < 9:
            return answer
        return replace(answer, tokens=(*answer.tokens[:8], answer.tokens[8] ^ 1))

    monkeypatch.setattr(BatchedMLXGenerator, "complete", spoiled)
    check = check_of(tiny, "batch")
    assert not check.ok
    assert "differ: question" in check.found[0] and "from token 9" in check.found[0]


def test_near_ties_are_told_from_errors(tiny: LoadedModel) -> None:
    [answer] = play(tiny, GenerationSettings(no_batching=True), questions(1, TOKENS)).answers
    assert compare(tiny, [answer], [answer]).same == 1
    worse = TokenizedAnswer(answer.prompt, (*answer.tokens[:3], (answer.tokens[3] + 7) % 512))
    found = compare(tiny, [answer], [worse])
    assert len(found.other) == 1 and "from token 4" in found.other[0]
    assert gap(tiny, answer.prompt, 5, 5) == 0.0 < tolerance(tiny)
    assert parted_at((1, 2), (1, 2, 3), end=9) == (2, 9, 3)
    assert parted_at((1, 2), (1, 2), end=9) is None


def test_the_smallest_batch_size_that_is_fast_enough_is_recommended() -> None:
    assert best_size({1: 10.0, 4: 39.5, 8: 40.0, 16: 41.0}) == 4
    assert best_size({1: 10.0, 4: 10.2}) == 1


def test_advice_on_drafts_in_words() -> None:
    drafts = {"model": Drafts(10, proposed=100, accepted=38)}
    model = "drafts from the draft model"
    assert draft_advice(model, drafts, 0.8) == (
        "drafts from the draft model: 38% of the tokens accepted, 0.80 times as fast, "
        "which is slower: leave out --enable-speculative"
    )
    assert draft_advice(model, drafts, 1.4).endswith("1.40 times as fast: keep them on")
    assert "--num-draft-tokens 0" in draft_advice("drafts from prompt", drafts, 0.8)
    assert "none was worth proposing" in draft_advice(model, {}, 1.0)
