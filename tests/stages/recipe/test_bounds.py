"""bounds.yaml: every bound is given, within its limits."""

from __future__ import annotations

from pathlib import Path

import pytest

from stages.gates.bounds import Bounds
from stages.recipe.bounds import read_bounds
from stages.recipe.nodes import RecipeError, parse
from stages.recipe.recipe import shipped
from tests.stages.recipe.help import assert_refused

WORDING = shipped().bounds.wording
TEXT = "min_grounded: 0.9\nmin_verbatim: 0\nmin_new_words: 4\nmax_echo: 1\nmax_similarity: 0.7\n"


def test_bounds_are_those_of_the_file() -> None:
    assert read_bounds(parse(TEXT.encode(), "b"), WORDING) == Bounds(0.9, 0, 4, 1, 0.7, WORDING)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("min_new_words: 4", "min_new_words: 4.5", "^b:3: must be a whole number from 0 to 1000"),
        ("max_echo: 1", "max_echo: 1.1", "^b:4: must be a number from 0 to 1"),
        ("max_echo: 1\n", "", "^b:1: max_echo is missing"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(old: str, new: str, said: str) -> None:
    with pytest.raises(RecipeError, match=said):
        read_bounds(parse(TEXT.replace(old, new).encode(), "b"), WORDING)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("max_echo: 0.7", "max_eco: 0.7", "no such key: max_eco; did you mean max_e"),
        ("max_echo: 0.7", "max_echo: high", "must be a number from 0 to 1"),
        ("max_echo: 0.7", "max_echo: 1.7", "must be a number from 0 to 1"),
        ("min_new_words: 4", "min_new_words: 4.5", "must be a whole number from 0"),
        ("max_echo: 0.7", "max_echo: yes", "must be a number from 0 to 1"),
    ],
)  # fmt: skip
def test_a_fault_in_the_shipped_file_is_said_with_file_and_line(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert_refused(tmp_path, "bounds.yaml", old, new, said)


@pytest.mark.parametrize(
    ("text", "said"),
    [("- 1\n", "^b:1: must be a mapping"), ("max_echo: 0.7\n", "^b:1: min_grounded is missing")],
)
def test_a_file_that_holds_too_little(text: str, said: str) -> None:
    with pytest.raises(RecipeError, match=said):
        read_bounds(parse(text.encode(), "b"), WORDING)
