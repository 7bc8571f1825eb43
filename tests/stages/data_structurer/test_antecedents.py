"""Where an answer has to begin for a sentence to be understood."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stages.data_structurer.antecedents import beginning
from stages.data_structurer.passages import sentences_of

FIRST = "A ferry was tied to the old pier for a night. "


def begins(text: str) -> int | None:
    found = sentences_of(text)
    return beginning(found, len(found) - 1)


@pytest.mark.parametrize(
    "text",
    ["Somebody left a lamp burning there.", "Under it divers saw a torn cable.",
     "With that, anybody can start its engine.", "Until then, sail by day only.",
     "Paint it in red before the winter.", "If you see one, tell the pilot.",
     "The second captain called the harbour.", "Divers lifted all four at dawn.",
     "Look for this lamp in every port.", "Treat all of them as lost.",
     "Sailors call it the ghost of the pier.", "We think with little doubt that it burned."],
)  # fmt: skip
def test_what_needs_the_sentence_before_it(text: str) -> None:
    assert begins(FIRST + text) == 0
    assert begins(text) is None


@pytest.mark.parametrize(
    "text",
    ["There are lamps on every pier of the harbour.", "In the menu, tick the box there.",
     "On ferries the crew uses a radio of its own.", "The second half of the year was quiet.",
     "Look for such a lamp at this time.",
     "We found that it is possible to start the engine.", "All four ferries were tied at night."],
)  # fmt: skip
def test_what_can_be_understood_alone(text: str) -> None:
    assert begins(FIRST + text) == 1


def test_what_the_sentence_before_brings_in_needs_it() -> None:
    before = "Ships may be made to use a less safe berth. "
    assert begins(before + "The crew may not see that the less safe berth is used.") == 0
    assert begins(before + "The crew may see a less safe berth and leave the less safe berth.") == 1
    assert begins(before + "The only option is another pier.") == 0


def test_what_is_said_to_stand_elsewhere_is_nowhere() -> None:
    assert begins(f"{FIRST}Count the lamps that are listed below by their owners.") is None
    assert begins(f"{FIRST}Count the lamps that hang above the pier by night.") == 1


def test_nothing_is_taken_from_before_a_sentence_that_was_left_out() -> None:
    first, second = sentences_of(f"{FIRST}It burned until the morning came.")
    assert beginning([first, second], 1) == 0
    assert beginning([first, replace(second, gap=True)], 1) is None
