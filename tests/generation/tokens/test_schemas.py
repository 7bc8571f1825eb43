"""A decoded answer against its own schema, and the case that the grammar library lets through."""

from __future__ import annotations

import json
from typing import Any

import pytest
from llguidance import LLMatcher, LLTokenizer

from stages.base import UnusableAnswer
from stages.data_structurer.prompts import answer_schema
from stages.text.sentences import PLAIN
from workers.generation.tokens.schemas import checked

SCHEMA = answer_schema("It is ")


def accepts(schema: dict[str, Any], value: str) -> bool:
    """Whether the grammar library takes a JSON string, byte by byte."""
    source = LLMatcher.grammar_from_json_schema(json.dumps(schema))
    matcher = LLMatcher(LLTokenizer("byte"), source)
    data = list(json.dumps(value, ensure_ascii=False).encode())
    return bool(matcher.validate_tokens(data) == len(data))


def test_a_value_that_fits_comes_back() -> None:
    value = {"answer": r"It is a flaw in C:\Users\x, and so on."}
    assert checked(value, SCHEMA) is value


@pytest.mark.parametrize("reference", ["http://127.0.0.1:1/x", "file:///etc/hostname", "#/no"])
def test_nothing_outside_a_schema_is_opened(
    reference: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = list[object]()
    monkeypatch.setattr("urllib.request.urlopen", lambda *asked, **_: opened.append(asked))
    with pytest.raises(UnusableAnswer, match="refers to .*, which it lacks"):
        checked({"a": 1}, {"properties": {"a": {"$ref": reference}}})
    assert not opened


@pytest.mark.parametrize(
    "value",
    [{"answer": "It is."}, {"answer": "A flaw that does not open as it has to."}, {}, [], "It", 5,
     {"answer": 5}, {"answer": "It is a flaw of two\nlines, which no pattern allows."},
     {"answer": "It is a flaw in the parser of it.", "more": 1}],
)  # fmt: skip
def test_a_value_that_does_not_fit_is_unusable_and_the_message_says_where(value: Any) -> None:
    with pytest.raises(UnusableAnswer, match=r"doesn't fit its schema: \$"):
        checked(value, SCHEMA)


@pytest.mark.parametrize("letter", ["\\", '"'])
def test_a_negated_class_keeps_nothing_out_that_json_escapes(letter: str) -> None:
    """The reason for positive classes (docs/log.md).  Fails when the library is mended."""
    schema = {"type": "string", "pattern": '^[^\\\\"]$'}
    assert accepts(schema, letter)
    with pytest.raises(UnusableAnswer):
        checked(letter, schema)


@pytest.mark.parametrize("letter", ["\\", '"', "[", "]", "{", "}", "<", ">", "é", "日", "😀", " "])
def test_a_character_of_a_line_is_allowed_by_grammar_and_check(letter: str) -> None:
    schema = {"type": "string", "pattern": f"^{PLAIN}$"}
    assert accepts(schema, letter) and checked(letter, schema) == letter


@pytest.mark.parametrize("letter", ["\n", "\r", "\t", "\x00", "\x7f", "\u2028", "\u202e", "\u2066"])
def test_control_characters_and_turns_of_direction_are_kept_out_by_both(letter: str) -> None:
    schema = {"type": "string", "pattern": f"^{PLAIN}$"}
    assert not accepts(schema, letter)
    with pytest.raises(UnusableAnswer):
        checked(letter, schema)
