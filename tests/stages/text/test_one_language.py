"""English where there is a choice, else the first language that says something."""

from __future__ import annotations

from typing import Any

import pytest

from stages.text.one_language import in_one_language, said
from stages.text.record_text import record_text

GERMAN, FRENCH = {"lang": "de", "value": "Ein Fehler."}, {"lang": "fr", "value": "Une faute."}
ENGLISH, PLAIN = {"lang": "en-US", "value": "A fault."}, {"value": "Of no language."}


@pytest.mark.parametrize(
    ("items", "taken"),
    [
        ([GERMAN, FRENCH, GERMAN], [GERMAN, GERMAN]),
        ([GERMAN, ENGLISH], [ENGLISH]),
        ([GERMAN, PLAIN, ENGLISH], [PLAIN, ENGLISH]),
        ([ENGLISH, {"lang": "eng", "value": "An error."}, ENGLISH], [ENGLISH, ENGLISH]),
        ([GERMAN, {"language": "eng", "value": " "}], [GERMAN]),
        ([GERMAN, {"lang": "en", "value": "TBD"}], [GERMAN]),
        ([{"lang": "en", "value": "TBD"}], [{"lang": "en", "value": "TBD"}]),
        ([PLAIN, "text", 7], [PLAIN, "text", 7]),
        ([{"lang": 7, "value": "Odd."}, FRENCH], [{"lang": 7, "value": "Odd."}, FRENCH]),
    ],
    ids=[
        "first",
        "any region",
        "without one",
        "varieties",
        "says nothing",
        "stands for a text",
        "alone",
        "none",
        "no name",
    ],
)
def test_one_language_is_taken_and_what_states_none_stays(
    items: list[Any], taken: list[Any]
) -> None:
    assert in_one_language(items) == taken


def test_a_language_may_be_the_name_of_a_field() -> None:
    assert said({"de": "Ein Fehler.", "en": "A fault."}) == "A fault."
    assert said({"de": "Ein Fehler.", "en": "N/A"}) == "Ein Fehler."
    assert said({"pt_BR": "Um defeito."}) == "Um defeito."
    assert said({"id": "7", "text": "No language."}) is None


def test_a_record_is_read_in_one_language() -> None:
    assert record_text({"descriptions": [GERMAN, FRENCH, GERMAN]}) == "Ein Fehler."
    assert record_text({"descriptions": [FRENCH, ENGLISH]}) == "A fault."
