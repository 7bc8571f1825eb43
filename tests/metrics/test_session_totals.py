"""Totals: every line counted where it belongs, rates from sums, reasons by example."""

from __future__ import annotations

from collections import Counter

import pytest

from workers.metrics.batch_figures import BatchFigures, Drafts, FirstTokens
from workers.metrics.metric_kinds import (
    Body,
    Event,
    ModelBatch,
    PhaseTimes,
    SealedChunk,
    WorkBlock,
    WorkerDeath,
)
from workers.metrics.metric_lines import MetricLine
from workers.metrics.session_totals import Totals
from workers.metrics.sums import Sums

FILTER, MINE = "2_data_filter", "mine"


def batch(rows: int, seconds: float, accepted: int, waited: float) -> ModelBatch:
    drafts = {"suffix": Drafts(1, 4, accepted)}
    lengths, first = Counter({"32": rows}), FirstTokens.of([waited])
    memory = {"mlx_peak_mb": 100 * rows}
    figures = BatchFigures(rows, 400, 100, seconds, drafts=drafts, first_tokens=first)
    return ModelBatch(
        FILTER,
        BatchFigures(**{**figures.__dict__, "answer_lengths": lengths, "memory": memory}),
    )


def added(*bodies: Body) -> Totals:
    totals = Totals()
    for number, body in enumerate(bodies):
        totals.add(MetricLine(float(number), "w1", 10 * number, None, body))
    return totals


def test_batches_add_up() -> None:
    totals = added(batch(8, 2.0, 3, 0.5), batch(2, 3.0, 1, 0.25))
    stage = totals.stages[FILTER]
    assert (stage.sums.batches, stage.sums.rows, stage.largest_batch) == (2, 10, 8)
    assert stage.sums.tokens_per_s == 40.0
    assert (stage.all_drafts, stage.slowest_first_token) == (Drafts(2, 8, 4), 0.5)
    assert stage.answer_lengths == {"32": 10} and totals.peak_mlx_mb == 800
    fields = stage.summary().to_json()
    assert (fields["mean_batch"], fields["first_token_mean_s"]) == (5.0, 0.375)
    assert fields["drafts"]["suffix"]["acceptance"] == 0.5 and fields["tokens_saved"] == 4


def test_chunks_add_up_with_an_example_of_each_reason() -> None:
    one = SealedChunk(FILTER, "c1", 4, 2, 1, 1, 8.0, 2.0, 1.5, {"line 7: bad": 1}, {"off": 1})
    two = SealedChunk(FILTER, "c2", 4, 0, 0, 4, 8.0, 2.0, 0.5, {"line 9: bad": 3, "odd": 1})
    fields = added(one, two).stages[FILTER].summary().to_json()
    assert (fields["records"], fields["failed"], fields["waited_seconds"]) == (8, 5, 2.0)
    assert (fields["items_per_s"], fields["chunk_seconds"]) == (2.0, 16.0)
    assert fields["errors"] == {"line 7: bad": 4, "odd": 1} and fields["reasons"] == {"off": 1}


def test_a_users_blocks_phases_and_events() -> None:
    totals = added(
        WorkBlock(MINE, 3, 0.5),
        WorkBlock(MINE, 1, 0.25, "KeyError"),
        PhaseTimes(5.0, {"wait": 4.0, "other": 1.0}),
        PhaseTimes(1.0, {"wait": 1.0}),
        WorkerDeath("w1", "SIGKILL"),
        Event("alarm"),
        Event("alarm"),
    )
    assert totals.phases == {"wait": 5.0, "other": 1.0}
    assert totals.events == {"death": 1, "alarm": 2} and totals.peak_rss_mb == 60
    mine = totals.stages[MINE].summary()
    assert mine.sums == Sums(work_blocks=2, work_items=4, work_seconds=0.75)
    assert mine.errors == {"KeyError": 1}


def test_nothing_gives_zeros_and_no_rates() -> None:
    sums = added(SealedChunk(FILTER, "c1", 0, 0, 0, 0, 0.0)).stages[FILTER].sums
    assert (sums.items_per_s, sums.tokens_per_s, sums.batches) == (None, None, 0)
    assert Totals().sums == Sums()
    with pytest.raises(KeyError):
        Totals().stages[FILTER]
