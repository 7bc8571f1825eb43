"""What a catalog notes on the consequences of a weakness, besides the impacts in its lists."""

from __future__ import annotations

import pytest

from stages.data_structurer.consequences import notes_of
from tests.stages.data_structurer.own_answers_help import answer

CELL = (
    "::SCOPE:Integrity:IMPACT:Modify Memory:NOTE:Ropes of other ships may be cut by a gull."
    "::SCOPE:Access Control:IMPACT:Hide Activities:LIKELIHOOD:High:NOTE:This hides the gull."
    "::SCOPE:Availability:IMPACT:Reduce Performance::"
)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("common_consequences", CELL, ["Ropes of other ships may be cut by a gull."]),
        ("consequences", ["Integrity: Modify Memory. Ropes of other ships may be cut by a gull.",
                          "Availability: Reduce Performance."],
         ["Ropes of other ships may be cut by a gull."]),
        ("common_consequences",
         "::SCOPE:Other:IMPACT:Other:NOTE:This weakness may let a gull cut the rope of a ship.::",
         ["This weakness may let a gull cut the rope of a ship."]),
        ("consequences", ["Availability: Reduce Performance. Gulls may come."], []),
    ],
)  # fmt: skip
def test_notes_on_consequences(field: str, value: object, said: list[str]) -> None:
    assert [one.text for one in notes_of({field: value})] == said


def test_a_weakness_is_told_with_the_notes_on_what_comes_of_it() -> None:
    """The impacts alone are the same words for hundreds of weaknesses."""
    record = {"id": "CWE-1999", "name": "Loose Rope", "description": "The product has a rope.",
              "common_consequences": CELL}  # fmt: skip
    told = answer(record, "weakness_consequences")
    assert told is not None and told.endswith("Ropes of other ships may be cut by a gull.")
