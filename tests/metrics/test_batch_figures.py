"""Figures of a batch: as a line has them, and back; buckets of lengths; rates."""

from __future__ import annotations

from collections import Counter

import orjson
import pytest

from workers.core.json_fields import JsonFields
from workers.metrics.batch_figures import BatchFigures, Drafts, FirstTokens, length_bucket, per

FULL = BatchFigures(
    rows=6,
    prompt_tokens=400,
    generated_tokens=100,
    seconds=1.5,
    requests=3,
    steps=40,
    prefix_tokens=100,
    forced_tokens=20,
    drafts={"suffix": Drafts(10, 40, 16), "grammar": Drafts(5, 10, 10)},
    first_tokens=FirstTokens.of([0.5, 0.25]),
    prompt_lengths=Counter({"128": 2, "192": 1}),
    answer_lengths=Counter({"32": 3}),
    batch_limit=16,
    memory={"mlx_active_mb": 500, "mlx_peak_mb": 700},
)
EMPTY = BatchFigures(0, 0, 0, 0.0, requests=0)


def parse(fields: dict[str, object]) -> BatchFigures:
    return BatchFigures.parse(JsonFields(orjson.loads(orjson.dumps(fields)), "w1.jsonl line 1"))


@pytest.mark.parametrize("figures", [FULL, EMPTY])
def test_figures_come_back_as_they_were(figures: BatchFigures) -> None:
    assert parse(figures.to_fields()) == figures


def test_what_is_zero_is_left_out_and_rates_are_added() -> None:
    assert list(EMPTY.to_fields()) == [
        *("rows", "requests", "prompt_tokens", "generated_tokens", "seconds"),
        *("tokens_per_s", "items_per_s"),
    ]
    fields = FULL.to_fields()
    assert (fields["tokens_per_s"], fields["items_per_s"]) == (66.667, 2.0)
    assert fields["first_token"] == {"count": 2, "seconds": 0.75, "slowest_s": 0.5}
    assert (EMPTY.to_fields()["tokens_per_s"], per(1, 0)) == (None, None)


def test_without_a_count_of_requests_each_row_is_one() -> None:
    assert BatchFigures(8, 400, 120, 2.0).to_fields()["requests"] == 8


@pytest.mark.parametrize("name", ["rows", "seconds", "drafts", "first_token", "prompt_lengths"])
def test_a_wrong_type_is_named(name: str) -> None:
    with pytest.raises(ValueError, match=f"^w1.jsonl line 1: '{name}' is not"):
        parse({**FULL.to_fields(), name: "x"})


def test_drafts_add_up() -> None:
    drafts = Drafts(1, 4, 3)
    drafts.add(Drafts(1, 4, 1))
    assert (drafts, drafts.acceptance, drafts.mean_length) == (Drafts(2, 8, 4), 0.5, 2.0)
    assert Drafts().acceptance is None


def test_lengths_fall_into_buckets() -> None:
    lengths = (0, 15, 16, 31, 32, 47, 48, 64, 95, 96, 4000)
    buckets = ["0", "0", "16", "16", "32", "32", "48", "64", "64", "96", "3072"]
    assert [length_bucket(length) for length in lengths] == buckets
