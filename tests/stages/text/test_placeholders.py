"""Placeholders are whole texts; a word of one is none, and the text beside one is found."""

from __future__ import annotations

import time

import pytest

from stages.text.placeholders import is_placeholder
from stages.text.record_text import read_record
from tests.stage_help import PATIENCE


@pytest.mark.parametrize(
    "text",
    ["TODO", "tbd.", "Lorem ipsum dolor sit amet", "N/A", "test test test", "This is a test!",
     "No description available.", "coming soon", "...", "", "Your description here", "foo bar",
     "n.a.", "see below", "Please see above", "To be determined."],
)  # fmt: skip
def test_texts_still_to_be_written(text: str) -> None:
    assert is_placeholder(text) and is_placeholder(f"  {text.upper()} ")


@pytest.mark.parametrize(
    "text",
    ["Testing tools are attacked.", "None of the checks is done.", "A flaw in foo.",
     "No description of the protocol is needed to exploit it.", "Unknown attackers print jobs."],
)  # fmt: skip
def test_a_word_of_a_placeholder_is_none(text: str) -> None:
    assert not is_placeholder(text)


@pytest.mark.parametrize("empty", ["N/A", "none", "-", "TBD", "null", "see below", "n.a."])
def test_a_field_that_says_nothing_hides_no_other(empty: str) -> None:
    """A Spanish text was once lost behind a description "N/A"."""
    spanish = (
        "Un fallo del servicio Velora permite a un atacante leer los correos de otros usuarios."
    )
    read = read_record({"id": "CVE-2031-10001", "description": empty, "description_es": spanish})
    assert read.bodies == (spanish,)
    assert read_record({"id": "CVE-2031-10001", "description": "TBD"}).bodies == ("TBD",)


def test_long_texts_are_judged_in_time() -> None:
    started = time.perf_counter()
    for text in ("test " * 20_000, "blah, " * 20_000, "_" * 100_000, "this is a test " * 9_000):
        is_placeholder(text)
    assert time.perf_counter() - started < PATIENCE
