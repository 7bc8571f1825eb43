"""Chunk lineages: a chunk and its retries, with the outcomes that stand and what is open."""

from __future__ import annotations

from pathlib import Path

from stages.base import Failed, Outcome, Record, Result
from tests.queue_checks import chunk_name, make_queue
from tests.run_tools import work_off
from workers.queue.chunk_queue import ChunkQueue
from workers.queue.lineage import Lineage, lineages, members_by_number, read_lineage


def even_fail(record: Record) -> Outcome:
    return Result(record) if record["n"] % 2 else Failed("even")


def outcomes(lineage: Lineage) -> dict[str, bool]:
    """Whether each sealed record failed, in order."""
    return {line.id: line.has_failed for line in lineage.sealed}


def retried(tmp_path: Path) -> ChunkQueue:
    """Two chunks of four records, the even ones failed; of the first, 0:2 is sealed again."""
    queue = make_queue(tmp_path, chunks=2, records=4)
    work_off(queue, even_fail)
    queue.publish("chunk-000001.r1", [{"id": "0:2", "record": {"n": 1}}])
    work_off(queue, even_fail)
    return queue


def test_a_retry_supersedes_the_failure_it_requeued(tmp_path: Path) -> None:
    first, second = lineages(retried(tmp_path))
    assert (first.number, second.number) == (1, 2)
    assert outcomes(first) == {"0:1": False, "0:2": False, "0:3": False, "0:4": True}
    assert outcomes(second) == {"0:5": False, "0:6": True, "0:7": False, "0:8": True}
    assert first.open_ids == [] and list(first.chunks) == ["chunk-000001.r1", "chunk-000001"]


def test_a_failure_that_waits_again_does_not_stand(tmp_path: Path) -> None:
    queue = retried(tmp_path)
    queue.publish("chunk-000001.r2", [{"id": "0:4", "record": {"n": 4}}])
    first = next(lineages(queue))
    assert outcomes(first) == {"0:1": False, "0:2": False, "0:3": False}
    assert first.open_ids == ["0:4"] and first.ids == ["0:1", "0:2", "0:3", "0:4"]


def test_members_are_grouped_and_ordered(tmp_path: Path) -> None:
    names = ["chunk-000002.r10", "chunk-000001", "chunk-000002", "chunk-000002.r9"]
    grouped = {n: [str(name) for name in some] for n, some in members_by_number(names).items()}
    assert grouped == {
        1: ["chunk-000001"],
        2: ["chunk-000002", "chunk-000002.r9", "chunk-000002.r10"],
    }


def test_one_lineage_is_read_alone(tmp_path: Path) -> None:
    queue = retried(tmp_path)
    (queue.folder / "done" / f"{chunk_name(0)}.jsonl").write_bytes(b"damaged")
    places = queue.places()
    read = read_lineage(queue, members_by_number(places)[2], places)
    assert len(read.sealed) == 4
