"""A queue folder as readers see it: which chunks it has, where, and what is damaged."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from stages.base import Failed
from tests.queue_checks import chunk_name, finish, make_queue
from workers.core.errors import QueueError
from workers.queue.chunk_folder import ChunkCounts
from workers.queue.chunk_paths import ChunkState
from workers.queue.chunk_queue import ChunkQueue


@pytest.fixture
def queue(tmp_path: Path) -> ChunkQueue:
    """Three chunks: one done, two of its three records failed; one claimed; one waiting."""
    queue = make_queue(tmp_path, chunks=3, records=3)
    first = queue.claim("w1")
    assert first is not None
    for record_id in first.remaining()[:2]:
        first.record(record_id, Failed("no"))
    finish(first)
    second = queue.claim("w1")
    assert second is not None
    second.release()
    return queue


def test_names_counts_and_places(queue: ChunkQueue) -> None:
    assert [queue.names(state) for state in ChunkState] == [
        [chunk_name(2)],
        [chunk_name(1)],
        [chunk_name(0)],
        [chunk_name(0)],
    ]
    counts = queue.counts()
    assert counts == ChunkCounts(1, 1, 1, 1) and counts.total == 3
    assert list(counts.by_state()) == list(ChunkState)
    assert queue.places() == {
        chunk_name(2): ChunkState.PENDING,
        chunk_name(1): ChunkState.CLAIMED,
        chunk_name(0): ChunkState.DONE,
    }
    assert queue.exists(chunk_name(1)) and not queue.exists(chunk_name(7))


def test_strangers_in_the_folder_are_no_chunks(queue: ChunkQueue) -> None:
    for name in (".chunk-000009.jsonl.tmp", "notes.txt", "chunk-000009.jsonl~"):
        (queue.folder / "pending" / name).touch()
    assert queue.names(ChunkState.PENDING) == [chunk_name(2)]
    assert queue.counts().pending == 1


def test_a_chunk_in_two_states_is_seen_in_both(queue: ChunkQueue) -> None:
    file = f"{chunk_name(0)}.jsonl"
    shutil.copy(queue.folder / "done" / file, queue.folder / "claimed" / file)
    assert queue.states()[chunk_name(0)] == [ChunkState.CLAIMED, ChunkState.DONE]
    assert queue.places()[chunk_name(0)] == ChunkState.DONE


def test_open_chunks_tell_their_ids(queue: ChunkQueue) -> None:
    assert queue.open_ids(chunk_name(1), ChunkState.CLAIMED) == ["0:4", "0:5", "0:6"]


def test_dead_letters_are_dropped_but_for_some(queue: ChunkQueue) -> None:
    sealed = queue.sealed(chunk_name(0))
    queue.keep_failed(chunk_name(0), ["0:2", "0:3"])
    assert [line.id for line in queue.failed(chunk_name(0))] == ["0:2"]
    queue.keep_failed(chunk_name(0), [])
    assert queue.names(ChunkState.FAILED) == []
    queue.keep_failed(chunk_name(1), ["0:4"])  # has none
    assert queue.sealed(chunk_name(0)) == sealed


def test_a_change_of_a_state_shows(queue: ChunkQueue) -> None:
    os.utime(queue.folder / "done", ns=(5, 5))
    assert queue.changed_ns(ChunkState.DONE) == 5
    chunk = queue.claim("w1")
    assert chunk is not None
    finish(chunk)
    assert queue.changed_ns(ChunkState.DONE) > 5


def test_damage_is_found_in_open_chunks_and_their_journals(queue: ChunkQueue) -> None:
    assert list(queue.find_damage()) == []
    pending = queue.folder / "pending" / f"{chunk_name(2)}.jsonl"
    pending.write_bytes(pending.read_bytes()[:-5])
    journal = queue.folder / "claimed" / f"{chunk_name(1)}.journal"
    journal.write_bytes(journal.read_bytes().replace(b"session", b"sessiom"))
    first, second = queue.find_damage()
    assert first.startswith(f"{pending} line 3: ") and second.startswith(f"{journal} line 1: ")


def test_damaged_outcomes_are_named(queue: ChunkQueue) -> None:
    path = queue.folder / "done" / f"{chunk_name(0)}.jsonl"
    path.write_bytes(path.read_bytes()[:-5])
    with pytest.raises(QueueError, match=f"{path} line 3: truncated"):
        queue.sealed(chunk_name(0))
