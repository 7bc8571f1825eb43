"""Facts quoted from a record's fields: cleaned as its text is, with literals as they are."""

from __future__ import annotations

import pytest

from stages.text.facts import facts_about, facts_of, stated_actions
from tests.stage_help import hostile_records

MARKED = (
    "Deny writes to <code>C:\\Windows\\System32\\*.dll</code> for **all** users, as in"
    " [the guide](https://guide.example/acl). (Citation: Guide 2030) Log what is denied &amp; why."
)
READ = (
    "Deny writes to C:\\Windows\\System32\\*.dll for all users, as in the guide."
    " Log what is denied & why."
)


@pytest.mark.parametrize("field", ["mitigations", "courses_of_action", "solution", "detection"])
def test_prose_of_fields_has_no_markup_and_its_literals(field: str) -> None:
    labels = ("Mitigations", "Solution", "Detection")
    assert [fact.values for fact in facts_about({field: [MARKED]}, labels)] == [(READ,)]


def test_a_marked_up_cell_is_cleaned_piece_by_piece() -> None:
    cell = "::PHASE:Design:DESCRIPTION:Use <b>one</b> parser.::PHASE:Test:DESCRIPTION:Fuzz it.::"
    assert facts_of({"potential_mitigations": cell}, ("Mitigations",)) == (
        "Mitigations: Use one parser. Fuzz it."
    )
    assert stated_actions({"potential_mitigations": cell}) == ["Use one parser.", "Fuzz it."]


def test_a_value_of_markup_alone_is_none() -> None:
    assert facts_of({"solution": "<br/>"}, ("Solution",)) == ""
    assert stated_actions({"solution": "<br/>"}) == []


def test_hostile_records_never_raise() -> None:
    for record in hostile_records(100):
        assert all(isinstance(one, str) for one in stated_actions(record))
