"""What rules and model say of texts: the same draw each time, and labels of the recipe."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from benchmarks.decision_material import relevance_material
from benchmarks.predictions import domains_of, drawn
from stages.base import Question
from stages.recipe.recipe import shipped

if TYPE_CHECKING:
    from workers.generation.decisions.choosing import Chooser


def test_a_draw_is_bounded_stable_and_of_one_side() -> None:
    about = relevance_material()
    some = drawn(about, 5, fitting=True)
    assert some == drawn(reversed(about), 5, fitting=True)
    assert all(text.for_fitting for text in some)
    assert max(sum(t.source == source for t in some) for source in {t.source for t in some}) == 5


class _Silent:
    """Has the parts of a Chooser that are asked where there are no texts."""

    def __init__(self) -> None:
        self.asked: list[Question] = []

    def calibration(self, question: Question) -> None:
        self.asked.append(question)


def test_domains_are_those_of_the_recipe() -> None:
    chooser, own = _Silent(), shipped().domains
    recipe = replace(shipped(), domains=replace(own, labels=own.labels[:2]))
    found = domains_of(cast("Chooser", chooser), [], recipe)
    assert found.names == tuple(label.name for label in chooser.asked[0].labels) == own.names[:2]
