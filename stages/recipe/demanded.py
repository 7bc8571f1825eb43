"""How many new words an answer needs: as its question or its form says, else as the bounds do.

A question whose good answers are short may demand fewer than bounds.yaml, and a sentence made of
fields is never padded.  Invariant: who sets a stricter bound than the shipped one gets it for
every answer.
"""

from __future__ import annotations

from dataclasses import replace

from stages.gates.bounds import Bounds
from stages.recipe.asks import FORM
from stages.recipe.recipe import Recipe, shipped

OF_A_FORM = 1  # new words: each value that it holds is one


def demanded(bounds: Bounds, new_words: int, by: str) -> Bounds:
    """The bounds for an answer.

    new_words: what its question demands, 0 if it says nothing.  by: who wrote the answer.
    """
    least = new_words or (OF_A_FORM if by == FORM else bounds.min_new_words)
    if bounds.min_new_words > shipped().bounds.min_new_words:
        least = max(least, bounds.min_new_words)
    return replace(bounds, min_new_words=least)


def demanded_of(recipe: Recipe, bounds: Bounds, type_: str, by: str) -> Bounds:
    """The bounds for an answer to a question of some type, which the recipe may not know.

    Of several questions of the type, in whatever language, the least demanding counts.
    """
    asked = (recipe.questions, *recipe.questions_in.values())
    every = (question for one in asked for kind in one.of_kind.values() for question in kind)
    new_words = {one.new_words for one in every if one.type == type_} or {0}
    found = (demanded(bounds, least, by) for least in new_words)
    return min(found, key=lambda one: one.min_new_words)
