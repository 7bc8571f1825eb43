"""bounds.yaml: every bound is given, within its limits."""

from __future__ import annotations

import pytest

from stages.gates.bounds import Bounds
from stages.recipe.bounds import read_bounds
from stages.recipe.nodes import RecipeError, parse

TEXT = "min_grounded: 0.9\nmin_verbatim: 0\nmin_new_words: 4\nmax_echo: 1\nmax_similarity: 0.7\n"


def test_bounds_are_those_of_the_file() -> None:
    assert read_bounds(parse(TEXT.encode(), "b")) == Bounds(0.9, 0, 4, 1, 0.7)


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
        read_bounds(parse(TEXT.replace(old, new).encode(), "b"))
