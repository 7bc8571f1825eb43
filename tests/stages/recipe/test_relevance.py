"""relevance.yaml: keywords, faint words, and three labels with examples."""

from __future__ import annotations

from pathlib import Path

import pytest

from stages.recipe.nodes import RecipeError, parse
from stages.recipe.relevance import WordWeights, read_relevance
from tests.stages.recipe.help import assert_refused

KINDS = "{mails: [one, two], notes: [three]}"
FIGURES = (
    "bounds: {sure: 0.5, doubtful: 0.2, without_words: 0.4, words: 0.1, sure_by_words: 0.3,"
    " doubtful_by_words: 0.2}\nweights: {strong: 1, weak: 0.5, faint: 0, entry: 1, scale: 2, bias:"
    " -1.4, rules: 6, odds: 1, model: 1}\n"
)
TEXT = (
    f"{FIGURES}strong: [worm]\nweak: [print*]\nfaint: [server, port]\n"
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


def test_a_file_of_before_words_had_odds_counts_as_it_did_then() -> None:
    earlier = read_relevance(parse(TEXT.replace("odds: 1, ", "").encode(), "r"))
    assert (earlier.weights.odds, earlier.weights.model, earlier.weights.by_words) == (0, 1, None)
    assert (earlier.bounds.entry, earlier.bounds.of_software) == (0.1, 0.4)
    assert (earlier.weights.long, earlier.of_software, earlier.software_table()) == (None, (), None)
    weighed = TEXT.replace("model: 1}", "model: 1, by_words: {bias: -2, rules: 4, odds: 1}}")
    assert read_relevance(parse(weighed.encode(), "r")).weights.by_words == WordWeights(-2, 4, 1)
    with pytest.raises(RecipeError, match="^r:2: odds is missing"):
        read_relevance(parse(weighed.replace("4, odds: 1", "4").encode(), "r"))


def test_a_label_that_is_missing_is_named() -> None:
    with pytest.raises(RecipeError, match="^r:1: everyday is missing"):
        read_relevance(parse(TEXT.partition("everyday")[0].encode(), "r"))


@pytest.mark.parametrize(
    ("old", "new", "said", "below"),
    [
        ("security:\n  ", "security: {}\nx:\n  ", "no such key: x", 1),
        ("sure: 0.65", "sure: 1.5", "must be a number from 0 to 1", 0),
        ("doubtful: 0.45", "doubtful: 0.75", "doubtful must not be above sure", 0),
        ("scale: 1.8", "scale: 0", "must be above 0", 0),
        ("model: 1.48", "model: yes", "must be a number from -100 to 100", 0),
        ("strong: [adversar*,", "strong: [Adversar*,", "'Adversar*': must be in low", 0),
        ("strong: [adversar*,", "strong: [adversar*, adversar*,", "'adversar*': in", 0),
    ],
)  # fmt: skip
def test_a_fault_in_the_shipped_file_is_said_with_file_and_line(
    tmp_path: Path, old: str, new: str, said: str, below: int
) -> None:
    assert_refused(tmp_path, "relevance.yaml", old, new, said, below)


@pytest.mark.parametrize(
    ("security", "said"),
    [("  mails: []\n  notes: [a]\n", "^r:7: must not be empty"),
     ("  mails: [a]\n", "^r:6: must have examples of 2 kinds")],
)  # fmt: skip
def test_a_label_has_examples_of_two_kinds(security: str, said: str) -> None:
    words = f"{FIGURES}strong: [a]\nweak: [b]\nfaint: [c]\n"
    text = f"{words}security:\n{security}software: 1\neveryday: 1\n"
    with pytest.raises(RecipeError, match=said):
        read_relevance(parse(text.encode(), "r"))
