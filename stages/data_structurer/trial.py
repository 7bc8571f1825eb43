"""Which types of question a model answers better than the record's own words would.

Asks the fixed tasks of the recipe through the same prompts and gates as records go, of each type
one after the other, and no more once one went wrong.  Knows nothing of which model it is.
Invariant: the findings are plain values, the same answers of a model give the same findings, and a
type that was not measured is not in them.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from stages.base import Findings, LanguageModel
from stages.data_structurer.model_answers import model_answers
from stages.data_structurer.trial_sheets import Sheet, TrialRecord, Tried, read_for_trial
from stages.gates import bounds as gates_bounds
from stages.gates.bounds import Bounds
from stages.recipe.recipe import Recipe
from stages.recipe.trial import Task
from stages.text import literals, sentences

LEAST_TASKS = 2  # of a type, all of them right, before a model writes it
LEAST_RIGHT = 0.8  # share of the tasks that ask for the same thing, such as a cause
HOPEFUL = 0.5  # the same share, below which no more of them are asked; in it
COUNT_AS = 3  # all tasks together count as so many of them, for one task alone says little


@dataclass(frozen=True)
class Figures:
    """Of one type of question: tasks, right answers, mean scores, and the verdict."""

    asked: int
    right: int
    score: float
    own_score: float
    writes: bool


@cache
def judging_code() -> str:
    """The hash of the code that asks and judges: what other code found is not found by this."""
    folders = (Path(gates_bounds.__file__).parent, Path(__file__).parent)
    code = [file for folder in folders for file in sorted(folder.glob("*.py"))]
    files = (*code, *(Path(str(one.__file__)) for one in (literals, sentences)))
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


async def trial(llm: LanguageModel, recipe: Recipe, bounds: Bounds) -> Findings:
    """The figures of each type that was asked about under "kinds", the types to be written under
    "writes", and how many these are, for people, under "told"."""
    asks = _asks(recipe)
    waiting = [task for task in recipe.trial.tasks if task.type in asks]
    examiner = _Examiner(llm, recipe, bounds)
    tried: list[Tried] = []
    due: Collection[Task] = [task for task in waiting if task.first]
    while due:
        tried += await examiner.tried(due)
        waiting = [task for task in waiting if task not in due]
        due = _due(waiting, tried, asks)
    figures = _figures(tried)
    writes = [type_ for type_, one in figures.items() if one.writes]
    kinds = {type_: asdict(one) for type_, one in figures.items()}
    return {"writes": writes, "kinds": kinds, "told": _told(len(writes), len(recipe.trial.types))}


def _told(writes: int, types: int) -> str:
    """Who writes, in a line."""
    of = f"of {types} types of answer"
    if not writes:
        return f"by its trial the model writes none {of}, the record's own words do"
    return f"by its trial the model writes {writes} {of}, the record's own words the others"


def _asks(recipe: Recipe) -> dict[str, str]:
    """What the questions of each type ask for."""
    of_kind = recipe.questions.of_kind.values()
    return {question.type: question.asks for questions in of_kind for question in questions}


def _due(
    waiting: Sequence[Task], tried: Sequence[Tried], asks: Mapping[str, str]
) -> Collection[Task]:
    """The next task of each type that may still be the model's."""
    wrong = {one.type for one in tried if not one.right}
    hopeful = {one.asks for one in tried if _likely_right(tried, one.asks) >= HOPEFUL}
    found: dict[str, Task] = {}
    for task in waiting:
        if task.type not in wrong and asks[task.type] in hopeful:
            found.setdefault(task.type, task)
    return found.values()


def _likely_right(tried: Sequence[Tried], asks: str) -> float:
    """The share of right answers to what asks for a thing, as all answers let expect it."""
    overall = _share([one.right for one in tried])
    right = [one.right for one in tried if one.asks == asks]
    return (sum(right) + COUNT_AS * overall) / (len(right) + COUNT_AS)


def _share(right: Sequence[bool]) -> float:
    return sum(right) / len(right)


def _figures(tried: Sequence[Tried]) -> dict[str, Figures]:
    by_type: dict[str, list[Tried]] = {}
    for one in tried:
        by_type.setdefault(one.type, []).append(one)
    return {
        type_: _figure(those, _share([one.right for one in tried if one.asks == those[0].asks]))
        for type_, those in by_type.items()
    }


def _figure(tried: Sequence[Tried], share_right: float) -> Figures:
    """Of one type, given how much was right of all that asks for the same thing."""
    count, right = len(tried), sum(one.right for one in tried)
    score = round(sum(one.score for one in tried) / count, 3)
    own = round(sum(one.own_score for one in tried) / count, 3)
    passed = LEAST_TASKS <= count == right and share_right >= LEAST_RIGHT
    return Figures(count, right, score, own, passed and score > own)


class _Examiner:
    """Sets a model tasks, as far as the recipe would ask it about such records."""

    def __init__(self, llm: LanguageModel, recipe: Recipe, bounds: Bounds) -> None:
        self._llm = llm
        self._recipe = recipe
        self._bounds = bounds
        self._records: dict[str, TrialRecord] = {}  # those that were read

    async def tried(self, tasks: Collection[Task]) -> list[Tried]:
        """How those of the tasks went whose question is one for a model; asked all at once."""
        by_record: dict[str, list[Task]] = {}
        for task in tasks:
            by_record.setdefault(task.record, []).append(task)
        found = await asyncio.gather(*(self._about(*one) for one in by_record.items()))
        return [tried for some in found for tried in some]

    async def _about(self, name: str, tasks: Sequence[Task]) -> list[Tried]:
        """Of one record."""
        if name not in self._records:
            self._records[name] = await read_for_trial(
                self._recipe.trial.records[name], self._recipe
            )
        record = self._records[name]
        known = [(task, record.asked[task.type]) for task in tasks if task.type in record.asked]
        wordings = {question: record.wording(question) for _, question in known}
        written = await model_answers(record.reading, wordings, self._llm)
        return [
            Sheet(task, question, record, self._bounds).marked(written[question])
            for task, question in known
        ]
