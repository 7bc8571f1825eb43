"""Which kinds of answer a model writes better than the record's own words would give them.

Asks the fixed tasks of `trial_records` through the same prompts and gates as records go.
Knows nothing of which model it is.  Invariant: the findings are plain values, and the same
answers of a model give the same findings.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from stages.base import Findings, LanguageModel
from stages.data_structurer.asks import KindQuestion
from stages.data_structurer.model_answers import model_answers
from stages.data_structurer.own_answers import Answer, own_answer
from stages.data_structurer.prompts import SHOWN
from stages.data_structurer.questions import QUESTIONS
from stages.data_structurer.reading import Reading, read
from stages.data_structurer.trial_records import FIRST_HALF, RECORDS, SECOND_HALF, Task
from stages.gates.bounds import Bounds
from stages.gates.gates import Pair, judge
from stages.gates.measures import Source
from stages.gates.words import content_words

LEAST_RIGHT = 0.8  # share of a kind's answers that have to be right, from the first half on


@dataclass(frozen=True)
class Tried:
    """How one task went: what was asked for, and how near the answers are to a person's.

    `right`: the model's answer passed the gates, says what it has to and nothing wrong.  Scores
    are the F1 of content words with the person's answer, 0 for an answer that is not right.
    """

    asks: str
    right: bool
    score: float
    own_score: float


@dataclass(frozen=True)
class Figures:
    """Of one kind of answer: tasks, right answers, mean scores, and the verdict."""

    asked: int
    right: int
    score: float
    own_score: float
    writes: bool


async def trial(llm: LanguageModel, bounds: Bounds) -> Findings:
    """The figures of each kind of answer under "kinds", those to be written under "writes"."""
    tried = await _tried(FIRST_HALF, llm, bounds)
    hopeful = {asks for asks, figures in _figures(tried).items() if figures.writes}
    rest = [task for task in SECOND_HALF if _question(task).asks in hopeful]
    tried += await _tried(rest, llm, bounds)
    figures = _figures(tried)
    passed = [name for name, one in figures.items() if one.writes]
    return {"writes": passed, "kinds": {name: asdict(one) for name, one in figures.items()}}


def _figures(tried: Sequence[Tried]) -> dict[str, Figures]:
    return {asks: _figure([one for one in tried if one.asks == asks])
            for asks in dict.fromkeys(one.asks for one in tried)}  # fmt: skip


def _figure(tried: Sequence[Tried]) -> Figures:
    count, right = len(tried), sum(one.right for one in tried)
    score = round(sum(one.score for one in tried) / count, 3)
    own = round(sum(one.own_score for one in tried) / count, 3)
    return Figures(count, right, score, own, right >= LEAST_RIGHT * count and score > own)


def _question(task: Task) -> KindQuestion:
    return next(
        question
        for questions in QUESTIONS.values()
        for question in questions
        if question.type == task.type
    )


async def _tried(tasks: Sequence[Task], llm: LanguageModel, bounds: Bounds) -> list[Tried]:
    return list(await asyncio.gather(*(_try(task, llm, bounds) for task in tasks)))


async def _try(task: Task, llm: LanguageModel, bounds: Bounds) -> Tried:
    reading = await read(RECORDS[task.record], llm)
    question = _question(task)
    wording = question.wordings[0].format(name=reading.subject.name)
    own = own_answer(reading, question)
    written = await model_answers(reading, {question: wording}, {question: None}, llm)
    right, score = _score(task, written[question], reading, wording, bounds)
    return Tried(question.asks, right, score, _score(task, own, reading, wording, bounds)[1])


def _score(
    task: Task, answer: Answer | None, reading: Reading, wording: str, bounds: Bounds
) -> tuple[bool, float]:
    """Whether an answer is right, and how near it is to a person's."""
    if answer is None:
        return False, 0.0
    source = Source(reading.source.text, f"{reading.source.allowed} {answer.allowed}")
    verdict = judge(Pair(wording, answer.text, reading.subject.name), source, bounds, SHOWN)
    says = all(re.search(one, answer.text, re.IGNORECASE) for one in task.must)
    wrong = any(re.search(one, answer.text, re.IGNORECASE) for one in task.never)
    right = verdict.passed and says and not wrong
    return right, _f1(answer.text, task.answer) if right else 0.0


def _f1(one: str, two: str) -> float:
    """F1 of the content words of two texts."""
    said, wanted = set(content_words(one)), set(content_words(two))
    return 2 * len(said & wanted) / max(1, len(said) + len(wanted))
