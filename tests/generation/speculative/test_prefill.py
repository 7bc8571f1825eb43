"""Prompts on their way in: what each pass reads of them, and who waits for whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

from tests.generation.packed.test_prefix import kv_of
from workers.generation.meter import Meter
from workers.generation.packed.prefix import PrefixCache
from workers.generation.requests import GenerateRequest
from workers.generation.speculative.prefill import Prefill, PromptChunk
from workers.generation.speculative.rows import SequenceState
from workers.generation.tokens.prompts import EncodedPrompt

SHARED = tuple(range(20))


def row_of(own: Sequence[int], shared: int = 20, common: int = 0) -> SequenceState:
    request = GenerateRequest(
        prompt=EncodedPrompt((*SHARED, *own), shared, 8, common),
        max_tokens=8,
        stage="test",
        make_matcher=lambda: None,
        make_sampler=lambda: None,
        future=cast(Any, None),
    )
    return SequenceState(request, frozenset({1}), draft=False)


def prefill_of(*rows: SequenceState, whole_prefixes: bool = False) -> Prefill:
    made = Prefill(PrefixCache(1 << 20), whole_prefixes, Meter(None))
    made.rows.extend(rows)
    return made


def spans(chunks: Sequence[PromptChunk]) -> list[tuple[int, int]]:
    return [(chunk.start, chunk.stop) for chunk in chunks]


def read(prefill: Prefill, chunks: Sequence[PromptChunk]) -> list[SequenceState]:
    """As a pass would, which puts a chunk behind what its row has."""
    for chunk in chunks:
        chunk.row.prefilled_kv = kv_of(chunk.stop)
    return prefill.took(chunks)


def test_rows_wait_for_the_one_that_reads_what_they_begin_with() -> None:
    first, second, third = row_of([50, 51]), row_of([60]), row_of([70, 71, 72])
    prefill = prefill_of(first, second, third)
    assert spans(chunks := prefill.next_chunks(512)) == [(0, 22)]
    assert read(prefill, chunks) == [first]
    prefill.rows.remove(first)
    assert spans(chunks := prefill.next_chunks(512)) == [(20, 21), (20, 23)]
    assert read(prefill, chunks) == [second, third]
    assert (first.cached, second.cached, third.cached) == (0, 20, 20)


def test_questions_about_one_record_share_its_text() -> None:
    record = list(range(100, 120))
    first, second = row_of([*record, 7], common=40), row_of([*record, 8, 9], common=40)
    alone = row_of([*reversed(record), 7], common=40)
    prefill = prefill_of(first, second, alone)
    read(prefill, prefill.next_chunks(512))
    prefill.rows.remove(first)
    assert spans(prefill.next_chunks(512)) == [(40, 42), (20, 41)]


def test_a_pass_reads_as_much_as_there_is_room_for() -> None:
    first, second = row_of(range(50, 100)), row_of([60])
    prefill = prefill_of(first, second)
    assert spans(chunks := prefill.next_chunks(30)) == [(0, 30)]
    assert read(prefill, chunks) == [], "its prompt is longer"
    assert spans(chunks := prefill.next_chunks(41)) == [(30, 70), (20, 21)]
    assert read(prefill, chunks) == [first, second]
    assert prefill.next_chunks(0) == []


def test_a_chunk_ends_with_the_prefix_where_states_cannot_be_cut() -> None:
    row = row_of([50, 51])
    row.request = replace(row.request, prompt=replace(row.request.prompt, found=(21,)))
    prefill = prefill_of(row, whole_prefixes=True)
    seen = []
    for _ in range(3):
        seen += spans(chunks := prefill.next_chunks(512))
        read(prefill, chunks)
    assert seen == [(0, 20), (20, 21), (21, 22)]
