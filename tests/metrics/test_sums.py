"""Sums of two lines count what either counted, and rates are None where nothing was."""

from __future__ import annotations

from dataclasses import replace

from workers.metrics.batch_figures import BatchFigures, FirstTokens
from workers.metrics.metric_kinds import SealedChunk, WorkBlock
from workers.metrics.sums import Sums

BATCH = BatchFigures(8, 400, 100, 2.0, 3, 50, 60, 7, first_tokens=FirstTokens.of([0.5, 0.25]))
CHUNK = SealedChunk("s", "c1", 10, 6, 3, 1, 4.0, busy_seconds=1.5, waited_seconds=2.5)


def test_every_figure_of_a_line_is_counted_under_its_name() -> None:
    batch, chunk = Sums.of_batch(BATCH), Sums.of_chunk(CHUNK)
    assert (batch.batches, batch.rows, batch.requests, batch.batch_seconds) == (1, 8, 3, 2.0)
    assert (batch.steps, batch.prompt_tokens, batch.prefix_tokens) == (50, 400, 60)
    assert (batch.generated_tokens, batch.forced_tokens) == (100, 7)
    assert (batch.first_tokens, batch.first_token_seconds) == (2, 0.75)
    assert (chunk.records, chunk.results, chunk.removed, chunk.failed) == (10, 6, 3, 1)
    assert (chunk.chunks, chunk.chunk_seconds) == (1, 4.0)
    assert (chunk.busy_seconds, chunk.waited_seconds) == (1.5, 2.5)


def test_lines_of_all_kinds_add_up() -> None:
    both = Sums.of_batch(BATCH) + Sums.of_chunk(CHUNK) + Sums.of_work(WorkBlock("s", 3, 0.5))
    assert both + both == Sums(*(2 * amount for amount in vars(both).values()))
    assert both.mean_batch == 8 and both.tokens_per_s == 50 and both.items_per_s == 6.667
    assert both.mean_first_token_s == 0.375 and both.mean_wait_s == 2.5
    assert both.work_items_per_s == 6


def test_nothing_has_no_rates() -> None:
    empty = Sums()
    rates = (empty.mean_batch, empty.tokens_per_s, empty.items_per_s, empty.mean_first_token_s)
    assert {*rates, empty.mean_wait_s, empty.work_items_per_s} == {None}


def test_a_summary_has_them_rounded_and_first_tokens_as_a_mean_only() -> None:
    values = replace(Sums.of_chunk(CHUNK), chunk_seconds=1 / 3).to_json()
    assert values["chunk_seconds"] == 0.333
    assert not {"first_tokens", "first_token_seconds"} & set(values)
