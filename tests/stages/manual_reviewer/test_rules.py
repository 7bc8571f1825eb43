"""Rules that accept pairs: what they say, what they refuse, and that none is ever run as code."""

from __future__ import annotations

import pytest

from stages.manual_reviewer.pair import ReviewedPair
from stages.manual_reviewer.rules import RuleError, accept_rule, sample
from tests.review_help import flagged, pair


@pytest.mark.parametrize(
    ("rule", "holds"),
    [
        ("grounded>=0.95 and verbatim>=0.8", True),
        ("grounded > 1 or (confidence == 0.9 and not words > 20)", True),
        ("doubt < 0.01", False),
        ("written_by == 'record' and domain != 'malware'", True),
        ("domain == 'network security'", False),
    ],
)
def test_a_rule_holds_or_not(rule: str, holds: bool) -> None:
    assert accept_rule(rule).accepts("0:1", ReviewedPair(pair(1))) is holds


def test_a_figure_that_a_pair_has_not_never_holds() -> None:
    bare = ReviewedPair({"instruction": "Why?", "response": "So."})
    for rule in (
        "grounded>=0",
        "grounded<2",
        "domain != 'x'",
        "confidence != 1",
        "not grounded<0.9",
        "not (words > 500 or grounded<0.9)",
        "not (grounded<0.9 and words > 0)",
    ):
        assert not accept_rule(rule).accepts("0:1", bare)
    for rule in ("words > 0 or grounded<0.9", "not (words > 500 and grounded<0.9)"):
        assert accept_rule(rule).accepts("0:1", bare)  # whatever the figure were


def test_a_flagged_pair_is_accepted_by_no_rule() -> None:
    seen = ReviewedPair(flagged(1))
    assert not accept_rule("words >= 0 or not words >= 0").accepts("0:1", seen)
    assert not sample("0.0001%", 0).accepts("0:1", seen)


@pytest.mark.parametrize(
    ("rule", "named"),
    [
        ("", "expression"), ("grounded>=", "expression"), ("x" * 400, "300"), ("((((" * 40, "expr"),
        ("grounded", "not a comparison"),
        ("hope > 1", "no figure 'hope'"), ("1 < 2", "no figure '1'"),
        ("grounded > 'much'", "a number"), ("domain > 'a'", "== or !="), ("domain == 1", "a text"),
        ("0.5 < grounded", "no figure"), ("grounded > 0.5 > 0.1", "two things"),
        ("grounded in (1, 2)", "a number"), ("grounded > True", "a number"),
        ("__import__('os').system('true')", "not a comparison"), ("grounded > words", "a number"),
        ("grounded.real > 1", "no figure"), ("grounded > -1", "a number"),
        ("[x for x in ()] == 1", "no figure"), ("(lambda: 1)() > 0", "no figure"),
    ],
)  # fmt: skip
def test_what_is_no_rule_is_named(rule: str, named: str) -> None:
    with pytest.raises(RuleError, match=named):
        accept_rule(rule)


def test_a_sample_is_of_its_size_and_always_the_same() -> None:
    seen = ReviewedPair(pair(1))
    ids = [f"0:{number}" for number in range(4000)]

    def left(text: str, seed: int) -> list[str]:
        return [one for one in ids if not sample(text, seed).accepts(one, seen)]

    assert 150 < len(left("5%", 0)) < 250
    assert left("5%", 0) == left("0.05", 0) != left("5%", 1)
    assert set(left("5%", 0)) < set(left("20%", 0)) and left("100%", 0) == ids


@pytest.mark.parametrize("text", ["", "many", "0", "-5%", "101%", "2", "nan", "5%%"])
def test_what_is_no_share_is_refused(text: str) -> None:
    with pytest.raises(RuleError, match="such as 5%"):
        sample(text, 0)
