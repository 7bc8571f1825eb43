"""Workers started by hand: they finish what is there, survive their neighbours' deaths, drain."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
import pytest

from stages.base import Record
from stages.recipe.recipe import shipped
from tests.in_process import run_here
from tests.run_tools import PROJECT, publish_all, security_record, wait_for, write_jsonl
from workers.core.errors import EngineError, ModelError, PoolError, QueueError, UsageError
from workers.core.exit_status import ExitStatus, WorkerExit
from workers.queue.chunk_folder import ChunkCounts
from workers.queue.chunk_queue import ChunkQueue
from workers.queue.locks import KernelLock
from workers.run.input_files import inspect_inputs
from workers.run.prepare import create, describe_models
from workers.run.run_folder import RunFolder
from workers.run.run_model import TARGET, RunModel
from workers.run.verify import verify
from workers.settings.values import build_config
from workers.worker.__main__ import explained, main

RECORDS = [record for record in map(security_record, range(12)) if "text" in record]


def make(root: Path, records: list[Record], **settings: object) -> RunFolder:
    """A run of the data filter whose chunks wait."""
    source = write_jsonl(root / "input.jsonl", records)
    values = {"stages": ("data_filter",), "chunk_size": 12, "no_dedup": True, **settings}
    config = build_config(values)
    run = RunFolder(root / "queues" / "run")
    create(run, config, inspect_inputs([source]), describe_models(config), shipped())
    publish_all(run)
    return run


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    return make(tmp_path, [security_record(number) for number in range(30)], disable_llm=True)


@pytest.fixture
def slow_run(tmp_path: Path, tiny_model: Path) -> RunFolder:
    """One chunk that takes a model some seconds."""
    return make(tmp_path, RECORDS, model=str(tiny_model), batch_size=1, max_tokens=100)


@contextmanager
def worker(run: RunFolder, *flags: str) -> Iterator[subprocess.Popen[str]]:
    """A worker started by hand, killed at the end of the block."""
    root = run.path.parents[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "workers.worker", "--run", str(run.path), *flags],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def journal(run: RunFolder) -> bytes:
    found = (run.path / "2_data_filter" / "claimed").glob("*.journal")
    return b"".join(path.read_bytes() for path in found)


def outcomes(run: RunFolder) -> int:
    return journal(run).count(b'"outcome":"')


def finish(run: RunFolder) -> None:
    with worker(run) as process:
        printed, said = process.communicate(timeout=60)
        assert process.returncode == 0, said
        assert "nothing is left to do in run run" in printed


def test_started_by_hand_it_works_off_what_is_there_and_ends(run: RunFolder) -> None:
    finish(run)
    assert run.queues[0].counts() == ChunkCounts(done=3, failed=3)
    assert not list(run.workers_dir.iterdir())  # its heartbeat went with it
    assert len(list((run.path.parents[1] / "performance_logs" / "run").iterdir())) == 2
    assert verify(run).ok


def test_several_at_once_seal_every_chunk_once(tmp_path: Path) -> None:
    records = [security_record(number) for number in range(60)]
    run = make(tmp_path, records, disable_llm=True, chunk_size=2)
    with worker(run) as one, worker(run, "--role", "cpu") as two, worker(run) as three:
        for process in (one, two, three):
            process.communicate(timeout=60)
            assert process.returncode == 0
    assert run.queues[0].counts().done == 30 and verify(run).ok


@pytest.mark.parametrize(
    ("flags", "status", "part"),
    [
        (["--run", "none"], 2, "error: run none: not found"),
        (["--run", "../x"], 2, "error: run"),
        (["--run", "x", "--role", "boss"], 2, "--role"),
        ([], 2, "--run"),
    ],
)
def test_wrong_use_is_told(tmp_path: Path, flags: list[str], status: int, part: str) -> None:
    done = run_here(main, flags, tmp_path)
    assert done.returncode == status and part in done.stderr and "Traceback" not in done.stderr


def test_a_cpu_worker_takes_the_stage_that_needs_no_model(tmp_path: Path, tiny_model: Path) -> None:
    records = [security_record(number) for number in range(30)]
    without = {"2_data_filter": {"use_model": False}}
    stages = ("data_filter", "domain_classifier")
    run = make(tmp_path, records, stages=stages, model=str(tiny_model), stage_options=without)
    publish_one(run.queues[1])
    with worker(run, "--role", "cpu") as process:
        said = process.communicate(timeout=60)[1]
    assert process.returncode == 0 and said == ""
    assert run.queues[0].counts().done == 3 and run.queues[1].counts().pending == 1


def publish_one(queue: ChunkQueue) -> None:
    queue.publish("chunk-000009", [{"id": "0:1", "record": {"text": "one"}}])


def test_a_cpu_worker_that_nothing_is_for_says_so(slow_run: RunFolder, tmp_path: Path) -> None:
    done = run_here(main, ["--run", str(slow_run.path), "--role", "cpu"], tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "nothing to do: no stage of run is for a cpu worker\n"
    assert not (tmp_path / "performance_logs").exists()


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (ModelError("no weights\nat all"), WorkerExit.NO_MODEL, "no weights at all"),
        (EngineError("generation failed"), WorkerExit.ENGINE, "generation failed"),
        (QueueError("line 3: damaged"), WorkerExit.QUEUE, "line 3: damaged"),
        (UsageError("--kv-bits 4: not so"), WorkerExit.USAGE, "--kv-bits 4: not so"),
        (OSError(28, "No space left"), WorkerExit.FULL_DISK, "[Errno 28] No space left"),
        (OSError(5, "Input/output error"), WorkerExit.SYSTEM, "[Errno 5] Input/output error"),
        (OSError("odd"), WorkerExit.SYSTEM, "odd"),
        (MemoryError(), WorkerExit.NO_MEMORY, "out of memory"),
        (PoolError("anything"), ExitStatus.FAILED, "anything"),
    ],
)
def test_every_error_is_one_line_and_a_status(
    error: Exception, status: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended, explained():
        raise error
    assert (ended.value.code, capsys.readouterr().err) == (status, f"error: {words}\n")


def test_without_its_model_it_says_so(slow_run: RunFolder, tmp_path: Path) -> None:
    path = slow_run.manifest.model[TARGET].path
    slow_run.update(model={TARGET: RunModel("m", f"{path}-gone")})
    with worker(slow_run) as process:
        said = process.communicate(timeout=60)[1]
    assert process.returncode == 3 and "no longer exists" in said
    assert slow_run.queues[0].counts().pending == 1


def test_killed_in_the_middle_another_goes_on(slow_run: RunFolder, tmp_path: Path) -> None:
    with worker(slow_run) as process:
        wait_for(lambda: outcomes(slow_run) >= 2, seconds=60)
        process.send_signal(signal.SIGKILL)
        process.wait()
    before = outcomes(slow_run)
    assert slow_run.queues[0].counts().claimed == 1 and 2 <= before < len(RECORDS)
    kept = tmp_path / "kept.journal"  # the file's second name outlives the sealing
    [path] = (slow_run.path / "2_data_filter" / "claimed").glob("*.journal")
    kept.hardlink_to(path)
    finish(slow_run)
    first, second = sessions(kept)
    done = {entry["sealed"]["id"] for entry in first if entry["t"] == "outcome"}
    begun = [record_id for e in second if e["t"] == "begin" for record_id in e["ids"]]
    assert len(done) == before and not done & set(begun)
    assert sorted([*done, *begun]) == sorted(f"0:{n}" for n in range(1, len(RECORDS) + 1))
    assert verify(slow_run).ok


def sessions(journal: Path) -> list[list[dict[str, Any]]]:
    """The entries of each worker that had the chunk."""
    found: list[list[dict[str, Any]]] = []
    for line in journal.read_bytes().splitlines():
        entry = orjson.loads(line[line.index(b"{") :])
        if entry["t"] == "session":
            found.append([])
        found[-1].append(entry)
    return found


def test_sigterm_drains_and_gives_the_chunk_back(slow_run: RunFolder) -> None:
    with worker(slow_run) as process:
        wait_for(lambda: outcomes(slow_run) >= 2, seconds=60)
        asked = time.monotonic()
        process.send_signal(signal.SIGTERM)
        said = process.communicate(timeout=10)[1]
        assert time.monotonic() - asked < 6
    assert process.returncode == 0 and "Traceback" not in said
    assert b'"release"' in journal(slow_run).splitlines()[-1]
    assert not list(slow_run.workers_dir.iterdir())
    [lock_path] = (slow_run.path / "2_data_filter" / "locks").iterdir()
    lock = KernelLock.try_acquire(lock_path)
    assert lock is not None
    lock.release()
    finish(slow_run)
    assert verify(slow_run).ok
