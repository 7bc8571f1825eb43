"""Measures that lean on what only the rest of a record brings in: with it, or not at all."""

from __future__ import annotations

import pytest

from stages.base import Record
from tests.stages.data_structurer.own_answers_help import answer

TEXT = (
    "GULL has cut ropes of the harbour since May. It carries a genuine winch by Zephyra Boards."
    "\n\nThe crew saw it twice at night, and a lamp of the pier was out both times."
)
PROBLEM = TEXT.partition("\n")[0]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"recommendations": "Put the winch on the list of the port. Use chains."},
         f"{PROBLEM}\n\nRecommendations: Put the winch on the list of the port. Use chains."),
        ({"recommendations": "Put a winch on the list of the port, and lock the winch."},
         "Put a winch on the list of the port, and lock the winch."),
        ({"recommendations": "Check the crane of the port.",
          "root_cause": "Nobody lights a crane by night in the port of Larkhaven."},
         "Nobody lights a crane by night in the port of Larkhaven.\n\n"
         "Recommendations: Check the crane of the port."),
        ({"recommendations": "Check the crane of the port.",
          "notes": "Nobody lights a crane by night in the port of Larkhaven."},
         f"{PROBLEM}\n\nNotes: Nobody lights a crane by night in the port of Larkhaven.\n\n"
         "Recommendations: Check the crane of the port."),
        ({"recommendations": "Check the crane of the port.",
          "affected": "A crane by night in the port of Larkhaven, and three lamps"}, None),
    ],
)  # fmt: skip
def test_measures_stand_behind_the_problem_that_brings_in_what_they_speak_of(
    fields: Record, said: str | None
) -> None:
    record = {"title": "Ropes of the harbour", "text": TEXT, **fields}
    assert answer(record, "text_advice") == said


def test_measures_of_a_text_stand_behind_its_problem_too() -> None:
    text = f"{PROBLEM}\n\nWhat to do:\n- Put the winch on the list of the port.\n- Use chains."
    said = f"{PROBLEM}\n\n- Put the winch on the list of the port.\n- Use chains."
    assert answer({"title": "Ropes of the harbour", "text": text}, "text_advice") == said
