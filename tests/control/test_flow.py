"""Records from stage to stage: chunks forwarded once, outcomes counted, dead letters that stand."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from stages.base import Failed, Outcome, Removed, Result
from tests.run_tools import decide, make_run, numbered, publish_all, wait_for, work_off
from workers.control.flow import DeadLetters, DoneFolder, Flow, StageFlow
from workers.observe.status import RecordCounts, StageSpeed
from workers.queue.chunk_folder import ChunkCounts
from workers.queue.chunk_paths import ChunkState
from workers.queue.sealed import OutcomeCounts, SealedLine
from workers.run.run_folder import RunFolder


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    return make_run(tmp_path, numbered(30))


def scanned(run: RunFolder) -> Flow:
    flow = Flow(run.queues)
    flow.scan()
    return flow


def advanced(flow: Flow) -> int:
    """Records that were forwarded, once nothing more comes."""
    moved: list[int] = []

    def settled() -> bool:
        moved.extend(records for _, records in flow.advance(1.0))
        return flow.is_sealed

    wait_for(settled)
    return sum(moved)


def test_sealed_chunks_are_forwarded_and_counted(run: RunFolder) -> None:
    flow = scanned(run)
    first, second = flow.stages
    assert not flow.is_finished and first.ends == OutcomeCounts()
    work_off(run.queues[0], decide)
    wait_for(lambda: [*flow.advance(1.0)] and first.is_finished)
    assert first.ends == OutcomeCounts(results=20, removed=6, failed=4)
    assert (first.outputs, second.published) == (40, {f"chunk-{n:06}" for n in range(1, 9)})
    assert not second.is_sealed
    work_off(run.queues[1])
    assert advanced(flow) == 40 and flow.is_finished


def test_another_coordinator_counts_what_was_sealed_before_but_reports_it_to_nobody(
    run: RunFolder,
) -> None:
    work_off(run.queues[0], decide)
    publish_all(run)
    flow = scanned(run)
    assert list(flow.advance(1.0)) == []
    assert flow.stages[0].ends == OutcomeCounts(20, 6, 4)
    assert len(run.queues[1].names(ChunkState.PENDING)) == 8  # none is published twice


def test_a_stage_says_how_far_it_is(run: RunFolder) -> None:
    flow = publish_all(run)
    work_off(run.queues[0], lambda record: Failed(f"CVE-2021-{record['n']}.json is empty"))
    held = StageFlow(run.queues[0])
    wait_for(lambda: [*flow.advance(1.0)] and flow.stages[0].is_finished)
    status = flow.stages[0].status(30, StageSpeed(items_per_s=2.5))
    assert (status.name, status.chunks) == (held.name, ChunkCounts(0, 0, 8, 8))
    assert status.records == RecordCounts(30, 0, 0, 30) and status.speed.items_per_s == 2.5
    assert status.dead_letters == {"CVE-2021-0.json is empty": 30}


def test_only_these_chunks_are_left(run: RunFolder) -> None:
    flow = scanned(run)
    stage = flow.stages[0]
    held = run.queues[0].claim("w1")
    assert held is not None
    work_off(run.queues[0])
    wait_for(lambda: [*flow.advance(1.0)] and len(stage.forwarded) == 7)
    assert stage.has_only([f"{stage.name}/{held.name}"]) and not stage.has_only([])
    assert not stage.has_only([f"another/{held.name}"])
    assert stage.claimed() == 1
    held.release()


def test_done_folders_are_listed_only_when_they_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = make_run(tmp_path, numbered(30))
    queue = run.queues[0]
    listed: list[str] = []
    real = queue.names

    def names(state: ChunkState) -> list[str]:
        listed.append(state)
        return real(state)

    monkeypatch.setattr(queue, "names", names)
    done = DoneFolder(queue)
    wait_for(lambda: done.new() == [] and done._look_again is None)
    listed.clear()
    for _ in range(50):
        time.sleep(0.002)  # longer than the rest that follows each listing
        assert done.new() == []
    assert listed == []
    work_off(queue)
    found: list[str] = []

    def all_found() -> bool:
        found.extend(done.new())
        return len(found) == 8

    wait_for(all_found)
    assert found == sorted(found)


def lines(**outcomes: str) -> list[SealedLine]:
    made: dict[str, Outcome] = {"result": Result({}), "removed": Removed("off")}
    return [
        SealedLine(f"0:{key[1:]}", made.get(value) or Failed(f"broke at {key}"))
        for key, value in outcomes.items()
    ]


def test_dead_letters_without_those_that_were_requeued() -> None:
    letters = DeadLetters()
    letters.add("chunk-000001.r1", lines(i2="result", i3="failed"))
    letters.add("chunk-000001", lines(i1="result", i2="failed", i3="failed", i4="failed"))
    assert (letters.total, letters.chunks) == (2, 1)
    assert letters.reasons.most_common() == {"broke at i3": 2}
    letters.add("chunk-000001.r2", lines(i3="result", i4="removed"))
    assert (letters.total, letters.chunks) == (0, 0)
    assert letters.reasons.most_common() == {}


def test_a_requeued_record_that_fails_again_counts_once() -> None:
    letters = DeadLetters()
    letters.add("chunk-000001", lines(i1="failed", i2="result"))
    letters.add("chunk-000002", lines(i5="failed"))
    letters.add("chunk-000001.r1", lines(i1="failed"))
    assert (letters.total, letters.chunks) == (2, 2)
