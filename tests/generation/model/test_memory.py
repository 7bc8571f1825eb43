"""Memory to rows: the formula, its bounds, and what it learns while running."""

from __future__ import annotations

import pytest

from workers.generation.model.memory import (
    MIB,
    Footprint,
    MemoryBudget,
    RowCost,
    WindowedLayers,
    available_bytes,
)

COST = RowCost(Footprint(1000), activation_bytes_per_token=500)


def budget(available: int, **settings: float) -> MemoryBudget:
    values = {"fraction": 1.0, "reserve_bytes": 0, **settings}
    return MemoryBudget(COST, 32, read=lambda: available, **values)  # type: ignore[arg-type]


def test_a_row_costs_its_kv_and_what_is_in_flight() -> None:
    assert COST.bytes(100) == 100_500
    assert COST.reading(10) == 5_000
    assert RowCost(Footprint(1000), 500, 7, places=9, states_bytes=3).bytes(100) == 104_566


def test_what_is_kept_is_counted_by_how_it_grows() -> None:
    kept = Footprint(
        10, per_row=5, windows=(WindowedLayers(100, 30), WindowedLayers(1000, 50)), headroom=4
    )
    assert kept.bytes(20) == 5 + 24 * 1110
    assert kept.bytes(40) == 5 + 44 * 1010 + 30 * 100
    assert kept.bytes(96) == 5 + 100 * 10 + 30 * 100 + 50 * 1000


@pytest.mark.parametrize(
    ("available", "rows"),
    [(0, 1), (105_500, 1), (205_999, 1), (206_000, 2), (1_010_000, 10), (10**12, 32)],
)
def test_rows_from_one_to_the_ceiling(available: int, rows: int) -> None:
    assert budget(available).rows(100, 10) == rows


def test_prompts_are_read_once_for_all_rows() -> None:
    """A pass takes in so many of their tokens, however many rows there are."""
    assert budget(10 * 100_500 + 512 * 500).rows(100, 512) == 10
    assert budget(10 * 100_500 + 511 * 500).rows(100, 512) == 9


def test_fraction_reserve_and_share_come_off() -> None:
    assert budget(2_020_000, fraction=0.5).rows(100, 10) == 10
    assert budget(2_020_000, reserve_bytes=1_010_000).rows(100, 10) == 10
    assert budget(2_020_000, share=2).rows(100, 10) == 10


def test_what_we_hold_ourselves_counts_as_free() -> None:
    assert budget(0).rows(100, 10, held_bytes=507_500) == 5


def test_memory_is_read_anew_each_time() -> None:
    readings = iter([1_010_000, 105_500])
    shrinking = MemoryBudget(COST, 32, 1.0, 0, read=lambda: next(readings))
    assert [shrinking.rows(100, 10), shrinking.rows(100, 10)] == [10, 1]


def test_a_failed_allocation_halves_and_never_goes_below_one() -> None:
    plenty = budget(10**12)
    assert [plenty.halve(20), plenty.halve(10), plenty.halve(1)] == [10, 5, 1]
    assert plenty.rows(100, 10) == 1


def test_half_of_a_small_batch_never_raises_the_ceiling() -> None:
    plenty = budget(10**12)
    plenty.halve(4)
    assert plenty.halve(20) == 2


def test_measured_bytes_correct_the_estimate_within_bounds() -> None:
    learning = budget(1_010_000)
    for _ in range(100):
        learning.measured([50, 150, 100, 100], held_bytes=2 * 400 * 1000)
    assert learning.factor == pytest.approx(2, rel=0.01)
    assert learning.rows(100, 10) == 5
    for _ in range(100):
        learning.measured([50, 150], held_bytes=100 * 1000)
    assert learning.factor == pytest.approx(0.5, rel=0.01)
    assert learning.rows(100, 10) == 19  # a pass works with as much as before
    for _ in range(200):
        learning.measured([100], held_bytes=10**12)
    assert learning.factor == pytest.approx(4, rel=0.01)
    for _ in range(200):
        learning.measured([100], held_bytes=1)
    assert learning.factor == pytest.approx(0.25, rel=0.01)


def test_nothing_measured_changes_nothing() -> None:
    learning = budget(1_050_000)
    learning.measured([], held_bytes=5)
    assert learning.factor == 1


def test_it_is_short_when_half_of_the_reserve_is_gone() -> None:
    assert not budget(600 * MIB, reserve_bytes=1024 * MIB).short
    assert budget(500 * MIB, reserve_bytes=1024 * MIB).short


def test_this_machine_has_memory() -> None:
    assert MIB < available_bytes() < 1 << 50


def test_what_two_models_keep_of_a_row_adds_up() -> None:
    one = Footprint(10, per_row=5, windows=(WindowedLayers(100, 30),), headroom=4)
    other = Footprint(7, per_row=3, windows=(WindowedLayers(50, 60),), headroom=4)
    assert (one + Footprint(0)).bytes(40) == one.bytes(40)
    for tokens in (20, 40, 96):
        assert (one + other).bytes(tokens) == one.bytes(tokens) + other.bytes(tokens)
