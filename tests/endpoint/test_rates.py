"""Rates of two levels are compared kind by kind."""

from __future__ import annotations

from workers.endpoint.rates import Kinds, Rates

FAST, SLOW = frozenset({"filter"}), frozenset({"structurer"})


def rates(*seen: tuple[Kinds, int, float]) -> Rates:
    """So many answers of these kinds, each of that many seconds and the same work."""
    found = Rates()
    for kinds, answers, seconds in seen:
        for _ in range(answers):
            found.add(kinds, 10.0, seconds)
    return found


def test_like_is_compared_with_like() -> None:
    """The first has more of the slow kind, and is faster at each."""
    here, there = ((FAST, 2, 0.5), (SLOW, 8, 5.0)), ((FAST, 8, 1.0), (SLOW, 2, 10.0))
    gain, answers = rates(*here).against(rates(*there))
    assert gain == 2.0 and 6 < answers < 7


def test_kinds_that_one_has_not_seen_say_nothing() -> None:
    assert rates((FAST, 5, 1.0)).against(rates((SLOW, 5, 9.0)))[1] == 0


def test_what_was_long_ago_counts_less() -> None:
    now = rates((FAST, 300, 1.0), (FAST, 192, 4.0))
    gain, _ = now.against(rates((FAST, 8, 4.0)))
    assert gain < 1.3
