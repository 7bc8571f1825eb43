"""Chunks that a killed reviewer left decided are sealed; those that are held or open are not."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from stages.base import Result
from tests.review_help import pair, review_queue
from workers.queue.chunk_paths import ChunkState
from workers.queue.chunk_queue import ChunkQueue
from workers.run.decided import seal_decided


@pytest.fixture
def queue(tmp_path: Path) -> ChunkQueue:
    """Three chunks of two pairs."""
    return review_queue(tmp_path, [pair(number) for number in range(6)], per_chunk=2)


def decide(queue: ChunkQueue, name: str, count: int) -> Any:
    """The chunk, held, with so many of its pairs decided."""
    chunk = queue.claim_named(name, "reviewer")
    assert chunk is not None
    ids = chunk.remaining()[:count]
    chunk.begin(ids)
    for one in ids:
        chunk.record(one, Result(pair(1)))
    return chunk


def run_of(*queues: ChunkQueue) -> Any:
    return SimpleNamespace(queues=queues)


def test_only_what_is_decided_and_held_by_nobody_is_sealed(queue: ChunkQueue) -> None:
    decide(queue, "chunk-000001", 2).release()
    decide(queue, "chunk-000002", 1).release()
    held = decide(queue, "chunk-000003", 2)
    assert seal_decided(run_of(queue)) == 1
    assert queue.names(ChunkState.DONE) == ["chunk-000001"]
    held.release()
    assert seal_decided(run_of(queue)) == 1 and seal_decided(run_of(queue)) == 0
    assert queue.names(ChunkState.DONE) == ["chunk-000001", "chunk-000003"]


def test_a_damaged_chunk_stays_as_it_is(tmp_path: Path, queue: ChunkQueue) -> None:
    decide(queue, "chunk-000001", 2).release()
    [journal] = tmp_path.rglob("claimed/*.journal")
    journal.write_bytes(b"damaged\n" + journal.read_bytes())
    assert seal_decided(run_of(queue)) == 0
    assert queue.names(ChunkState.CLAIMED) == ["chunk-000001"]


def test_queues_of_other_stages_are_left_alone(tmp_path: Path) -> None:
    other = ChunkQueue(tmp_path / "run" / "2_data_filter")
    other.create()
    other.publish("chunk-000001", [{"id": "0:1", "record": pair(1)}])
    decide(other, "chunk-000001", 1).release()
    assert seal_decided(run_of(other)) == 0
