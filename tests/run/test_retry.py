"""Requeueing dead letters: each once per failure, whatever interrupts it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stages.base import Failed
from tests.run_tools import STAGES, decide, make_run, numbered, publish_all, work_off
from workers.queue.chunk_paths import ChunkState
from workers.queue.chunk_queue import ChunkQueue
from workers.run.retry import Requeued, requeue
from workers.run.run_folder import RunFolder
from workers.run.verify import verify


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    """Four of 30 records failed in the first stage, in three chunks of four."""
    run = make_run(tmp_path, numbered(30))
    work_off(run.queues[0], decide)
    publish_all(run)
    return run


def waiting(queue: ChunkQueue) -> list[str]:
    return [name for name in queue.names(ChunkState.PENDING) if ".r" in name]


def test_each_dead_letter_goes_into_a_new_chunk_of_its_lineage(run: RunFolder) -> None:
    assert requeue(run.queues, STAGES) == Requeued(records=4)
    queue = run.queues[0]
    assert waiting(queue) == [f"chunk-00000{n}.r1" for n in (2, 4, 6, 8)]
    assert queue.open_ids("chunk-000002.r1", ChunkState.PENDING) == ["0:8"]
    assert queue.names(ChunkState.FAILED) == []
    assert verify(run).ok


def test_doing_it_again_requeues_nothing_twice(run: RunFolder) -> None:
    requeue(run.queues, STAGES)
    assert requeue(run.queues, STAGES) == Requeued()
    work_off(run.queues[0], lambda record: Failed("again"))
    assert requeue(run.queues, STAGES) == Requeued(records=4)
    assert waiting(run.queues[0])[0] == "chunk-000002.r2" and verify(run).ok


def test_interrupted_before_failed_was_tidied_it_requeues_nothing_twice(
    run: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(self: ChunkQueue, name: str, ids: list[str]) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(ChunkQueue, "keep_failed", killed)
        with pytest.raises(KeyboardInterrupt):
            requeue(run.queues, STAGES)
    assert requeue(run.queues, STAGES) == Requeued(records=3)
    work_off(run.queues[0])
    assert verify(run).ok and verify(run).stages[0].ends.failed == 0


def test_only_the_stages_asked_for(run: RunFolder) -> None:
    work_off(run.queues[1], lambda record: Failed("no"))
    assert requeue(run.queues, STAGES[1:]) == Requeued(records=40)
    assert waiting(run.queues[0]) == [] and len(waiting(run.queues[1])) == 8


def test_a_new_retry_has_a_number_that_is_new_in_every_stage(run: RunFolder) -> None:
    requeue(run.queues, STAGES)
    work_off(run.queues[0])
    publish_all(run)
    work_off(run.queues[1], lambda record: Failed("no"))
    requeue(run.queues, STAGES)
    assert {name.split(".")[1] for name in waiting(run.queues[1])} == {"r1", "r2"}
    assert "chunk-000002.r2" in waiting(run.queues[1])


def test_lines_that_hold_no_record_stay_dead_letters(tmp_path: Path) -> None:
    run = make_run(tmp_path, numbered(1))
    lines = [{"id": "0:2", "error": "line 2: bad"}, {"id": "0:3", "record": {"n": 7}}]
    run.queues[0].publish("chunk-000002", [json.dumps(line).encode() for line in lines])
    work_off(run.queues[0], decide)
    assert requeue(run.queues, STAGES) == Requeued(records=1, unreadable=1)
    assert [line.id for line in run.queues[0].failed("chunk-000002")] == ["0:2"]
    assert requeue(run.queues, STAGES) == Requeued(records=0, unreadable=1)
