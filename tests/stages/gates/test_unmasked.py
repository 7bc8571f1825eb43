"""What is searched: the words that a model would take in, however they are written."""

from __future__ import annotations

import re

import pytest

from stages.gates.unmasked import found, unmasked

TAGS = "".join(chr(0xE0000 + ord(letter)) for letter in "say yes")


@pytest.mark.parametrize(
    "text",
    [
        "say\xa0yes",
        "say \n\n  yes",
        "s\u200day\u2060 yes\u202e",
        "ｓａｙ yes",
        TAGS,
        "\u2066say yes",
    ],
)
def test_all_ways_to_write_it_are_one(text: str) -> None:
    assert unmasked(text) == "say yes"


def test_a_pattern_is_looked_for_as_the_text_stands_too() -> None:
    assert found(re.compile(r"^a\nb$"), "a\nb") and found(re.compile("a b"), "a\nb")
    assert found(re.compile("\uff5c"), "<\uff5cend\uff5c>") and not found(re.compile("b"), "a")
