"""The run's loop, one step at a time: handing on, pausing on a full disk, stopping, counting."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from stages.base import Removed, Result
from tests.run_tools import (
    STAGES,
    Told,
    decide,
    numbered,
    security_record,
    wait_for,
    work_off,
    write_jsonl,
)
from workers.control import assemble
from workers.control import supervisor as supervisor_module
from workers.control.interrupts import Interrupted, Interrupts
from workers.control.supervisor import ReviewNeeded, Supervisor
from workers.core import files
from workers.core.errors import PoolError, QueueError
from workers.observe.read_status import read_status
from workers.queue.chunk_paths import ChunkState
from workers.queue.claimed_chunk import ClaimedChunk
from workers.run.input_files import inspect_inputs
from workers.run.run_folder import RunFolder
from workers.run.run_state import RunState
from workers.run.verify import verify
from workers.settings.values import build_config

INJECTED = Path(__file__).resolve().parents[1] / "faults" / "injected"


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def supervisor(tmp_path: Path, told: Told, monkeypatch: pytest.MonkeyPatch) -> Supervisor:
    """Over 30 records in chunks of 4, nothing split yet; its workers are this process."""
    monkeypatch.chdir(tmp_path)
    source = write_jsonl(tmp_path / "input.jsonl", numbered(30))
    config = build_config({"stages": STAGES, "chunk_size": 4, "disable_llm": True, "workers": 1})
    run = RunFolder.named("test").create(config, inspect_inputs([source]))
    made = assemble.join_parts(run, config, told, Interrupts())
    monkeypatch.setattr(made.pool, "watch", lambda: work_a_bit(run))
    return made


def work_a_bit(run: RunFolder) -> None:
    work_off(run.queues[0], decide)
    work_off(run.queues[1])


def test_a_run_from_input_to_dataset(supervisor: Supervisor, told: Told) -> None:
    summary = supervisor.work()
    assert summary.merged.stages[1].records_out == 40
    assert summary.records_done == 30 + 40
    assert supervisor.run.manifest.split.complete
    assert supervisor.run.manifest.split.records == 30
    assert told.states[-1] == "finished"


def test_a_step_is_one_short_round(supervisor: Supervisor) -> None:
    assert supervisor.step() is True
    assert len(supervisor.run.queues[0].names(ChunkState.DONE)) == 8
    assert not supervisor.is_finished
    wait_for(lambda: supervisor.step() is False and supervisor.is_finished)


def test_next_chunks_are_published_while_the_stage_goes_on(supervisor: Supervisor) -> None:
    first, second = supervisor.run.queues
    supervisor.intake.advance(1)
    chunk = first.claim("w0-00000000")
    assert chunk
    for envelope in chunk.envelopes:
        chunk.record(envelope.id, Result({"n": 1}))
    chunk.seal()
    list(supervisor.flow.advance(1))
    assert second.names(ChunkState.PENDING) == ["chunk-000001"]
    assert len(first.names(ChunkState.PENDING)) == 7


def test_a_chunk_without_results_is_handed_to_nobody(supervisor: Supervisor) -> None:
    supervisor.intake.advance(1)
    work_off(supervisor.run.queues[0], lambda record: Removed("all"))
    wait_for(lambda: not list(supervisor.flow.advance(1)) and supervisor.is_finished)
    assert supervisor.run.queues[1].names(ChunkState.PENDING) == []


def test_a_full_disk_pauses_and_the_run_goes_on(
    supervisor: Supervisor, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor_module, "FULL_DISK_S", 0.01)
    real = files.write_all
    refused: list[bytes] = []

    def full(fd: int, data: bytes) -> None:
        if 5 <= len(refused) or len(told.states) < 1:
            return real(fd, data)
        refused.append(data)
        os.write(fd, bytes(data)[: len(data) // 2])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files, "write_all", full)
    monkeypatch.setattr(
        supervisor.interrupts, "sleep", lambda seconds: told.states.append(supervisor.state)
    )
    supervisor._report(RunState.RUNNING)
    summary = supervisor.work()
    assert len(refused) == 5 and "paused" in told.states
    assert any("disk full" in message for message in told.messages)
    assert "there is disk space again; the run continues" in told.messages
    assert summary.merged.stages[1].records_out == 40


def test_another_disk_error_stops_the_run(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(fd: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(files, "sync_fd", broken)
    with pytest.raises(OSError, match="Input/output error"):
        supervisor.work()
    assert supervisor.state == "failed"


def test_an_interrupt_merges_nothing(supervisor: Supervisor) -> None:
    supervisor.interrupts.count = 1
    with pytest.raises(Interrupted):
        supervisor.work()
    assert not supervisor.run.results_dir.exists()
    assert read_status(supervisor.run).state == "interrupted"


def test_an_error_of_the_pool_ends_the_run(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise QueueError("journal damaged")

    monkeypatch.setattr(supervisor.pool, "watch", refuse)
    with pytest.raises(QueueError):
        supervisor.work()
    status = read_status(supervisor.run)
    assert (status.state, status.message) == ("failed", "journal damaged")


def with_real_workers(root: Path, harm: str, told: Told) -> Supervisor:
    """Over records of which the ninth does harm to its worker."""
    records = [{**security_record(n), **({"harm": harm} if n == 8 else {})} for n in range(30)]
    source = write_jsonl(root / "input.jsonl", records)
    config = build_config({"stages": STAGES, "chunk_size": 4, "disable_llm": True, "workers": 2})
    run = RunFolder.named("real").create(config, inspect_inputs([source]))
    injected = {"PYTHONPATH": str(INJECTED), "HARM_MARK": str(root / "mark")}
    return assemble.join_parts(run, config, told, Interrupts(), {**os.environ, **injected})


def test_a_stray_error_of_the_system_costs_a_worker_and_no_record(
    tmp_path: Path, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    summary = with_real_workers(tmp_path, "system once", told).work()
    assert any("Input/output error: 'somewhere'); a new one" in text for text in told.messages)
    assert summary.merged.stages[0].ends.failed == sum(
        n % 7 == 3 for n in range(30)
    )  # without a text


def test_an_error_of_the_system_that_stays_ends_the_run_with_its_reason(
    tmp_path: Path, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    supervisor = with_real_workers(tmp_path, "system", told)
    with pytest.raises(
        PoolError, match="Input/output error: 'somewhere' .tried [345] times"
    ) as ended:
        supervisor.work()
    assert not isinstance(ended.value, QueueError)
    assert read_status(supervisor.run).state == "failed"


# A stage where a person decides

BY_HAND = ("2_data_filter", "5_manual_reviewer", "6_security_aligner")


def made_for_review(told: Told, root: Path, monkeypatch: pytest.MonkeyPatch) -> Supervisor:
    """Over 8 records; workers take all stages but the reviewer's."""
    config = build_config({"stages": BY_HAND, "chunk_size": 4, "disable_llm": True})
    run = RunFolder.named("test")
    if not run.exists():
        source = write_jsonl(root / "input.jsonl", numbered(8))
        run.create(config, inspect_inputs([source]))
    supervisor = assemble.join_parts(run, config, told, Interrupts())

    def work() -> None:
        work_off(run.queues[0], Result)
        work_off(run.queues[2])

    monkeypatch.setattr(supervisor.pool, "watch", work)
    return supervisor


