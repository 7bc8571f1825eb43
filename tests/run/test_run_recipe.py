"""A run's recipe in its manifest: as it was written, or a line that says what is wrong."""

from __future__ import annotations

import pytest

from workers.core.json_fields import JsonFields
from workers.run.run_recipe import RunRecipe


def parsed(values: dict[str, object]) -> RunRecipe | None:
    return RunRecipe.parse(JsonFields(values, "run.json: recipe"))


def test_it_comes_back_as_it_was() -> None:
    for recipe in (RunRecipe("ab", {"bounds.yaml": "01"}), RunRecipe("ab")):
        assert parsed(recipe.to_json()) == recipe


def test_a_run_from_before_there_were_recipes_has_none() -> None:
    assert parsed({}) is None


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"files": {}}, "no 'sha256'"),
        ({"sha256": 7}, "'sha256' is not text"),
        ({"sha256": "ab", "files": {"bounds.yaml": 1}}, "'files' is not text"),
    ],
)
def test_what_is_no_recipe_is_named(values: dict[str, object], problem: str) -> None:
    with pytest.raises(ValueError, match=f"run.json: recipe: {problem}"):
        parsed(values)
