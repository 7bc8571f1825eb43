"""The trial of a model: what it writes better than the record's own words, and nothing else."""

from __future__ import annotations

import asyncio
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from stages.base import Findings, Result
from stages.data_structurer.answers import Answer
from stages.data_structurer.options import AUTO, MODEL, StructurerOptions
from stages.data_structurer.prompts import LONGEST_ANSWER
from stages.data_structurer.stage import DataStructurer
from stages.data_structurer.trial import judging_code, trial
from stages.data_structurer.trial_sheets import Sheet, Tried
from stages.gates import bounds as gates_bounds
from stages.recipe.asks import FORM
from stages.recipe.recipe import shipped
from stages.recipe.trial import Task
from tests.stages.data_structurer.trial_help import (
    FIRST,
    TASKS,
    Write,
    Writer,
    question_of,
    records,
)

TYPES = {task.type for task in TASKS}
# The tasks about flaws and incidents alone, of which those on two records are asked first.
FEW = tuple(
    replace(task, first=task.record in ("parcel", "depot"))
    for task in TASKS
    if task.record in ("parcel", "library", "depot", "bakery")
)
FEW_TYPES = {task.type for task in FEW}


def found_by(write: Write, tasks: tuple[Task, ...] = TASKS) -> tuple[Findings, Writer]:
    writer = Writer(write)
    recipe = replace(shipped(), trial=replace(shipped().trial, tasks=tasks))
    return asyncio.run(trial(writer, recipe, shipped().bounds)), writer


