"""The queue: a chunk's way through its states, order, cost of a claim, damage, cleaning up."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from stages.base import Failed, Removed, Result
from tests.forked import Child
from tests.queue_checks import chunk_name, envelopes, finish, make_queue, problems
from workers.core.errors import JournalError, QueueError
from workers.queue.chunk_folder import ChunkCounts
from workers.queue.chunk_queue import ChunkQueue
from workers.queue.sealed import SealedLine


def test_one_chunk_from_pending_to_done(tmp_path: Path) -> None:
    queue = make_queue(tmp_path, records=3)
    assert not queue.publish(chunk_name(0), envelopes(0, 3))
    chunk = queue.claim("w1")
    assert chunk is not None
    assert [e.record for e in chunk.envelopes] == [{"n": 1}, {"n": 2}, {"n": 3}]
    assert queue.counts() == ChunkCounts(claimed=1)
    assert not queue.publish(chunk_name(0), envelopes(0, 3))
    assert chunk.groups() == [["0:1", "0:2", "0:3"]]
    chunk.begin(["0:1", "0:2", "0:3"])
    chunk.record("0:3", Failed("no"))
    chunk.record("0:1", Result({"a": 1}, {"a": 2}))
    with pytest.raises(QueueError, match="0:2"):
        chunk.seal()
    chunk.record("0:2", Removed("why", p=0.5))
    chunk.seal()
    failed = SealedLine("0:3", Failed("no"), {"n": 3}, attempts=1)
    assert queue.sealed(chunk.name) == [
        SealedLine("0:1", Result({"a": 1}, {"a": 2})),
        SealedLine("0:2", Removed("why", p=0.5), {"n": 2}),
        failed,
    ]
    assert queue.failed(chunk.name) == [failed]
    assert not queue.publish(chunk_name(0), envelopes(0, 3))
    assert problems(queue, ["0:1", "0:2", "0:3"]) == []


def test_chunks_come_in_order_and_lost_ones_first(tmp_path: Path) -> None:
    queue = make_queue(tmp_path, chunks=3)
    queue.publish("chunk-1000000", [{"id": "0:8", "record": {}}])
    queue.publish("chunk-000002.r10", [{"id": "0:9", "record": {}}])
    queue.publish("chunk-000002.r9", [{"id": "0:9", "record": {}}])
    first = queue.claim()
    assert first is not None
    first.release()
    names = []
    while chunk := queue.claim():
        names.append(chunk.name)
        finish(chunk)
    assert names == [
        "chunk-000001", "chunk-000002", "chunk-000002.r9", "chunk-000002.r10", "chunk-000003",
        "chunk-1000000",
    ]  # fmt: skip


def test_a_chunk_published_right_after_an_empty_claim_is_found(tmp_path: Path) -> None:
    queue = make_queue(tmp_path, chunks=0)
    for number in range(50):
        assert queue.claim() is None
        queue.publish(chunk_name(number), envelopes(number, 1))
        queue._listed_at = (queue._listed_at[0], queue._listed_at[1] - 1.0)
        chunk = queue.claim()
        assert chunk is not None
        finish(chunk)


def test_claims_do_not_list_big_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    queue = make_queue(tmp_path, chunks=0)
    for number in range(2000):
        line = b'{"id":"0:%d","record":{}}\n' % number
        (queue.folder / "pending" / f"{chunk_name(number)}.jsonl").write_bytes(line)
    listed = 0
    real = os.listdir

    def counting(path: str) -> list[str]:
        nonlocal listed
        names = real(path)
        listed += len(names)
        return names

    monkeypatch.setattr(os, "listdir", counting)
    for _ in range(200):
        chunk = queue.claim()
        assert chunk is not None
        finish(chunk)
    assert listed <= 2000


def test_a_damaged_chunk_is_named_once_and_the_others_go_on(tmp_path: Path) -> None:
    queue = make_queue(tmp_path, chunks=3, records=2)
    first = queue.claim("w1")
    assert first is not None
    first.record("0:1", Removed("x"))
    first.release()
    journal = queue.folder / "claimed" / f"{chunk_name(0)}.journal"
    journal.write_bytes(journal.read_bytes().replace(b"session", b"sessiom"))
    pending = queue.folder / "pending" / f"{chunk_name(1)}.jsonl"
    pending.write_bytes(pending.read_bytes()[:-5])
    with pytest.raises(JournalError, match=f"{chunk_name(0)}.journal line 1"):
        queue.claim("w2")
    with pytest.raises(QueueError, match=rf"{chunk_name(1)}.jsonl line 2"):
        queue.claim("w2")
    third = queue.claim("w2")
    assert third is not None and third.name == chunk_name(2)
    assert queue.claim("w2") is None
    assert list(queue.damaged) == [chunk_name(0), chunk_name(1)]


def test_recover_leaves_a_living_worker_alone(tmp_path: Path) -> None:
    queue = make_queue(tmp_path)
    chunk = queue.claim("w1")
    assert chunk is not None
    draft = queue.folder / "done" / f".{chunk.name}.jsonl.tmp"
    draft.write_bytes(b"half")
    assert Child(lambda say: say(str(ChunkQueue(queue.folder).recover()))).said() == ["[]"]
    assert draft.exists()
    finish(chunk)
    assert problems(queue, ["0:1"]) == []


def test_a_chunk_is_claimed_by_its_name_by_one_at_a_time(tmp_path: Path) -> None:
    queue = make_queue(tmp_path, chunks=2)
    second = queue.claim_named(chunk_name(1), "w1")
    assert second is not None and second.name == chunk_name(1)
    assert queue.claim_named(chunk_name(1), "w1") is None
    assert ChunkQueue(queue.folder).claim_named(chunk_name(1), "w2") is None
    second.record("0:2", Result({}))
    second.seal()
    assert queue.claim_named(chunk_name(1), "w2") is None  # sealed
