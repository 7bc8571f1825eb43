"""Measures that a text counts: all of them, or none."""

from __future__ import annotations

import pytest

from stages.data_structurer.passages import sentences_of
from stages.data_structurer.steps import LONGEST, all_steps
from tests.stages.data_structurer.own_answers_help import answer, flaw

BEFORE = "Please proceed in this order."
FIRST = "First, take an image of the disk of each of the lamps."
SECOND = "Second, look for knives below the pier and on the ships."
BEHIND = "If none is found, updating is sufficient for the lamps."


@pytest.mark.parametrize(
    ("text", "taken", "steps"),
    [
        (f"{BEFORE} {FIRST} {SECOND} {BEHIND}", {1}, {1, 2}),
        (f"{BEFORE} {FIRST} {SECOND} {BEHIND}", {3}, {1, 2}),
        (f"{BEFORE} {FIRST} It is a small one. {SECOND} {BEHIND}", {1}, {1, 2, 3}),
        (f"{BEFORE}\n\n{FIRST} {SECOND} {BEHIND}", {0}, set()),  # of another paragraph
        (f"{BEFORE} {FIRST} {BEHIND}", {1}, set()),  # counts nothing
        (f"{FIRST} {SECOND.replace('Second', 'Third')}", {0}, None),
        (f"{FIRST} " + "The lamps of the pier are old and small. " * (LONGEST // 41) + SECOND,
         {0}, None),
    ],
)  # fmt: skip
def test_steps(text: str, taken: set[int], steps: set[int] | None) -> None:
    assert all_steps(sentences_of(text), taken) == steps


def test_an_answer_with_one_step_has_all_of_them() -> None:
    steps = f"{FIRST} {SECOND} If no knife is found, updating to 8.2.5 is sufficient."
    text = f"Lark 2.1 reads beyond a buffer of the list of its users.\n\n{steps}"
    assert answer(flaw(text), "vulnerability_response") == steps
