"""The shape of a model's answer: one plain line that begins as it is told to."""

from __future__ import annotations

import pytest
from jsonschema import Draft202012Validator

from stages.data_structurer.prompts import LONGEST_ANSWER, SHORTEST_ANSWER, answer_schema


def fits(opening: str, answer: object) -> bool:
    return Draft202012Validator(answer_schema(opening)).is_valid({"answer": answer})


def test_an_answer_goes_on_from_its_opening() -> None:
    assert fits("It is (a) flaw", "It is (a) flaw in the decoder of images.")
    assert not fits("It is (a) flaw", "It is a flaw in the decoder of all images.")


def test_only_what_has_a_meaning_in_patterns_is_escaped() -> None:
    """Some servers take no other escape, and keep to no schema with one."""
    opening = 'It\'s 5-1 (a), [b]: ~ # & "c" / \\'
    pattern = answer_schema(opening)["properties"]["answer"]["pattern"]
    assert pattern.startswith('^It\'s 5-1 \\(a\\), \\[b\\]: ~ # & "c" / \\\\[')
    assert fits(opening, f"{opening} and so on, to the end.")


@pytest.mark.parametrize(
    "answer",
    ["users see a title that looks odd.", "- Users see a title that looks odd.",
     "Users see\na title that looks odd.", "Users \x1b[31m see a title that looks odd.",
     "Short.", 7, None],
)  # fmt: skip
def test_without_an_opening_it_begins_a_sentence_on_one_line(answer: object) -> None:
    assert not fits("", answer)


def test_its_length_is_bounded() -> None:
    assert fits("", "A" + "b" * SHORTEST_ANSWER) and fits("", "A" + "b" * LONGEST_ANSWER)
    assert not fits("", "A" + "b" * (SHORTEST_ANSWER - 1))
    assert not fits("", "A" + "b" * (LONGEST_ANSWER + 1))


def test_there_is_nothing_but_the_answer() -> None:
    both = {"answer": "Users see a title that looks odd.", "more": 1}
    assert not Draft202012Validator(answer_schema("")).is_valid(both)
    assert not Draft202012Validator(answer_schema("")).is_valid({})
