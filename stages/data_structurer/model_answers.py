"""Answers that a model writes about a record, before any gate has seen them.

Knows prompts, schemas and which questions are put to a model; does not know whether an answer is
any good.  Invariant: a model that fails to answer one question costs that question only.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from stages.base import LanguageModel, Record, RecordError
from stages.data_structurer.answers import Answer, combined
from stages.data_structurer.own_answers import own_answer
from stages.data_structurer.prompts import LONGEST_ANSWER, answer_schema
from stages.data_structurer.reading import Reading
from stages.recipe.asks import CLAUSE, FORM, LEAD, LEANED_ON, KindQuestion
from stages.text.facts import facts_of
from stages.text.nothing_said import says_nothing
from stages.text.sentences import tidy

MODEL = "model"
OwnAnswers = Mapping[KindQuestion, Answer | None]


async def model_answers(
    reading: Reading, asked: Mapping[KindQuestion, str], llm: LanguageModel
) -> dict[KindQuestion, Answer | None]:
    """What a model answers to each question, given with its wording; asked all at once."""
    answers = await asyncio.gather(
        *(_answer(reading, question, wording, llm) for question, wording in asked.items())
    )
    return {
        question: _with_form(question, answer, reading)
        for question, answer in zip(asked, answers, strict=True)
    }


def _with_form(question: KindQuestion, answer: str, reading: Reading) -> Answer | None:
    """The answer, and behind it the sentence made of fields where the question wants both."""
    if not answer:
        return None
    written = Answer(answer, MODEL, question.opening)
    forms = tuple(way for way in question.ways if way.kind == FORM)
    if not (question.joined and forms):
        return written
    stated = own_answer(reading, replace(question, ways=forms, fits=""))
    return combined([written, stated]) if stated else written


async def _answer(
    reading: Reading, question: KindQuestion, wording: str, llm: LanguageModel
) -> str:
    """The model's whole sentences; empty when there are none, none says anything, or the prompt
    has no room."""
    facts = facts_of(reading.record, question.facts)
    prompt = reading.recipe.prompts.answer.fill(
        text=reading.text, facts=f"\n{facts}" if facts else "", question=wording
    )
    try:
        answer: Record = await llm.generate(prompt, schema=answer_schema(question.opening))
    except RecordError:
        return ""
    said = tidy(answer["answer"], len(question.opening) + LONGEST_ANSWER)
    return "" if says_nothing(said.removeprefix(question.opening)) else said


def put_to_model(questions: Sequence[KindQuestion], own: OwnAnswers) -> Iterator[KindQuestion]:
    """The question of each type that a model is asked, if any: the first with an answer of its
    own, or, where that one is not for a model, one before it that the text itself answers."""
    for type_ in dict.fromkeys(question.type for question in questions):
        same = [question for question in questions if question.type == type_]
        found = next((at for at, question in enumerate(same) if own[question]), 0)
        yield from [one for one in (same[found], *same[:found]) if may_ask(one, own[one])][:1]


def may_ask(question: KindQuestion, own: Answer | None) -> bool:
    """Whether a model is asked: what the text itself answers, or what the record answers too, but
    for what a form alone says of stated fields."""
    if own is None:
        first = question.ways[0]
        return question.by_model and first.kind in (LEAD, CLAUSE) and first.of != LEANED_ON
    return question.by_model and (own.by != FORM or question.joined)
