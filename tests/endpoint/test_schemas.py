"""What comes back under a schema is JSON that fits, or is not taken."""

from __future__ import annotations

from typing import Any

import pytest

from stages.completions import CompletionRequest, Message, TextCompletion
from workers.endpoint.schemas import UnfitError, fitting, in_words, once_more

LIST = {"type": "array", "items": {"type": "integer"}}
LEVEL = {"type": "object", "properties": {"level": {"enum": ["low"]}}, "required": ["level"]}
LOW = '{"level": "low"}'


def done(text: str, reason: str = "stop") -> TextCompletion:
    return TextCompletion(text, reason, 5, 7)


@pytest.mark.parametrize(
    ("text", "schema", "found"),
    [
        (LOW, LEVEL, LOW),
        (f"```json\n{LOW}\n```", LEVEL, LOW),
        (f"<think>Is it {{}}?</think> {LOW}", LEVEL, LOW),
        ("[1, 2]", LIST, "[1, 2]"),
        ("```json\n[1, 2]\n```", LIST, "[1, 2]"),
        ("```\n7\n```", {"type": "integer"}, "7"),
        ('So: [{"level": "low"}].', {"type": "array"}, '[{"level": "low"}]'),
    ],
)
def test_only_the_json_is_left(text: str, schema: dict[str, Any], found: str) -> None:
    assert fitting(done(text), schema).text == found


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (done("It is low."), "is not valid JSON"),
        (done('{"level": "l', "length"), "cut off at 7 tokens"),
        (done('{"level": "high"}'), "level"),
        (done('{"level": NaN}'), "is not valid JSON"),
        (done("[" * 5000 + "]" * 5000), "is not valid JSON"),
        (done("<think>Let me see", "length"), "cut off at 7 tokens"),
    ],
)
def test_what_does_not_fit_says_why(answer: TextCompletion, said: str) -> None:
    with pytest.raises(UnfitError, match=said) as found:
        fitting(answer, LEVEL)
    assert found.value.done == answer


def test_a_second_try_where_it_may_help() -> None:
    asked = CompletionRequest((Message("user", "How bad?"),), schema=LEVEL)
    again = once_more(asked, UnfitError("no level", done("x")))
    assert again is not None and "no level" in again.messages[-1].text
    assert once_more(asked, UnfitError("cut", done("x", "length"))) is None
    assert once_more(CompletionRequest(text="x"), UnfitError("no level", done("x"))) is None


def test_a_schema_in_words_stands_behind_the_request() -> None:
    asked = in_words(CompletionRequest((Message("user", "How bad?"),), schema=LEVEL))
    assert asked.schema is None and '"enum": ["low"]' in asked.messages[-1].text
    text = in_words(CompletionRequest(text="Bad:", schema=LEVEL)).text
    assert text is not None and text.startswith("Bad:") and "level" in text
