"""The number at a time is found on servers of all kinds, by really asking simulated ones."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.endpoint.simulated import Server, asked, bodies
from workers.endpoint.finder import Finder

COUNT = 360


def flat(slots: int) -> Server:
    """Whoever finds no slot waits."""
    return Server(slots, lambda taken: 0.02 + 0.002 * taken)


def falling(slots: int) -> Server:
    """The same, but slower for each one that waits."""
    return Server(slots, lambda taken: 0.02 + 0.002 * taken, falls=0.1)


def cloud(limit: int = 10**6) -> Server:
    """Somewhere far away, with room for many."""
    return Server(10**6, lambda taken: 0.01, latency=0.5, limit=limit)


def two_cores() -> Server:
    """A row more costs half of what a step costs."""
    return Server(32, lambda taken: 0.02 + 0.012 * taken)


def ids(value: object) -> str:
    return str(getattr(value, "__name__", value))


@pytest.mark.parametrize(
    ("make", "slots", "best", "later"),
    [
        *((flat, slots, 32, 0.93) for slots in (1, 4, 8, 16)),
        *((falling, slots, slots, 0.7) for slots in (1, 4, 8)),
    ],
    ids=ids,
)
def test_it_is_as_fast_as_the_best_number_for_the_slots(
    make: Callable[[int], Server], slots: int, best: int, later: float
) -> None:
    """Within some 40 answers where waiting costs nothing, else within some more."""
    requests = bodies(COUNT)
    found, ideal = asked(make(slots), requests), asked(make(slots), requests, fixed=best)
    assert found.rate(40, 160) >= later * ideal.rate(40, 160)
    assert found.rate(160, 300) >= 0.93 * ideal.rate(160, 300)


def test_far_away_it_climbs_at_once_and_stays() -> None:
    found = asked(cloud(), bodies(COUNT))
    assert set(found.levels[45:]) == {32}


def test_on_a_processor_that_gains_little() -> None:
    requests = bodies(COUNT)
    found, ideal = asked(two_cores(), requests), asked(two_cores(), requests, fixed=32)
    assert found.kept >= 16 and found.rate(40, 300) >= 0.93 * ideal.rate(40, 300)


@pytest.mark.parametrize("limit", [3, 6, 12])
def test_below_what_a_server_refuses(limit: int) -> None:
    server = cloud(limit)
    found = asked(server, bodies(200))
    assert found.kept == limit and server.refused <= 12


def test_a_stage_of_slow_answers_is_no_reason_to_go_down() -> None:
    found = asked(cloud(), bodies(COUNT, block=100))
    assert set(found.levels[120:]) == {32}


def test_answers_to_what_was_asked_beside_another_stage_do_not_count() -> None:
    finder = Finder(32)

    def answered(stage: str, times: int) -> int:
        for _ in range(times):
            finder.answered(frozenset({stage}), 1.0, 0.1, 1.0)
        return finder.now

    assert answered("filter", 15) == 8, "eight that came all at once, and seven more"
    assert answered("structurer", 8) == 8
    assert answered("structurer", 1) == 16


def test_it_begins_with_what_the_server_says() -> None:
    assert asked(flat(16), bodies(60), first=24).levels[0] == 24
    assert asked(flat(16), bodies(60), most=6, first=24).levels[0] == 6


def test_it_does_not_go_below_what_the_server_has_room_for() -> None:
    finder = Finder(32)
    finder.begin_with(16, least=10)
    for _ in range(2000):  # more at a time are slower, fewer are faster, as far as it can see
        finder.answered(frozenset("x"), 1.0, finder.now, 1.0)
        assert finder.now >= 10
    finder.too_many()
    for _ in range(2000):
        finder.answered(frozenset("x"), 1.0, finder.now, 1.0)
    assert finder.kept < 10


@pytest.mark.parametrize("most", [1, 2, 3, 5])
def test_it_keeps_within_its_bounds(most: int) -> None:
    assert set(asked(cloud(), bodies(100), most=most).levels) == {most}


def test_it_does_not_ask_for_more_where_answers_take_long() -> None:
    """They might not come in time any more."""
    found = asked(Server(1, lambda taken: 0.5), bodies(100))
    assert max(found.levels) == 8


def test_it_goes_down_when_the_server_says_that_it_is_too_much() -> None:
    finder = Finder(32)
    finder.begin_with(12)
    finder.too_many()
    assert finder.now == finder.kept == 9
    for _ in range(9):
        finder.too_many()
    assert finder.now == 1
