"""Reading a status: believed while it is true, else counted from the files, and nothing changed."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from stages.base import Failed
from tests.observe.snapshots import snapshot
from tests.run_tools import decide, make_run, numbered, publish_all, work_off
from workers.observe.read_status import read_status, recount, write_status
from workers.observe.status import RecordCounts, RunStatus, StageSpeed, StageStatus
from workers.queue.chunk_folder import ChunkCounts
from workers.run.run_folder import RunFolder
from workers.run.worker_view import WorkerView

FILTER, STRUCTURER = "2_data_filter", "3_data_structurer"


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    """The first of two stages is sealed, and forwarded."""
    run = make_run(tmp_path, numbered(30))
    work_off(run.queues[0], decide)
    publish_all(run)
    return run


def test_counted_from_the_files(run: RunFolder) -> None:
    status = read_status(run)
    first, second = status.stages
    assert status.state == "unfinished"
    assert (first.chunks, second.chunks) == (ChunkCounts(done=8, failed=4), ChunkCounts(pending=8))
    assert first.records == RecordCounts(30, 20, 6, 4)
    assert second.records == RecordCounts(40)
    assert first.dead_letters == {"seventh": 4}


def test_counted_dead_letters_have_a_true_example(tmp_path: Path) -> None:
    run = make_run(tmp_path, numbered(4))
    work_off(run.queues[0], lambda record: Failed(f"latin1.jsonl line {record['n'] + 1}: bad"))
    assert recount(run.queues[0]).dead_letters == {"latin1.jsonl line 1: bad": 4}


def test_a_snapshot_that_is_out_of_date_is_not_believed(run: RunFolder) -> None:
    write_status(run, RunStatus("test", "running", ()))
    assert read_status(run).stages[0].chunks.done == 8


@pytest.mark.parametrize("data", [b'{"run": 1', b"[]", b'{"run":"test","state":"running"}'])
def test_a_damaged_snapshot_is_not_believed(run: RunFolder, data: bytes) -> None:
    run.status_file.write_bytes(data)
    assert read_status(run).stages[0].chunks.done == 8


def test_a_large_run_that_was_killed_is_not_recounted(
    run: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.observe.read_status.RECOUNTED_CHUNKS", 15)
    counts = RecordCounts(28, 19, 5, 4)
    write_status(run, RunStatus("test", "running", (StageStatus(FILTER, records=counts),)))
    os.utime(run.status_file, (1, 1))
    status = read_status(run)
    first, second = status.stages
    assert (first.chunks.done, first.records, second.chunks.pending) == (8, counts, 8)
    assert status.message and "verify test" in status.message
    run.status_file.unlink()
    assert "records are not known" in (read_status(run).message or "")


def test_what_is_at_rest_is_not_even_listed(
    run: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    finished = StageStatus(FILTER, ChunkCounts(done=3))
    write_status(run, RunStatus("test", "finished", (finished,)))
    soon = time.time() + 60
    os.utime(run.status_file, (soon, soon))
    monkeypatch.setattr(type(run.queues[0]), "counts", lambda queue: pytest.fail("listed"))
    assert read_status(run).state == "finished"
    os.utime(run.queues[0].folder / "done", (soon + 1, soon + 1))
    with pytest.raises(pytest.fail.Exception):
        read_status(run)


def test_a_live_coordinators_snapshot_is_shown_as_it_is(run: RunFolder) -> None:
    write_status(run, snapshot("test"))
    with run.lock_coordinator():
        assert read_status(run) == snapshot("test")
        run.status_file.unlink()
        assert read_status(run).state == "starting"


def test_after_a_kill_the_state_is_not_running(run: RunFolder) -> None:
    stages = (
        StageStatus(FILTER, ChunkCounts(0, 0, 8, 4), speed=StageSpeed(3.0, 2.0, 1.5)),
        StageStatus(STRUCTURER, ChunkCounts(8)),
    )
    worker = WorkerView(1, "cpu", "working")
    write_status(run, RunStatus("test", "running", stages, (worker,), 5.0))
    status = read_status(run)
    assert (status.state, status.workers, status.eta_s) == ("unfinished", (), None)
    assert status.stages[0].speed == StageSpeed(items_per_s_overall=1.5)


def test_what_is_damaged_is_shown_all_the_same(run: RunFolder) -> None:
    sealed = run.queues[0].folder / "done" / "chunk-000001.jsonl"
    sealed.write_bytes(b"damaged\n")
    status = read_status(run)
    assert f"{sealed} line 1: damaged" in (status.message or "")
    assert status.stages[0].chunks.done == 8 and status.stages[0].records == RecordCounts()


def test_reading_changes_nothing(run: RunFolder) -> None:
    def files() -> dict[Path, bytes]:
        return {path: path.read_bytes() for path in run.path.rglob("*") if path.is_file()}

    before = files()
    read_status(run)
    assert files() == before
