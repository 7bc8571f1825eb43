"""Words behind "the" that only the rest of a record introduces."""

from __future__ import annotations

import asyncio

import pytest

from stages.data_structurer.reading import read
from stages.data_structurer.unnamed import has_word, unnamed
from stages.recipe.recipe import shipped

TEXT = (
    "A thief used a small green boat and a password of the guard. He took one of the two winches,"
    " a process that is slow. He had hit 63 crews."
)


@pytest.mark.parametrize(
    ("said", "missed"),
    [
        ("Look for the boat at night.", ["boat"]),
        ("Look for the green boat at night.", ["green", "boat"]),
        ("Look for a boat. Then lock the boat.", []),
        ("Change the password.", []),  # everybody has one
        ("Mind the pier of the thief.", []),  # that the title names
        ("Mind the lamp.", []),  # that nobody has introduced
        ("The guard has to look.", ["guard"]),
        ("Ask the guard.", []),
        ("Write to the 63 crews.", ["crews"]),
        ("Write to the 12 crews.", []),
        ("Do not buy either winch.", ["winch"]),
        ("Look at the winches and lock both winches.", []),
        ("Do not use the same winch at the gate.", ["winch"]),
        ("Do not use the same winch for two boats.", []),
        ("It goes through the same green winch.", []),
        ("Lock both gates.", []),
    ],
)
def test_what_an_answer_leaves_to_others(said: str, missed: list[str]) -> None:
    record = {"title": "Thief of the old pier", "text": TEXT}
    reading = asyncio.run(read(record, shipped(), None))
    assert unnamed(said, reading) == missed
    assert unnamed(said, reading, first=False) == [one for one in missed if one != "guard"]


def test_what_the_answer_says_itself_introduces_nothing() -> None:
    reading = asyncio.run(read({"title": "Old pier", "text": TEXT}, shipped(), None))
    assert unnamed(f"- {TEXT}\nLock the boat.", reading) == []


def test_a_word_is_found_in_any_form() -> None:
    assert has_word("Two winches.", "winch") and not has_word("A winchester.", "winch")
