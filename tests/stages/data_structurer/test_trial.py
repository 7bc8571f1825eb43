"""The trial of a model: what it writes better than the record's own words, and nothing else."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from stages.base import Choice, Data, FilledPrompt, Findings, Question
from stages.data_structurer.reading import read
from stages.data_structurer.roles import by_cues
from stages.data_structurer.stage import DataStructurer
from stages.data_structurer.trial import judging_code, trial
from stages.gates import bounds as gates_bounds
from stages.recipe.recipe import shipped
from stages.recipe.trial import Task

TRIAL = shipped().trial
FIRST_HALF, SECOND_HALF, RECORDS = TRIAL.first_half, TRIAL.second_half, TRIAL.records
TASKS = (*FIRST_HALF, *SECOND_HALF)
Write = Callable[[Task], str]


class Writer:
    """A model that writes what `write` says to each task, and sees the roles that words tell."""

    def __init__(self, write: Write) -> None:
        self._write = write
        self.asked = 0

    async def choose(self, question: Question, text: str) -> Choice:
        assert question is shipped().roles.question
        found = by_cues(text, shipped().roles)
        return Choice(found.name, found.probability, found.probabilities)

    async def generate(self, prompt: FilledPrompt, schema: Mapping[str, Any] | None = None) -> Any:
        self.asked += 1
        text, _, asked = [part.text for part in prompt.user if isinstance(part, Data)]
        for task in TASKS:
            reading = await read(RECORDS[task.record], shipped(), None)
            question = question_of(task)
            if (reading.text, question.worded(0, reading.subject.name)) == (
                text, asked
            ):  # fmt: skip
                said = self._write(task)
                opened = said.startswith(question.opening)
                return {"answer": said if opened else question.opening + said}
        raise AssertionError(asked)


def question_of(task: Task) -> Any:
    of_kind = shipped().questions.of_kind.values()
    return next(q for questions in of_kind for q in questions if q.type == task.type)


def found_by(write: Write) -> tuple[Findings, Writer]:
    writer = Writer(write)
    return asyncio.run(trial(writer, shipped(), shipped().bounds)), writer


def test_a_capable_model_writes_every_kind_of_answer() -> None:
    findings, writer = found_by(lambda task: task.answer)
    assert set(findings["writes"]) == {question_of(task).asks for task in TASKS}
    assert writer.asked == len(TASKS)
    for figures in findings["kinds"].values():
        assert figures["right"] == figures["asked"] and figures["score"] > figures["own_score"]


@pytest.mark.parametrize(
    "said",
    ["An attacker can steal a parcel from a remote server and prevent its delivery.", "The.",
     "It is a known issue that should be fixed by administrators as soon as they can."],
)  # fmt: skip
def test_a_model_that_invents_writes_nothing_and_is_not_asked_further(said: str) -> None:
    findings, writer = found_by(lambda task: said)
    assert findings["writes"] == [] and writer.asked == len(FIRST_HALF)


def test_a_model_is_given_the_kinds_it_is_good_at() -> None:
    good = {"purpose", "effect"}
    findings, _ = found_by(lambda t: t.answer if question_of(t).asks in good else "It is so.")
    assert set(findings["writes"]) == good


@pytest.mark.parametrize(
    ("record", "type_", "said"),
    [
        ("parcel", "vulnerability_response", "Administrators should install version 2.0.6 and turn"
         " off the label service until the update is there."),
        ("library", "vulnerability_impact", "An attacker can crash an application that shows"
         " pictures from outside and run code."),
    ],
)  # fmt: skip
def test_right_words_turned_round_are_wrong(record: str, type_: str, said: str) -> None:
    """Facts that a small model turns round: the tasks are made to tell."""
    turned = next(task for task in TASKS if (task.record, task.type) == (record, type_))
    findings, _ = found_by(lambda task: said if task is turned else task.answer)
    figures = findings["kinds"][question_of(turned).asks]
    assert figures["right"] == figures["asked"] - 1


def test_every_task_has_its_record_and_question_and_its_answer_says_what_it_must() -> None:
    for task in TASKS:
        assert task.record in RECORDS and question_of(task).by_model
    kinds = {question_of(task).asks for task in FIRST_HALF}
    assert kinds == {question_of(task).asks for task in SECOND_HALF}
    assert len(set(TASKS)) == len(TASKS)


def test_what_other_gates_found_is_not_taken_for_findings_of_these(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def key() -> str:
        judging_code.cache_clear()
        return DataStructurer().trial_key()

    before = key()
    others = shutil.copytree(Path(gates_bounds.__file__).parent, tmp_path / "gates")
    with monkeypatch.context() as patch:
        patch.setattr(gates_bounds, "__file__", str(others / "bounds.py"))
        assert key() == before
        (others / "numbers.py").write_text("# another gate\n")
        assert key() != before
    assert key() == before
