"""Which kinds of answer a model writes better than the record's own words would give them.

Asks the fixed tasks of the recipe through the same prompts and gates as records go.
Knows nothing of which model it is.  Invariant: the findings are plain values, and the same
answers of a model give the same findings.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from stages.base import Findings, LanguageModel
from stages.data_structurer.answers import Answer
from stages.data_structurer.model_answers import model_answers
from stages.data_structurer.own_answers import own_answer
from stages.data_structurer.prompts import shown
from stages.data_structurer.reading import Reading, read
from stages.gates import bounds as gates_bounds
from stages.gates.bounds import Bounds
from stages.gates.gates import Pair, judge
from stages.gates.measures import SourceText
from stages.gates.words import content_words
from stages.recipe.asks import KindQuestion
from stages.recipe.recipe import Recipe
from stages.recipe.trial import Task
from stages.text import literals, sentences

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


@cache
def judging_code() -> str:
    """The hash of the code that judges answers: findings of other gates are none of these."""
    gates = sorted(Path(gates_bounds.__file__).parent.glob("*.py"))
    files = (*gates, *(Path(str(one.__file__)) for one in (literals, sentences)), Path(__file__))
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


async def trial(llm: LanguageModel, recipe: Recipe, bounds: Bounds) -> Findings:
    """The figures of each kind of answer under "kinds", those to be written under "writes"."""
    examiner = _Examiner(llm, recipe, bounds)
    tried = await examiner.tried(recipe.trial.first_half)
    hopeful = {asks for asks, figures in _figures(tried).items() if figures.writes}
    if hopeful:
        tried += await examiner.tried(recipe.trial.second_half, hopeful)
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


@dataclass(frozen=True)
class _Examiner:
    """Sets a model tasks, as far as the recipe asks what they ask."""

    llm: LanguageModel
    recipe: Recipe
    bounds: Bounds

    async def tried(self, tasks: Sequence[Task], asking: Collection[str] = ()) -> list[Tried]:
        """How those of the tasks went that ask for these things, or for anything."""
        known = {
            question.type: question
            for questions in reversed(tuple(self.recipe.questions.of_kind.values()))
            for question in reversed(questions)
        }
        asked = [(task, known[task.type]) for task in tasks if task.type in known]
        wanted = [one for one in asked if not asking or one[1].asks in asking]
        return list(await asyncio.gather(*(self._try(*one) for one in wanted)))

    async def _try(self, task: Task, question: KindQuestion) -> Tried:
        reading = await read(self.recipe.trial.records[task.record], self.recipe, self.llm)
        wording = question.worded(0, reading.subject.name)
        own = own_answer(reading, question)
        written = await model_answers(reading, {question: wording}, {question: None}, self.llm)
        right, score = _score(task, written[question], reading, wording, self.bounds)
        own_score = _score(task, own, reading, wording, self.bounds)[1]
        return Tried(question.asks, right, score, own_score)


def _score(
    task: Task, answer: Answer | None, reading: Reading, wording: str, bounds: Bounds
) -> tuple[bool, float]:
    """Whether an answer is right, and how near it is to a person's."""
    if answer is None:
        return False, 0.0
    source = SourceText(reading.source.text, f"{reading.source.allowed} {answer.allowed}")
    examples = shown(reading.recipe.prompts.answer)
    verdict = judge(Pair(wording, answer.text, reading.subject.name), source, bounds, examples)
    says = all(re.search(one, answer.text, re.IGNORECASE) for one in task.must)
    wrong = any(re.search(one, answer.text, re.IGNORECASE) for one in task.never)
    right = verdict.passed and says and not wrong
    return right, _f1(answer.text, task.answer) if right else 0.0


def _f1(one: str, two: str) -> float:
    """F1 of the content words of two texts."""
    said, wanted = set(content_words(one)), set(content_words(two))
    return 2 * len(said & wanted) / max(1, len(said) + len(wanted))
