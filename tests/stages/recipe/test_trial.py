"""trial.yaml: tasks about records that are there, with patterns that compile."""

from __future__ import annotations

from pathlib import Path

import pytest

from stages.data_structurer.stage import DataStructurer
from stages.recipe.nodes import RecipeError, parse
from stages.recipe.recipe import load
from stages.recipe.trial import Task, read_trial
from tests.stages.recipe.help import assert_refused, changed

TEXT = """records: {pump: {title: Pump, tags: [a, b]}}
first_half:
  - {record: pump, type: text_summary, answer: It leaks., must: [leak], never: ['dry']}
second_half:
  - {record: pump, type: text_risk, answer: It stops., must: [stop]}
"""


def test_tasks_are_those_of_the_file() -> None:
    found = read_trial(parse(TEXT.encode(), "t"))
    assert found.records == {"pump": {"title": "Pump", "tags": ["a", "b"]}}
    assert found.first_half == (Task("pump", "text_summary", "It leaks.", ("leak",), ("dry",)),)
    assert found.second_half == (Task("pump", "text_risk", "It stops.", ("stop",)),)


def test_another_task_is_another_trial(tmp_path: Path) -> None:
    changed(tmp_path, "trial.yaml", "must: ['command', 'spooler']", "must: ['command']")
    stages = DataStructurer(), DataStructurer(recipe=load(tmp_path))
    assert stages[0].trial_key() != stages[1].trial_key() != ""


def test_a_record_without_text_is_refused() -> None:
    with pytest.raises(RecipeError, match=r"^t:1: this record has no text"):
        read_trial(parse(TEXT.replace("title: Pump", "id: X-1").encode(), "t"))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("  - record: parcel", "  - record: parcels", "no record 'parcels'; did you mean par"),
        ("must: ['command', 'spooler']", "must: ['(']", "is not a regular expression"),
        ("second_half:", "half:", "no such key: half; known: records"),
        ("must: ['command', 'spooler']", "must: []", "must not be empty"),
    ],
)
def test_what_is_wrong_is_said_with_file_and_line(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert_refused(tmp_path, "trial.yaml", old, new, said)
