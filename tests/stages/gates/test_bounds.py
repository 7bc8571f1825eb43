"""The bounds of the gates hold numbers within their ranges, or there are none."""

from __future__ import annotations

from typing import Any

import pytest

from stages.gates.bounds import Bounds, limits
from stages.recipe.recipe import shipped

VALUES: dict[str, Any] = {
    "min_grounded": 0.9,
    "min_verbatim": 0.0,
    "min_new_words": 4,
    "max_echo": 1,
    "max_similarity": 0.7,
    "wording": shipped().bounds.wording,
}


def test_bounds_are_taken_as_they_are_given() -> None:
    bounds = Bounds(**VALUES)
    assert {name: getattr(bounds, name) for name in VALUES} == VALUES


@pytest.mark.parametrize("name", limits())
@pytest.mark.parametrize("value", [-1, 1001, None, True, "1", float("nan"), float("inf")])
def test_a_number_out_of_range_is_refused_by_name(name: str, value: Any) -> None:
    called = name.replace("_", "-")
    with pytest.raises(ValueError, match=f"{called} {value}: must be a (whole )?number from 0 to"):
        Bounds(**{**VALUES, name: value})


def test_words_are_whole_numbers_and_shares_end_at_one() -> None:
    for wrong in ({"min_new_words": 4.0}, {"max_echo": 1.01}):
        with pytest.raises(ValueError, match="must be"):
            Bounds(**{**VALUES, **wrong})
