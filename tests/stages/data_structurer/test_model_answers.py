"""When a model is asked at all, and when its answer is none."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from stages.data_structurer.answers import Answer
from stages.data_structurer.model_answers import may_ask, model_answers
from stages.recipe.recipe import shipped

OWN = Answer("The decoder trusts a length.", "record", "")


def question(by_model: bool, kind: str) -> Any:
    """What is looked at of a question."""
    return SimpleNamespace(by_model=by_model, ways=(SimpleNamespace(kind=kind),))


@pytest.mark.parametrize(
    ("by_model", "kind", "own", "asked"),
    [
        (True, "role", OWN, True),
        (True, "role", None, False),
        (True, "fields", None, False),
        (True, "lead", None, True),
        (True, "clause", None, True),
        (False, "lead", OWN, False),
        (False, "lead", None, False),
    ],
)
def test_a_model_is_asked_what_the_text_or_the_record_answers(
    by_model: bool, kind: str, own: Answer | None, asked: bool
) -> None:
    assert may_ask(question(by_model, kind), own) is asked


@pytest.mark.parametrize(
    ("written", "kept"),
    [("No known patch is available.", False), ("Update Foomail to 2.0.8.", True)],
)
def test_an_answer_that_only_denies_a_remedy_is_none(written: str, kept: bool) -> None:
    every = shipped().questions.of_kind["vulnerability"]
    asked = next(one for one in every if not one.opening and not one.joined)
    reading: Any = SimpleNamespace(record={}, text="A flaw.", recipe=shipped())

    async def generate(*_: object, **__: object) -> dict[str, str]:
        return {"answer": written}

    llm: Any = SimpleNamespace(generate=generate)
    found = asyncio.run(model_answers(reading, {asked: "How?"}, {asked: None}, llm))
    assert [one.text for one in found.values() if one] == ([written] if kept else [])
