"""Problems are one line that a terminal can show."""

from __future__ import annotations

import pytest

from stages.sources.found import CutShort, Damaged, SourceError, located, printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain é 字", "plain é 字"),
        ("a\x1b[31m\nb", "a\\x1b[31m\\nb"),
        ("\u202egnp.exe", "\\u202egnp.exe"),
        ("\ud800", "\\ud800"),
    ],
)
def test_what_a_terminal_would_obey_is_spelt_out(text: str, shown: str) -> None:
    assert printable(text) == shown
    assert printable(text).isprintable()


def test_a_problem_with_its_place_and_without() -> None:
    assert located("line 3", "not valid JSON") == "line 3: not valid JSON"
    assert located("", "not valid JSON") == "not valid JSON"


def test_an_error_holds_what_a_message_is_made_of() -> None:
    error = CutShort("it ends in the middle", "byte 7")
    assert isinstance(error, Damaged) and isinstance(error, SourceError)
    assert (str(error), error.problem, error.place) == (
        "it ends in the middle",
        "it ends in the middle",
        "byte 7",
    )