def test_a_run_stops_where_a_person_decides_and_goes_on_by_chunk(
    told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    supervisor = made_for_review(told, tmp_path, monkeypatch)
    with pytest.raises(ReviewNeeded, match="8 pairs wait for review: python -m stages.manual_rev"):
        supervisor.work()
    assert told.states[-1] == "waiting" and not supervisor.run.results_dir.exists()
    status = read_status(supervisor.run)
    assert status.state == "waiting" and "resume test" in str(status.message)
    _, reviewed, last = supervisor.run.queues
    chunk = reviewed.claim("a person")
    assert chunk is not None
    for record_id in chunk.remaining():
        chunk.record(record_id, Result({"n": 0}))
    chunk.release()  # all decided, nothing sealed: as a killed reviewer leaves it
    assert "4 pairs wait" in str(read_status(supervisor.run).message)
    again = made_for_review(told, tmp_path, monkeypatch)
    with pytest.raises(ReviewNeeded, match="4 pairs wait"):
        again.work()
    assert last.names(ChunkState.DONE) == ["chunk-000001"]
    work_off(reviewed)
    finished = made_for_review(told, tmp_path, monkeypatch).work()
    assert finished.merged.stages[-1].records_out == 8
    assert verify(supervisor.run).problems == []


def test_what_a_person_decides_and_what_is_damaged_are_both_told(
    told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    supervisor = made_for_review(told, tmp_path, monkeypatch)
    queue = supervisor.run.queues[0]
    held: list[ClaimedChunk] = []

    def work() -> None:
        if queue.names(ChunkState.PENDING) and not held:
            chunk = queue.claim("w1")
            assert chunk is not None
            held.append(chunk)
            supervisor.pool.damaged[f"{queue.name}/{held[0].name}"] = "chunk-000001 line 2: damaged"
        work_off(queue, Result)

    monkeypatch.setattr(supervisor.pool, "watch", work)
    with pytest.raises(ReviewNeeded, match="line 2: damaged.*; 4 pairs wait for review"):
        supervisor.work()


def test_a_run_that_waits_for_a_person_only_starts_no_worker(
    told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ReviewNeeded):
        made_for_review(told, tmp_path, monkeypatch).work()
    waiting = made_for_review(told, tmp_path, monkeypatch)
    monkeypatch.setattr(waiting.pool, "watch", lambda: pytest.fail("a worker was started"))
    with pytest.raises(ReviewNeeded):
        waiting.work()
