"""Numbers keep what they count: exchanged ones and invented words for them are found."""

from __future__ import annotations

import pytest

from examples import make_input
from stages.gates.numbers import moved_numbers

TEXT = "It cost 30 million dollars at 12 hospitals. Two patients sued in 2030; five wards closed."


@pytest.mark.parametrize(
    ("answer", "moved"),
    [
        ("It cost 12 million dollars at 30 hospitals.", ["12 mill", "30 hospit"]),
        ("Five patients sued.", ["5 patient"]),
        ("Three patients sued.", ["three"]),
        ("It cost $30 million, and 12 big hospitals closed wards.", []),
        ("2 patients sued, one of them in 2030.", []),
        ("10.0.0.12 million", []),
        ("The fifth ward closed.", ["fifth"]),
        ("Third parties sued.", []),
        ("The bill came to 30 billion dollars.", ["billion"]),
        ("Millions of dollars were lost by hundreds of wards.", ["hundred"]),
    ],
)
def test_numbers_that_count_something_else(answer: str, moved: list[str]) -> None:
    assert moved_numbers(answer, TEXT) == moved


@pytest.mark.parametrize(
    ("answer", "moved"),
    [
        ("In April they came.", ["April"]),
        ("In March 2030 they came, on a Tuesday.", []),
        ("They came on Friday in June.", ["Friday"]),
        ("It may fail since 5 May.", ["May"]),
        ("By September it was over.", []),
    ],
)
def test_months_and_days_are_those_of_the_text(answer: str, moved: list[str]) -> None:
    text = "They came in March, on Tue. the 5th, from 2030-06-02 on. On 1 Sept it may have ended."
    assert moved_numbers(answer, text) == moved


def test_a_text_moves_none_of_its_own_numbers() -> None:
    for record in list(make_input.attack_techniques())[:40]:
        assert moved_numbers(record["description"], record["description"]) == []
