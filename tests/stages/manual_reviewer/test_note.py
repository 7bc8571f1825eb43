"""The note of a decision: as it was written, whatever else a record holds under its name."""

from __future__ import annotations

import pytest

from stages.base import Failed, Removed, Result
from stages.manual_reviewer.note import DecisionNote, FailedGate

NOTES = (
    DecisionNote("accept"),
    DecisionNote("accept", rule="words>3"),
    DecisionNote("reject", "too old", "anna"),
    DecisionNote("edit", before={}),
    DecisionNote("edit", by="anna", before={"response": "No."},
                 failed_gates=(FailedGate("literals", "9.9.9 is not in the source"),)),
)  # fmt: skip


@pytest.mark.parametrize("note", NOTES, ids=range(len(NOTES)))
def test_it_comes_back_as_it_was(note: DecisionNote) -> None:
    values = note.to_json()
    assert DecisionNote.parse(values) == note
    assert all(value or value == {} for value in values.values())


def test_it_is_read_from_the_outcome() -> None:
    assert DecisionNote.of(Result({"review": NOTES[1].to_json()})) == NOTES[1]
    removed = Removed("rejected by a reviewer: too old", by="anna")
    assert DecisionNote.of(removed) == NOTES[2]


def test_where_nobody_decided_there_is_none() -> None:
    for outcome in (None, Failed("no text"), Result({"review": "five stars"}), Result({})):
        assert DecisionNote.of(outcome) is None


def test_what_is_no_note_counts_as_missing() -> None:
    odd = {"decision": 7, "by": None, "before": [], "failed_gates": [3, {"gate": "literals"}]}
    assert DecisionNote.parse(odd) == DecisionNote(
        "accept", failed_gates=(FailedGate("literals", ""),)
    )
