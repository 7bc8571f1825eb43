"""Models that answer the tasks of the shipped trial as a test says, for tests."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from stages.base import Choice, Data, FilledPrompt, Question
from stages.data_structurer.trial_sheets import TrialRecord, read_for_trial
from stages.recipe.asks import KindQuestion
from stages.recipe.recipe import shipped
from stages.recipe.trial import Task

TASKS = shipped().trial.tasks
FIRST = tuple(task for task in TASKS if task.first)
Write = Callable[[Task], str]


@cache
def records() -> Mapping[str, TrialRecord]:
    """The records of the trial as they are read."""
    recipe = shipped()

    async def every() -> dict[str, TrialRecord]:
        return {
            name: await read_for_trial(record, recipe)
            for name, record in recipe.trial.records.items()
        }

    return asyncio.run(every())


def question_of(task: Task) -> KindQuestion:
    """The question that a task puts to a model."""
    return records()[task.record].asked[task.type]


def opened(task: Task, said: str) -> str:
    """What a model says, with the words that its answer has to begin with."""
    opening = question_of(task).opening
    return said if said.startswith(opening) else opening + said


class Writer:
    """A model that writes what `write` says to each task, and takes no sentence for anything."""

    def __init__(self, write: Write) -> None:
        self._write = write
        self._tasks = _by_prompt()
        self.asked = 0

    async def choose(self, question: Question, text: str) -> Choice:
        assert question is shipped().roles.question
        names = [label.name for label in question.labels]
        return Choice(names[0], 1 / len(names), dict.fromkeys(names, 1 / len(names)))

    async def generate(self, prompt: FilledPrompt, schema: Mapping[str, Any] | None = None) -> Any:
        self.asked += 1
        text, _, asked = [part.text for part in prompt.user if isinstance(part, Data)]
        task = self._tasks[text, asked]
        return {"answer": opened(task, self._write(task))}


@cache
def _by_prompt() -> Mapping[tuple[str, str], Task]:
    """The tasks by a record's text and every wording of a question about it."""
    found = {}
    for task in TASKS:
        reading, question = records()[task.record].reading, question_of(task)
        for number in range(len(question.wordings)):
            found[reading.text, question.worded(number, reading.subject.name)] = task
    return found
