"""Placeholders and patterns: what is needed is there, and named parts are written out."""

from __future__ import annotations

import pytest

from stages.recipe.nodes import Node, RecipeError, parse
from stages.recipe.templates import (
    LONGEST_PATTERN,
    named_patterns,
    pattern,
    searched,
    with_placeholders,
)


def text(value: str) -> Node:
    return Node(value, "f", 3)


def test_a_text_holds_what_it_needs_and_may_hold_what_is_known() -> None:
    value = "About {text}: {name}, {0}, {}."
    assert with_placeholders(text(value), ("text",), ("name", "other")) == value


@pytest.mark.parametrize(
    ("value", "needed", "said"),
    [
        ("About it.", ("text",), r"^f:3: the placeholder \{text\} is missing"),
        ("About {txt}.", ("text",), r"^f:3: no placeholder \{txt\}; did you mean text\?"),
        ("About {txt}.", (), r"^f:3: no placeholder \{txt\}; there are none here"),
    ],
)
def test_placeholders_that_are_missing_or_unknown(
    value: str, needed: tuple[str, ...], said: str
) -> None:
    with pytest.raises(RecipeError, match=said):
        with_placeholders(text(value), needed)


def test_patterns_are_made_of_those_above_them() -> None:
    root = parse(b"worm: worms?\nmany: '(?:{worm})+ x{2}'\n", "f")
    assert named_patterns(root) == {"worm": "worms?", "many": "(?:worms?)+ x{2}"}
    assert pattern(text("^{a}$"), {"a": "[bc]"}) == "^[bc]$"
    assert pattern(text(r"C:\\1(?i:x)"), {}) == r"C:\\1(?i:x)"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("(", "is not a regular expression"),
        ("{wrm}", r"no pattern \{wrm\}; did you mean worm\?"),
        ("{worm}" * LONGEST_PATTERN, "is longer than"),
        ("(a)\\2", "is not a regular expression"),
        ("(?i)as a large model", r"begins with \(\?i\), but is joined .*; case is ignored anyway"),
        ("(?sx)foo # bar", r"begins with .*; write \(\?sx:\.\.\.\)$"),
        ("(?P<who>I|we) can't", "names a group, who"),
        (r"\\(a)x\1", r"refers to a group, \\1"),
        ("(a)?(?(1)b|c)", r"refers to a group, \(\?\(1\)"),
    ],
)
def test_patterns_that_are_none(value: str, said: str) -> None:
    with pytest.raises(RecipeError, match=f"^f:3: {said}"):
        pattern(text(value), {"worm": "worms?"})
    with pytest.raises(RecipeError, match="a name has letters and underscores only"):
        named_patterns(parse(b"a-b: x\n", "f"))


@pytest.mark.parametrize("value", ["as a model|", "x*", r"\b", "(?=a)?", "^"])
def test_what_is_looked_for_finds_something(value: str) -> None:
    assert pattern(text(value), {}) == value
    with pytest.raises(RecipeError, match="^f:3: matches the empty text, and so is found in every"):
        searched(text(value), {})
    assert searched(text("^as a model$"), {}) == "^as a model$"


def test_in_a_text_of_many_lines_the_line_of_the_placeholder_is_named() -> None:
    block = Node("one\ntwo {txt}\n", "f", 3, block=True)
    with pytest.raises(RecipeError, match="^f:5: no placeholder"):
        with_placeholders(block, ())
