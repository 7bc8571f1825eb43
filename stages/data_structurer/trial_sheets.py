"""One task of a trial: the record as it is read, and how answers to the task are judged.

Judges a model's answer and the record's own words by the same gates, facts and measure.  Asks
nothing.  Invariant: an answer that would not pass the gates of a run scores nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stages.base import Record
from stages.data_structurer.answers import Answer
from stages.data_structurer.model_answers import MODEL, put_to_model
from stages.data_structurer.own_answers import own_answer
from stages.data_structurer.prompts import shown
from stages.data_structurer.reading import Reading, read
from stages.gates.bounds import Bounds
from stages.gates.gates import Pair, judge
from stages.gates.measures import SourceText
from stages.gates.words import content_words
from stages.recipe.asks import KindQuestion
from stages.recipe.demanded import demanded
from stages.recipe.recipe import Recipe
from stages.recipe.trial import Task

LEAST_SAID = 0.5  # share of the content words of a person's answer that a right one has


@dataclass(frozen=True)
class Tried:
    """How one task went.

    `right`: the model's answer passed the gates, tells all facts and nothing wrong, and says much
    of what a person says.  Scores are from 0 to 1 (`score_of`); the model's is 0 for an answer that
    is not right.
    """

    type: str
    asks: str
    right: bool
    score: float
    own_score: float


@dataclass(frozen=True)
class TrialRecord:
    """A record of the trial: by type, the question that a model is asked about it, and the answer
    that its own words give, as they tell without a model."""

    reading: Reading
    asked: Mapping[str, KindQuestion]
    own: Mapping[str, Answer]

    def wording(self, question: KindQuestion) -> str:
        """The first one of a question's wordings: always the same."""
        return question.worded(0, self.reading.subject.name)


async def read_for_trial(record: Record, recipe: Recipe) -> TrialRecord:
    """A record as it would be asked about; raises RecordError when it has no text."""
    reading = await read(record, recipe, None)
    questions = recipe.questions.of_kind[reading.subject.kind]
    own = {question: own_answer(reading, question) for question in questions}
    asked = {question.type: question for question in put_to_model(questions, own)}
    first = {question.type: answer for question, answer in reversed(own.items()) if answer}
    return TrialRecord(reading, asked, first)


@dataclass(frozen=True)
class Sheet:
    """A task as it was put, and how answers to it are judged."""

    task: Task
    question: KindQuestion
    record: TrialRecord
    bounds: Bounds

    def marked(self, written: Answer | None) -> Tried:
        """How the model's answer did, beside the record's own."""
        facts, score = self._judged(written)
        own_score = self._judged(self.record.own.get(self.task.type))[1]
        right = facts == 1.0 and written is not None and self._says_much(written)
        return Tried(self.task.type, self.question.asks, right, score if right else 0.0, own_score)

    def _judged(self, answer: Answer | None) -> tuple[float, float]:
        """The share of the facts that an answer tells, and its score; both 0 for one that does
        not pass the gates or says something wrong."""
        if answer is None or not self._passes(answer) or _said(self.task.never, answer):
            return 0.0, 0.0
        facts = len(_said(self.task.facts, answer)) / len(self.task.facts)
        return facts, score_of(answer.text, self.task.answer, facts)

    def _says_much(self, answer: Answer) -> bool:
        """Whether an answer has many of the words of a person's: facts can stand in other sense."""
        wanted = set(content_words(self.task.answer))
        return len(wanted & set(content_words(answer.text))) >= LEAST_SAID * len(wanted)

    def _passes(self, answer: Answer) -> bool:
        """Whether the gates would let a pair with this answer pass."""
        reading = self.record.reading
        source = SourceText(reading.source.text, f"{reading.source.allowed} {answer.allowed}")
        pair = Pair(self.record.wording(self.question), answer.text, reading.subject.name)
        bounds = demanded(self.bounds, self.question.new_words, answer.by)
        examples = shown(reading.recipe.prompts.answer) if answer.by == MODEL else ()
        return judge(pair, source, bounds, examples).passed


def _said(patterns: Sequence[str], answer: Answer) -> list[str]:
    """Those of the patterns that are found in an answer."""
    return [one for one in patterns if re.search(one, answer.text, re.IGNORECASE)]


def score_of(answer: str, wanted: str, facts: float) -> float:
    """The harmonic mean of the share of the facts that an answer tells, and of how short it is
    beside a person's: the content words of theirs for each of its own, 1 at most."""
    said, needed = len(set(content_words(answer))), len(set(content_words(wanted)))
    brief = min(1.0, needed / max(1, said))
    return 2 * facts * brief / (facts + brief) if facts else 0.0