@pytest.fixture(scope="module")
def capable() -> Iterator[tuple[Findings, Sequence[tuple[Task, Tried]]]]:
    """What is found of a model that answers as a person would, and how each task went."""
    marked: list[tuple[Task, Tried]] = []

    class Kept(Sheet):
        def marked(self, written: Answer | None) -> Tried:
            marked.append((self.task, super().marked(written)))
            return marked[-1][1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("stages.data_structurer.trial.Sheet", Kept)
        yield found_by(lambda task: task.answer)[0], marked


Capable = tuple[Findings, Sequence[tuple[Task, Tried]]]


def test_a_capable_model_writes_every_type_of_answer(capable: Capable) -> None:
    findings, marked = capable
    assert set(findings["writes"]) == TYPES and len(marked) == len(TASKS)
    assert findings["told"].startswith(f"by its trial the model writes {len(TYPES)} of ")
    for figures in findings["kinds"].values():
        assert figures["right"] == figures["asked"] == 2
        assert figures["score"] > figures["own_score"]


def test_a_persons_answer_fits_and_the_records_own_words_say_nothing_wrong(
    capable: Capable,
) -> None:
    """They are true, and pass the gates: a pattern that would fail them is no measure."""
    for task, tried in capable[1]:
        assert len(task.answer) <= LONGEST_ANSWER + len(question_of(task).opening)
        assert tried.right and tried.score > tried.own_score > 0, (task.record, task.type)


@pytest.mark.parametrize("answers", [AUTO, MODEL])
def test_what_a_model_was_found_or_told_to_write_it_writes(capable: Capable, answers: str) -> None:
    """All but what fields state: lists, ratings, dates and names."""
    stage = DataStructurer(StructurerOptions(answers=answers))
    if answers == AUTO:
        stage.learn(capable[0])
    for name in ("parcel", "proxy", "gullmouse"):
        outcome = asyncio.run(
            stage.process(shipped().trial.records[name], Writer(lambda task: task.answer))
        )
        assert isinstance(outcome, Result)
        wrote = {one["type"]: one["quality"]["written_by"] for one in outcome.records}
        of_record = {task.type for task in TASKS if task.record == name}
        assert {type_ for type_, by in wrote.items() if by == "model"} == of_record
        assert {by for type_, by in wrote.items() if type_ not in of_record} <= {"form"}


def test_a_wordier_model_that_errs_now_and_then_writes_most_of_it() -> None:
    """Words that say no more cost what they are; an error costs its own type alone."""
    wrong = "incident_method"

    def write(task: Task) -> str:
        name = records()[task.record].reading.subject.short
        return "It is so." if task.type == wrong else f"{task.answer} So it is with {name}."

    findings, _ = found_by(write, FEW)
    assert wrong not in findings["writes"]
    assert len(findings["writes"]) >= 0.8 * len(FEW_TYPES)


@pytest.mark.parametrize(
    "said",
    ["An attacker can steal a parcel from a remote server and prevent its delivery.", "The.",
     "It is a known issue that should be fixed by administrators as soon as they can."],
)  # fmt: skip
def test_a_model_that_invents_writes_nothing_and_is_not_asked_further(said: str) -> None:
    findings, writer = found_by(lambda task: said)
    assert findings["writes"] == [] and writer.asked == len(FIRST)
    assert findings["told"].startswith("by its trial the model writes none of ")


def test_one_right_answer_alone_lets_a_poor_model_not_go_on() -> None:
    [lucky] = [task for task in FIRST if question_of(task).asks == "who"]
    findings, writer = found_by(lambda task: task.answer if task is lucky else "It is so.")
    assert findings["writes"] == [] and writer.asked == len(FIRST)


def test_a_model_is_given_what_it_is_good_at() -> None:
    def is_good(task: Task) -> bool:
        return question_of(task).asks in ("effect", "cause")

    findings, writer = found_by(lambda task: task.answer if is_good(task) else "It is so.", FEW)
    assert set(findings["writes"]) == {task.type for task in FEW if is_good(task)}
    assert writer.asked == len([task for task in FEW if task.first or is_good(task)])


def test_the_records_own_words_from_a_model_are_no_better_than_the_records() -> None:
    """As far as they fit into an answer of a model's."""

    def write(task: Task) -> str:
        own = records()[task.record].own[task.type].text
        return own if question_of(task).opening == "" and len(own) < LONGEST_ANSWER else task.answer

    findings, _ = found_by(write, FEW)
    quoted = Counter(task.type for task in FEW if write(task) != task.answer)
    twice = {type_ for type_, count in quoted.items() if count == 2}
    assert len(twice) >= 3 and not twice & set(findings["writes"])


@pytest.mark.parametrize(
    ("record", "type_", "said"),
    [
        ("parcel", "vulnerability_response", "Administrators should install version 2.0.6 and turn"
         " off the label service until the update is there."),
        ("library", "vulnerability_impact", "An attacker can crash an application that shows"
         " pictures from outside and run code."),
        ("depot", "incident_effect", "Trips on eleven lines were cancelled for two days."),
    ],
)  # fmt: skip
def test_right_words_turned_round_are_wrong(record: str, type_: str, said: str) -> None:
    """Facts that a small model turns round: the tasks are made to tell.  Neither this type is the
    model's nor, as more than one answer in five is wrong then, another that asks for the same."""
    turned = next(task for task in TASKS if (task.record, task.type) == (record, type_))
    findings, _ = found_by(lambda task: said if task is turned else task.answer, FEW)
    figures = findings["kinds"][type_]
    assert figures["right"] == figures["asked"] - 1
    asks = question_of(turned).asks
    lost = {task.type for task in FEW if question_of(task).asks == asks}
    assert len(lost) == 2 and set(findings["writes"]) == FEW_TYPES - lost


def test_what_was_measured_once_only_is_not_the_models() -> None:
    once = tuple(task for task in FEW if task.record == "parcel")
    findings, writer = found_by(lambda task: task.answer, once)
    assert writer.asked == len(once) and findings["writes"] == []
    assert all(one["right"] == one["asked"] == 1 for one in findings["kinds"].values())


def test_every_type_that_a_model_can_be_asked_is_tried_twice_and_everything_asked_for_first() -> (
    None
):
    of_kind = shipped().questions.of_kind
    asked = {q.type for questions in of_kind.values() for q in questions if q.by_model}
    assert Counter(task.type for task in TASKS) == dict.fromkeys(asked, 2)
    asks = {question_of(task).asks for task in TASKS}
    assert {question_of(task).asks for task in FIRST} == asks
    assert {one.reading.subject.kind for one in records().values()} == set(of_kind)


def test_only_what_fields_state_or_a_stretch_of_text_says_is_kept_from_every_model() -> None:
    of_kind = shipped().questions.of_kind.values()
    kept = {q for questions in of_kind for q in questions if not q.by_model}
    others = {q.type for q in kept if not any(way.kind == FORM for way in q.ways)}
    assert others == {
        "text_summary",
        "advisory_summary",
        "incident_summary",
        "advisory_scope",
        "vulnerability_response",  # which workaround there is
    }


def test_what_other_code_found_is_not_taken_for_findings_of_this(
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
