"""trial.yaml: tasks about records with a text, with patterns that compile."""

from __future__ import annotations

from pathlib import Path

import pytest

from stages.data_structurer.stage import DataStructurer
from stages.recipe.nodes import RecipeError, parse
from stages.recipe.recipe import load
from stages.recipe.trial import Task, read_trial
from tests.stages.recipe.help import assert_refused, changed

TEXT = """records:
  pump:
    record: {title: Pump, tags: [a, b]}
    tasks:
      - {type: text_summary, answer: It leaks., facts: [leak], never: ['dry'], first: true}
      - {type: text_risk, answer: It stops., facts: [stop]}
  lamp:
    record: {title: Lamp}
    tasks: [{type: text_risk, answer: It burns., facts: [burn]}]
"""
_FACTS = "facts: ['run.{0,20}command', 'spooler']"


def test_tasks_are_those_of_the_file_in_its_order() -> None:
    found = read_trial(parse(TEXT.encode(), "t"))
    assert found.records == {"pump": {"title": "Pump", "tags": ["a", "b"]},
                             "lamp": {"title": "Lamp"}}  # fmt: skip
    assert found.tasks == (
        Task("pump", "text_summary", "It leaks.", ("leak",), ("dry",), first=True),
        Task("pump", "text_risk", "It stops.", ("stop",)),
        Task("lamp", "text_risk", "It burns.", ("burn",)),
    )
    assert found.types == ("text_summary", "text_risk")


def test_another_task_is_another_trial(tmp_path: Path) -> None:
    changed(tmp_path, "trial.yaml", _FACTS, "facts: ['spooler']")
    stages = DataStructurer(), DataStructurer(recipe=load(tmp_path))
    assert stages[0].trial_key() != stages[1].trial_key() != ""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("title: Pump", "id: X-1", r"^t:3: this record has no text"),
        (", first: true", "", r"^t:1: no task is `first: true`"),
        ("type: text_risk, answer: It stops.", "type: text_summary, answer: It stops.",
         r"^t:6: pump has a task of type text_summary already"),
    ],
)  # fmt: skip
def test_a_trial_that_could_find_nothing_is_refused(old: str, new: str, said: str) -> None:
    with pytest.raises(RecipeError, match=said):
        read_trial(parse(TEXT.replace(old, new).encode(), "t"))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (_FACTS, "facts: ['(']", "is not a regular expression"),
        (_FACTS, "must: ['spooler']", "no such key: must; known: type"),
        (_FACTS, "facts: []", "must not be empty"),
        ("        first: true", "        first: 1", "must be true or false"),
    ],
)
def test_what_is_wrong_is_said_with_file_and_line(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert_refused(tmp_path, "trial.yaml", old, new, said)
