"""A question or a form may demand fewer new words than the bounds, unless these are stricter."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stages.recipe.demanded import demanded, demanded_of
from stages.recipe.recipe import shipped

BOUNDS = shipped().bounds


@pytest.mark.parametrize(
    ("bound", "new_words", "by", "least"),
    [(4, 0, "record", 4), (4, 2, "record", 2), (4, 0, "form", 1), (4, 5, "form", 5),
     (9, 2, "record", 9), (900, 0, "form", 900), (2, 0, "record", 2)],
)  # fmt: skip
def test_who_demands_how_many(bound: int, new_words: int, by: str, least: int) -> None:
    bounds = replace(BOUNDS, min_new_words=bound)
    assert demanded(bounds, new_words, by).min_new_words == least


def test_the_type_of_a_pair_names_its_question() -> None:
    of_malware = demanded_of(shipped(), BOUNDS, "malware_explanation", "record")
    assert of_malware.min_new_words == 2
    assert demanded_of(shipped(), BOUNDS, "of_somebody_else", "record") == BOUNDS


def test_questions_in_another_language_demand_their_own() -> None:
    [first, *_] = shipped().questions.of_kind["malware"]
    of_kind = {"malware": (replace(first, type="opis", new_words=1),)}
    polish = replace(shipped().questions, of_kind=of_kind)
    recipe = replace(shipped(), questions_in={"pl": polish})
    assert demanded_of(recipe, BOUNDS, "opis", "record").min_new_words == 1
