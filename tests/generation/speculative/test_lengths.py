"""Draft lengths maximise expected tokens per second; none is always a choice."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from workers.generation.speculative.lengths import (
    LONG,
    AcceptanceEstimate,
    CostTable,
    draft_lengths,
    weights,
)

FLAT = CostTable((1, 64), (1.0, 1.0))
STEEP = CostTable((1, 64), (1.0, 64.0))
STAIRS = CostTable((1, 4, 5, 8, 9, 64), (1.0, 1.0, 1.8, 1.8, 3.0, 30.0))


def test_free_passes_take_every_draft() -> None:
    assert draft_lengths([AcceptanceEstimate(0.5, 3), AcceptanceEstimate(0.9, 2)], 2, FLAT)[0] == [
        3,
        2,
    ]


def test_when_every_token_costs_a_pass_nothing_is_drafted() -> None:
    assert draft_lengths([AcceptanceEstimate(0.9, 8)] * 3, 3, STEEP)[0] == [0, 0, 0]


def test_rows_without_a_draft_get_none() -> None:
    assert draft_lengths([AcceptanceEstimate(0.0, 0), AcceptanceEstimate(0.9, 2)], 2, FLAT)[0] == [
        0,
        2,
    ]


def test_drafting_time_counts_only_when_something_is_drafted() -> None:
    chances = [AcceptanceEstimate(0.6, 4)]
    assert draft_lengths(chances, 1, FLAT, extra=0.1)[0] == [4]
    assert draft_lengths(chances, 1, FLAT, extra=50.0)[0] == [0]


@pytest.mark.parametrize("seed", range(20))
def test_as_good_as_trying_every_combination(seed: int) -> None:
    random = np.random.default_rng(seed)
    chances = [
        AcceptanceEstimate(float(random.random()), int(random.integers(0, 4))) for _ in range(3)
    ]
    lengths, speed = draft_lengths(chances, 3, STAIRS)

    def promised(combination: tuple[int, ...]) -> float:
        expected = sum(
            sum(c.rate**j for j in range(k + 1)) for c, k in zip(chances, combination, strict=True)
        )
        return expected / float(STAIRS.seconds(3 + sum(combination)))

    best = max(
        promised(combination)
        for combination in itertools.product(*(range(c.most + 1) for c in chances))
    )
    assert speed == pytest.approx(promised(tuple(lengths)))
    assert speed >= best / 1.08 - 1e-9


def test_the_table_goes_on_beyond_its_end_and_learns_a_factor() -> None:
    table = CostTable((1, 2, 4), (1.0, 1.0, 3.0))
    assert float(table.seconds(6)) == pytest.approx(5.0)
    for _ in range(200):
        table.observe(2, 1.5)
    assert float(table.seconds(2)) == pytest.approx(1.5, abs=0.01)
    assert float(table.seconds(4)) == pytest.approx(4.5, abs=0.01), "of each token"


def test_drafts_are_left_when_passes_with_them_prove_slow_and_are_tried_again() -> None:
    table = CostTable((1, 64), (1.0, 1.0))
    chances = [AcceptanceEstimate(0.5, 2)]
    table.observe(1, 1.0)
    assert draft_lengths(chances, 1, table)[0] == [2]
    for _ in range(30):
        table.observe(3, 2.0, drafted=True)
    assert draft_lengths(chances, 1, table)[0] == [0]
    assert float(table.seconds(1)) == pytest.approx(1.0), "passes without are not to blame"
    for _ in range(500):
        table.observe(1, 1.0)
    assert draft_lengths(chances, 1, table)[0] == [2]


def test_rows_that_end_together_are_worth_what_they_are_in_a_queue() -> None:
    assert weights([50.0] * 4, STAIRS) == pytest.approx([1.0] * 4)
    assert weights([50.0], STAIRS) == [1.0]


def test_what_matters_at_the_end_is_the_row_that_ends_last() -> None:
    table = CostTable((1, 5), (10.0, 14.0))  # 9 a pass, and 1 a row
    found = weights([20.0, 20.0, 20.0, 200.0], table)
    assert sum(found) == pytest.approx(4.0)
    assert found[:3] == pytest.approx([4 / 13] * 3, abs=0.01), "a row spares only its own part"
    ready = [AcceptanceEstimate(0.8, 2, one) for one in found]
    assert draft_lengths([AcceptanceEstimate(0.8, 2)] * 4, 4, table)[0] == [2] * 4
    assert draft_lengths(ready, 4, table)[0] == [0, 0, 0, 2]


def test_a_pass_never_takes_less_than_nothing() -> None:
    table = CostTable((1, 16), (0.05, 0.12))
    for _ in range(50):
        table.observe(16, 0.01)
    assert float(table.seconds(1)) > 0
    assert weights([5.0, 50.0], table)[1] > 0


def test_measuring_takes_the_better_of_two() -> None:
    times = iter([99.0, 5.0, 1.0, 2.0, 9.0, 7.12, 8.0])
    table = CostTable.measure(lambda context: lambda tokens: next(times), (1, 2))
    assert list(table.base(np.array([1, 2]))) == [1.0, 2.0]
    assert float(table.base(2, LONG)) == pytest.approx(7.12)


def test_what_was_measured_comes_back_from_its_file() -> None:
    table = CostTable((1, 2, 4), (1.0, 1.0, 3.0), 0.01)
    table.observe(2, 9.0)
    again = CostTable.from_json(table.to_json())
    sizes = np.array([1, 2, 3, 4, 9])
    np.testing.assert_array_equal(again.base(sizes, LONG), table.base(sizes, LONG))
    assert float(again.seconds(2)) == 1.0, "what was seen since is not kept"


@pytest.mark.parametrize("data", [b"{}", b"[]", b'{"sizes": [1], "seconds": [1], "per_seen": 0}'])
def test_a_file_of_something_else_is_refused(data: bytes) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        CostTable.from_json(data)
