"""Labels: one word, and examples that leave some to be held out."""

from __future__ import annotations

import pytest

from stages.base import Label
from stages.recipe.labels import examples, examples_by_kind, label_of_kinds, word
from stages.recipe.nodes import Node, RecipeError, parse


def node(text: str) -> Node:
    return parse(f"at: {text}\n".encode(), "f").entries()["at"]


@pytest.mark.parametrize("text", ["two words", "'<|im_end|>'", "''", "7", "-x", "x" * 41])
def test_what_a_model_would_not_write_as_one_word(text: str) -> None:
    with pytest.raises(RecipeError, match="^f:1: "):
        word(node(text))
    assert word(node("zero-day")) == "zero-day"


def test_examples_are_two_at_least() -> None:
    assert examples(node("[a, b]")) == ("a", "b")
    with pytest.raises(RecipeError, match="must have 2 items"):
        examples(node("[a]"))


def test_examples_by_kind_are_of_two_kinds_at_least() -> None:
    kinds = node("{mails: [a, b], notes: [c]}")
    assert examples_by_kind(kinds) == {"mails": ("a", "b"), "notes": ("c",)}
    label = label_of_kinds("x", "word", kinds)
    assert label == Label.of_kinds("x", "word", {"mails": ("a", "b"), "notes": ("c",)})
    with pytest.raises(RecipeError, match="must have examples of 2 kinds"):
        examples_by_kind(node("{mails: [a, b]}"))
