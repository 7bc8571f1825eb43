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
    ],
)
def test_numbers_that_count_something_else(answer: str, moved: list[str]) -> None:
    assert moved_numbers(answer, TEXT) == moved


def test_a_text_moves_none_of_its_own_numbers() -> None:
    for record in list(make_input.attack_techniques())[:40]:
        assert moved_numbers(record["description"], record["description"]) == []
