"""A worker in this process: turn by turn, drained, and failing so that nothing is lost."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stages.base import LanguageModel, Outcome, Record, Removed, Result, Stage
from stages.data_filter.stage import DataFilter
from tests.run_tools import STAGES, make_run, numbered
from workers.core.errors import EngineError, ModelError, QueueError
from workers.queue.chunk_folder import ChunkCounts
from workers.queue.chunk_paths import ChunkState
from workers.queue.envelopes import Envelope
from workers.run.heartbeat import Heartbeat, WorkerState, read_heartbeat
from workers.run.run_folder import RunFolder
from workers.worker.loop import Worker


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunFolder:
    """Twelve records in three chunks of the first of two stages, which need no model."""
    monkeypatch.setenv("CYBERLLM_LOGS", str(tmp_path / "logs"))
    return make_run(tmp_path, numbered(12))


Process = Callable[[Record], Outcome]


@pytest.fixture
def processing(monkeypatch: pytest.MonkeyPatch) -> Callable[[Process], None]:
    """Set what the data filter does to a record."""

    def replace(decide: Process) -> None:
        async def process(self: Stage, record: Record, llm: LanguageModel | None) -> Outcome:
            await asyncio.sleep(0)
            return decide(record)

        monkeypatch.setattr(DataFilter, "process", process)

    replace(Result)
    return replace


def worker(run: RunFolder, more_may_come: Callable[[], bool] = lambda: False) -> Worker:
    return Worker(RunFolder(run.path).open(), "batch", "w1-0", more_may_come)


def beat(run: RunFolder) -> Heartbeat | None:
    return read_heartbeat(run.heartbeat_file("w1-0"))


def work(run: RunFolder) -> None:
    asyncio.run(worker(run).work())


def test_it_works_off_what_is_there(run: RunFolder, processing: Any) -> None:
    work(run)
    assert run.queues[0].counts() == ChunkCounts(done=3)
    assert beat(run) is None and not list(run.workers_dir.iterdir())


def test_it_waits_for_more_until_nobody_publishes(run: RunFolder, processing: Any) -> None:
    async def scene() -> None:
        one = worker(run, more_may_come=lambda: run.queues[0].counts().done < 4)
        task = asyncio.create_task(one.work())
        while run.queues[0].counts().done < 3 or beat_state(run) != WorkerState.IDLE:
            await asyncio.sleep(0.01)
        run.queues[0].publish("chunk-000004", [Envelope("0:99", {"n": 99})])
        await asyncio.wait_for(task, 10)

    asyncio.run(scene())
    assert run.queues[0].counts().done == 4


def beat_state(run: RunFolder) -> WorkerState | None:
    seen = beat(run)
    return seen.state if seen else None


@pytest.mark.parametrize(
    "error", [EngineError("generation failed"), OSError(5, "broken"), ModelError("no template")]
)
def test_what_fails_for_all_leaves_its_heartbeat_and_no_dead_letter(
    run: RunFolder, processing: Any, error: Exception
) -> None:
    done: list[Record] = []

    def decide(record: Record) -> Outcome:
        if record["n"] == 7:
            raise error
        done.append(record)
        return Result(record) if len(done) % 2 else Removed("half of them")

    processing(decide)
    with pytest.raises(type(error)):
        work(run)
    seen = beat(run)
    assert seen and 0 < seen.results <= len(done)
    assert not run.queues[0].names(ChunkState.FAILED)
    processing(Result)
    work(run)
    assert run.queues[0].counts() == ChunkCounts(done=3)


def test_what_goes_wrong_while_loading_is_the_models_fault(
    run: RunFolder, processing: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        raise IndexError("list index out of range")

    monkeypatch.setattr(Worker, "_load", fail)
    with pytest.raises(ModelError, match="can't be used: IndexError: list index out of range"):
        work(run)
    seen = beat(run)
    assert seen and seen.state is WorkerState.LOADING and run.queues[0].counts().pending == 3


def test_told_to_stop_it_lets_go_of_what_is_not_nearly_done(
    run: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def process(self: Stage, record: Record, llm: LanguageModel | None) -> Outcome:
        await asyncio.sleep(0.2 if record["n"] < 4 else 60)
        return Result(record)

    monkeypatch.setattr(DataFilter, "process", process)
    monkeypatch.setattr("workers.worker.loop._DRAIN", 1.0)

    async def scene() -> None:
        one = worker(run)
        task = asyncio.create_task(one.work())
        while not run.queues[0].counts().claimed:
            await asyncio.sleep(0.01)
        one.stop()
        await asyncio.wait_for(task, 5)
        assert one.stopped

    asyncio.run(scene())
    assert run.queues[0].counts().done == 1 and beat(run) is None
    assert run.queues[0].claim("w2-0") is not None


def test_nothing_left_but_damaged_chunks_is_an_error(run: RunFolder, processing: Any) -> None:
    (run.path / STAGES[0] / "pending" / "chunk-000002.jsonl").write_text("garbage\n")
    with pytest.raises(QueueError, match="chunk-000002.jsonl line 1: damaged"):
        work(run)
    assert run.queues[0].counts().done == 2
    seen = beat(run)
    assert seen and list(seen.damaged) == [f"{STAGES[0]}/chunk-000002"]
