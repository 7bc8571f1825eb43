"""Caps by number and by share."""

from __future__ import annotations

import numpy as np
import pytest

from stages.final_assembler.caps import Cap, over_cap, parse_cap


def test_both_kinds_are_read() -> None:
    assert parse_cap("domain=500") == Cap("domain", count=500)
    assert parse_cap("source=12.5%") == Cap("source", share=0.125)
    assert [parse_cap(text).shown for text in ("kind=7", "source=20%")] == ["kind=7", "source=20%"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("colour=5", "FIELD one of domain, kind, source"),
        ("domain", "must be a whole number"),
        ("domain=many", "must be a whole number"),
        ("domain=1.5", "must be a whole number"),
        ("domain=0", "must be 1 or more"),
        ("domain=0%", "above 0%"),
        ("domain=101%", "at most 100%"),
        ("domain=nan%", "above 0%"),
    ],
)
def test_others_are_refused(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        parse_cap(text)


def test_the_lowest_stay_and_only_of_values_that_have_too_many() -> None:
    codes = np.array([0, 0, 0, 1, 0, 1])
    rank = np.array([5, 1, 9, 4, 3, 2], dtype=np.uint64)
    kept = np.array([True] * 6)
    assert sorted(over_cap(codes, rank, kept, Cap("domain", count=2))) == [0, 2]
    kept[1] = False
    assert sorted(over_cap(codes, rank, kept, Cap("domain", count=2))) == [2]


@pytest.mark.parametrize("share", [0.25, 0.3, 0.5, 1.0])
def test_no_value_has_more_than_its_share_and_no_pair_is_lost_needlessly(share: float) -> None:
    counts = [1000, 300, 50, 20, 7]
    codes = np.repeat(np.arange(5), counts)
    kept = np.ones(len(codes), bool)
    rank = np.arange(len(codes), dtype=np.uint64)
    kept[over_cap(codes, rank, kept, Cap("domain", share=share))] = False
    left = np.bincount(codes[kept])
    assert left.max() <= share * left.sum()
    raised = np.minimum(counts, left.max() + 1)
    assert left.max() == 1000 or raised.max() > share * raised.sum()


def test_a_share_that_too_few_values_can_not_keep_is_refused() -> None:
    codes, kept = np.array([0, 1, 2]), np.ones(3, bool)
    with pytest.raises(ValueError, match=r"only 3 different values of kind, so one has 33%"):
        over_cap(codes, np.zeros(3), kept, Cap("kind", share=0.2))
