"""Answers that a model writes about a record, before any gate has seen them.

Knows prompts and schemas; does not know whether an answer is any good.  Invariant: a model that
fails to answer one question costs that question and nothing else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from stages.base import LanguageModel, Record, RecordError
from stages.data_structurer.answers import Answer, combined
from stages.data_structurer.prompts import LONGEST_ANSWER, answer_schema
from stages.data_structurer.reading import Reading
from stages.recipe.asks import CLAUSE, FORM, LEAD, KindQuestion
from stages.text.facts import facts_of
from stages.text.nothing_said import says_nothing
from stages.text.sentences import tidy

MODEL = "model"


async def model_answers(
    reading: Reading,
    asked: Mapping[KindQuestion, str],
    own: Mapping[KindQuestion, Answer | None],
    llm: LanguageModel,
) -> dict[KindQuestion, Answer | None]:
    """What a model answers to each question, given with its wording; asked all at once."""
    answers = await asyncio.gather(
        *(_answer(reading, question, wording, llm) for question, wording in asked.items())
    )
    return {
        question: _with_form(question, answer, own[question])
        for question, answer in zip(asked, answers, strict=True)
    }


def _with_form(question: KindQuestion, answer: str, own: Answer | None) -> Answer | None:
    """The answer, and behind it the sentence made of fields where the question wants both."""
    if not answer:
        return None
    written = Answer(answer, MODEL, question.opening)
    wants_form = question.joined and any(way.kind == FORM for way in question.ways)
    is_form = own is not None and own.by == FORM
    return combined([written, own]) if wants_form and is_form and own else written


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


def may_ask(question: KindQuestion, own: Answer | None) -> bool:
    """Whether a model is asked: what the text itself answers, or what the record answers too."""
    return question.by_model and (own is not None or question.ways[0].kind in (LEAD, CLAUSE))
