"""Which questions are put to a model, and what stands behind its answers."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from stages.data_structurer.answers import Answer
from stages.data_structurer.model_answers import MODEL, may_ask, model_answers, put_to_model
from stages.data_structurer.own_answers import own_answer
from stages.data_structurer.reading import read
from stages.recipe.asks import FORM, LEAD, KindQuestion, Way
from stages.recipe.recipe import shipped
from tests.stage_help import ScriptedModel

OWN = Answer("The decoder trusts a length.", "record", "")
STATED = Answer("It affects Lark 2.", FORM, "")


def question(by_model: bool, kind: str, joined: bool = False, wording: str = "?") -> KindQuestion:
    return KindQuestion("a", (wording,), (Way(kind),), "what", joined=joined, by_model=by_model)


@pytest.mark.parametrize(
    ("by_model", "kind", "own", "asked"),
    [
        (True, "role", OWN, True),
        (True, "role", None, False),
        (True, "fields", None, False),
        (True, "lead", None, True),
        (True, "clause", None, True),
        (True, "form", STATED, False),
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
    found = asyncio.run(model_answers(reading, {asked: "How?"}, llm))
    assert [one.text for one in found.values() if one] == ([written] if kept else [])


def test_what_a_form_says_together_with_sentences_a_model_may_say_in_their_place() -> None:
    assert may_ask(question(True, "lead", joined=True), STATED)


def test_of_a_type_the_first_that_the_record_answers_is_put_to_a_model() -> None:
    one, two = question(True, LEAD, wording="1?"), question(True, LEAD, wording="2?")
    assert list(put_to_model([one, two], {one: None, two: OWN})) == [two]
    assert list(put_to_model([one, two], {one: OWN, two: OWN})) == [one]
    assert list(put_to_model([one, two], {one: None, two: None})) == [one]


def test_where_that_is_not_for_a_model_one_before_it_may_be_but_none_behind() -> None:
    """A long text has its first paragraphs quoted, and a model may sum up all of it; what fields
    state is not asked again."""
    whole, part = question(True, LEAD, wording="1?"), question(False, LEAD, wording="2?")
    assert list(put_to_model([whole, part], {whole: None, part: OWN})) == [whole]
    stated, told = question(True, FORM), question(True, "role")
    assert list(put_to_model([stated, told], {stated: STATED, told: OWN})) == []


def test_a_question_for_a_sentence_and_fields_has_the_fields_behind_the_models_words() -> None:
    record = {
        "stix_id": "malware--00000000-0000-4000-8000-000000009911",
        "external_id": "S9911",
        "name": "Ringer",
        "description": "Ringer is a worm that rings bells.",
        "platforms": ["Windows"],
    }
    said = "Ringer rings the bells of a tower."
    llm: Any = ScriptedModel(lambda prompt, schema: {"answer": said})

    async def written() -> str:
        reading = await read(record, shipped(), None)
        questions = shipped().questions.of_kind[reading.subject.kind]
        own = {one: own_answer(reading, one) for one in questions}
        [asked] = [one for one in put_to_model(questions, own) if one.asks == "what"]
        assert asked.joined
        answer = (await model_answers(reading, {asked: "?"}, llm))[asked]
        assert answer is not None and answer.by == MODEL
        return answer.text

    assert asyncio.run(written()) == f"{said} It runs on Windows."
