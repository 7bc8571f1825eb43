"""Which pairs stay: repeats, sides and caps, decided on small tables written by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from stages.base import Removed
from stages.final_assembler.options import AssemblyOptions, parse_options
from stages.final_assembler.pairs import AssemblyError
from stages.final_assembler.plan import BOTH_SIDES, Plan, plan
from stages.final_assembler.sides import NO_SIDE
from stages.final_assembler.spool import PAIR, SOURCE, Spooled
from stages.similar.search import Repeat

TRAIN, VALID = 0, 1
LAST = 3 * 2**62  # a key in the last quarter
HALVES = parse_options(split="50/50")


def spooled(
    keys: list[int], said: list[int], origins: list[int] | None = None, domains: str = ""
) -> Spooled:
    """Sources by their keys, all unlike, and pairs by what each says, its source and domain."""
    sources, pairs = np.zeros(len(keys), SOURCE), np.zeros(len(said), PAIR)
    sources["key"], sources["digest"] = keys, np.arange(len(keys))
    pairs["digest"] = said
    pairs["origin"] = range(len(said)) if origins is None else origins
    pairs["domain"] = [int(one) for one in domains] or 0
    return Spooled(Path("pairs"), pairs, sources)


def test_nothing_has_a_plan_too() -> None:
    made = plan(spooled([], []), AssemblyOptions())
    assert (made.sides.shape, made.repeats, made.capped, made.moved) == ((0,), {}, {}, 0)


def test_the_same_tables_and_options_give_the_same_plan() -> None:
    tables = spooled([0, LAST, 1], [1, 1, 2])
    first, second = plan(tables, HALVES), plan(tables, HALVES)
    assert first.sides.tolist() == second.sides.tolist() and first.repeats == second.repeats


def test_what_was_said_before_goes_unless_repeats_may_stay() -> None:
    tables = spooled([0, LAST], [9, 9, 3], [0, 1, 1])
    made = plan(tables, HALVES)
    assert made.repeats == {1: Repeat(1, 0, 1.0)}
    assert made.sides.tolist() == [TRAIN, NO_SIDE, VALID]
    kept = plan(tables, parse_options(split="50/50", no_dedup=True))
    assert kept.repeats == {} and kept.sides.tolist() == [TRAIN, VALID, VALID]


def test_of_a_value_with_too_many_pairs_the_lowest_digests_stay() -> None:
    tables = spooled([0, LAST], [5, 4, 3, 2], [0, 0, 1, 1], "0001")
    made = plan(tables, parse_options(split="50/50", cap=["domain=2"]))
    assert made.capped == {0: "domain=2"}
    assert made.sides.tolist() == [NO_SIDE, TRAIN, VALID, VALID]


def test_a_repeat_takes_no_place_within_a_cap() -> None:
    tables = spooled([0, LAST], [1, 1, 7], [0, 0, 1])
    made = plan(tables, parse_options(split="50/50", cap=["domain=2"]))
    assert (set(made.repeats), made.capped) == ({1}, {})


def test_each_cap_counts_what_the_one_before_it_left() -> None:
    tables = spooled([0, LAST], [1, 2, 3], [0, 1, 1], "001")
    made = plan(tables, parse_options(split="50/50", cap=["domain=1", "kind=1"]))
    assert made.capped == {1: "domain=1", 2: "kind=1"}


def test_a_cap_holds_after_another_has_taken_pairs() -> None:
    tables = spooled([0, LAST], list(range(12)), [0, 1] * 6, "000012121212")
    tables.pairs["source"] = [0] * 4 + [1] * 8
    made = plan(tables, parse_options(split="50/50", cap=["domain=40%", "source=4"]))
    left = [int(tables.pairs["domain"][row]) for row in range(12) if row not in made.capped]
    assert left == [0, 0, 1, 2, 1, 2]  # the second cap left four of 0 and two of each other


def test_a_share_that_can_not_be_reached_is_said_with_its_flag() -> None:
    with pytest.raises(AssemblyError, match="^--cap kind=20%: the pairs have only 1 different"):
        plan(spooled([0, LAST], [1, 2]), parse_options(split="50/50", cap=["kind=20%"]))


def test_a_side_without_pairs_gets_the_source_that_is_nearest_to_it() -> None:
    made = plan(spooled([0, 2**62, 5], [1, 2, 3]), HALVES)
    assert (made.moved, made.sides.tolist()) == (1, [TRAIN, VALID, TRAIN])
    assert plan(spooled([0], [1]), HALVES).moved == 0, "one source is not taken from its side"


def test_a_source_like_two_sides_has_none() -> None:
    tables = spooled([0, LAST, 1], [1, 2, 3])
    first, last, between = (np.ones(128, np.uint16) for _ in range(3))
    last[:32], last[96:], between[96:] = 3, 2, 2  # half alike; three quarters like `between`
    tables.sources["signature"] = [first, last, between]
    tables.sources["tellable"] = True
    made = plan(tables, HALVES)
    assert made.sides.tolist() == [TRAIN, VALID, NO_SIDE]
    assert made.why_not(2, {}) == Removed(BOTH_SIDES)
    capped = plan(tables, parse_options(split="50/50", cap=["kind=2"])).capped
    assert capped == {}, "its pairs take no place within a cap"


def test_sources_that_are_alike_are_not_torn_apart_to_fill_a_side() -> None:
    tables = spooled([0, 1], [1, 2])
    tables.sources["tellable"] = True
    assert plan(tables, HALVES).moved == 0
    tables.sources["tellable"] = False
    assert plan(tables, HALVES).moved == 1


def test_why_a_pair_goes_is_its_first_reason() -> None:
    sides = np.array([TRAIN, NO_SIDE, NO_SIDE, NO_SIDE, NO_SIDE], np.uint8)
    made = Plan(sides, {1: Repeat(1, 0, 1.0), 2: Repeat(2, 0, 0.9)}, {2: "kind=1", 3: "kind=1"})
    names = {0: "first:1"}
    assert [made.why_not(row, names) for row in range(5)] == [
        None,
        Removed("duplicate", how="exact", similarity=1.0, of="first:1"),
        Removed("duplicate", how="near", similarity=0.9, of="first:1"),
        Removed("over the cap", cap="kind=1"),
        Removed(BOTH_SIDES),
    ]
