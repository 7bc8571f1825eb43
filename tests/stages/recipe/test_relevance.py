"""relevance.yaml: keywords, faint words, and three labels with examples."""

from __future__ import annotations

import pytest

from stages.recipe.nodes import RecipeError, parse
from stages.recipe.relevance import read_relevance

KINDS = "{mails: [one, two], notes: [three]}"
TEXT = (
    "strong: [worm]\nweak: [print*]\nfaint: [server, port]\n"
    f"security: {KINDS}\nsoftware: {KINDS}\neveryday: {KINDS}\n"
)


def test_labels_and_keywords_are_those_of_the_file() -> None:
    found = read_relevance(parse(TEXT.encode(), "r"))
    assert [(label.name, label.word) for label in found.labels] == [
        ("security", "security"),
        ("software", "software"),
        ("everyday", "life"),
    ]
    assert (found.keywords.strong, found.keywords.weak) == (("worm",), ("print*",))
    assert found.faint_table().total("a port of the server") == 2.0


def test_a_label_that_is_missing_is_named() -> None:
    with pytest.raises(RecipeError, match="^r:1: everyday is missing"):
        read_relevance(parse(TEXT.partition("everyday")[0].encode(), "r"))
