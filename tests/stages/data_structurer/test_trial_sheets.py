"""Sheets of a trial: the same measure for a model's answer and the record's own words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stages.data_structurer import trial_sheets
from stages.data_structurer.answers import RECORD, Answer
from stages.data_structurer.model_answers import MODEL
from stages.data_structurer.trial_sheets import Sheet, score_of
from stages.recipe.recipe import shipped
from stages.recipe.trial import Task
from tests.stages.data_structurer.trial_help import TASKS, question_of, records


@pytest.mark.parametrize(
    ("answer", "facts", "score"),
    [
        ("Install firmware.", 1.0, 1.0),
        ("Update.", 1.0, 1.0),
        ("Install firmware on each pump.", 1.0, 0.8),
        ("Install firmware on each pump.", 0.5, 4 / 7),
        ("Install firmware.", 0.5, 2 / 3),
        ("Install firmware.", 0.0, 0.0),
    ],
)
def test_the_score_counts_facts_and_how_short_an_answer_is(
    answer: str, facts: float, score: float
) -> None:
    assert score_of(answer, "Install the firmware.", facts) == pytest.approx(score)


def sheet(task: Task) -> Sheet:
    return Sheet(task, question_of(task), records()[task.record], shipped().bounds)


def test_what_tells_not_all_facts_or_something_wrong_is_not_right_and_own_words_count_in_part() -> (
    None
):
    task = next(one for one in TASKS if (one.record, one.type) == ("depot", "incident_effect"))
    half = "Trips on four lines were cancelled for two days."
    one = sheet(task).marked(Answer(half, MODEL))
    assert not one.right and one.score == 0.0
    record = replace(records()["depot"], own={"incident_effect": Answer(half, RECORD)})
    marked = replace(sheet(task), record=record).marked(Answer(task.answer, MODEL))
    assert marked.right and 0.6 < marked.own_score < 0.7
    wrong = sheet(replace(task, never=("overtime",))).marked(Answer(task.answer, MODEL))
    assert not wrong.right and wrong.own_score == 0.0


def test_facts_in_other_sense_are_not_right(monkeypatch: pytest.MonkeyPatch) -> None:
    task = next(one for one in TASKS if (one.record, one.type) == ("depot", "incident_effect"))
    said = Answer("The drivers had overtime on four lines at night.", MODEL)
    assert not sheet(task).marked(said).right
    monkeypatch.setattr(trial_sheets, "LEAST_SAID", 0.0)
    assert sheet(task).marked(said).right, "but for its words it tells the facts"


def test_an_answer_that_no_gate_lets_pass_is_not_right_and_neither_is_none() -> None:
    task = next(one for one in TASKS if one.type == "incident_scope")
    sheets = sheet(task)
    moved = task.answer.replace("four", "nine")
    assert not sheets.marked(Answer(moved, MODEL)).right and not sheets.marked(None).right
