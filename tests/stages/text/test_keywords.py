"""Keywords with weights: what counts as an occurrence, and how scores grow."""

from __future__ import annotations

import math

import pytest

from stages.text.keywords import READ_AT_MOST, KeywordTable, logistic, logit, squeeze


@pytest.mark.parametrize(
    ("keyword", "text", "found"),
    [
        ("worm", "A WORM spreads.", True),
        ("worm", "bookworms", False),
        ("worm", "worm's", True),
        ("encrypt*", "encryption", True),
        ("encrypt*", "unencrypted", False),
        ("zero day", "a zero-day\nand", True),
        ("zero day", "zero\n day", True),
        ("zero day", "zeroday", False),
        ("c++", "in c++ code", True),
        ("a.b", "axb", False),
    ],
)
def test_words_are_found_whole(keyword: str, text: str, found: bool) -> None:
    assert (KeywordTable({keyword: 1.0}, 1.0).total(text) > 0) is found


def test_the_longest_keyword_counts_where_several_begin() -> None:
    table = KeywordTable({"access": 1.0, "access control": 5.0}, 1.0)
    assert table.total("access control and access") == 6.0


def test_a_repeated_keyword_adds_little_and_no_more_than_twice() -> None:
    table = KeywordTable({"worm": 2.0}, 1.0)
    assert [table.total("worm " * n) for n in (0, 1, 2, 3, 9)] == [0, 2.0, 2.5, 3.0, 3.0]


def test_a_score_grows_with_evidence_and_stays_below_one() -> None:
    table = KeywordTable({"worm": 1.0, "virus": 3.0}, 2.0)
    scores = [table.score(text) for text in ("", "worm", "virus", "worm virus")]
    assert scores == sorted(scores) and scores[0] == 0 and scores[-1] < 1
    assert table.score("", extra=2.0) == pytest.approx(1 - math.exp(-1))
    assert squeeze(-5, 1) == 0


def test_a_long_text_is_judged_by_its_beginning() -> None:
    table = KeywordTable({"worm": 1.0}, 1.0)
    assert table.total(" " * READ_AT_MOST + "worm") == 0
    assert table.total("worm" + " " * READ_AT_MOST + "worm") == 1.0


@pytest.mark.parametrize("probability", [0.02, 0.3, 0.5, 0.98])
def test_logistic_is_the_inverse_of_logit(probability: float) -> None:
    assert logistic(logit(probability)) == pytest.approx(probability)


def test_odds_are_bounded() -> None:
    assert logit(0.0) == logit(0.01) and logit(1.0) == logit(0.99)
    assert logit(0.0, 0.2) == pytest.approx(math.log(0.25))
    assert 0 < logistic(-1e9) < 1e-20 and logistic(1e9) == 1.0
