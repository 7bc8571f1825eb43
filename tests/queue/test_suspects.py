"""A record that kills its worker is found by halving; a neighbour never pays for it."""

from __future__ import annotations

import faulthandler
import math
import os
import random
import signal
import time
from functools import partial
from pathlib import Path

import pytest

from stages.base import Failed, Result
from tests.forked import Child
from tests.queue_checks import make_queue, problems
from workers.queue import claimed_chunk
from workers.queue.chunk_queue import ChunkQueue
from workers.queue.deaths import Death, append_death
from workers.queue.journal_entries import JournalEntry, RecordsBegun, SessionStarted
from workers.queue.suspects import judge, plan, replay

RECORDS = 64


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claimed_chunk, "DEATH_PATIENCE_S", 0.3)


def work(folder: Path, worker: str, deadly: set[str], say: object = None) -> None:
    """A worker that dies of its own when it meets a deadly record, like a crash in a kernel."""
    chunk = ChunkQueue(folder).claim(worker)
    if chunk is None:
        return
    for group in chunk.groups():
        chunk.begin(group)
        if deadly & set(group):
            faulthandler.disable()
            os.abort()
        for record_id in group:
            chunk.record(record_id, Result({}))
    chunk.seal()


def run_until_sealed(queue: ChunkQueue, deadly: set[str], counts: bool = True) -> int:
    """Start worker after worker, as the coordinator does; how many died."""
    deaths = 0
    while queue.counts().done == 0:
        worker = f"w1-{deaths:08x}"
        child = Child(partial(work, queue.folder, worker, deadly))
        if child.wait() == 0:
            continue
        cause = signal.Signals(-child.wait()).name
        append_death(queue.folder.parent / "deaths.jsonl", Death(worker, child.pid, cause, counts))
        deaths += 1
        assert deaths < 60
    return deaths


def failed_ids(queue: ChunkQueue) -> list[str]:
    return [line.id for line in queue.sealed("chunk-000001") if line.has_failed]


@pytest.mark.parametrize("poison", ["0:1", "0:40", "0:64"])
def test_found_by_halving(tmp_path: Path, poison: str) -> None:
    queue = make_queue(tmp_path, records=RECORDS)
    deaths = run_until_sealed(queue, {poison})
    assert failed_ids(queue) == [poison]
    assert deaths <= math.log2(RECORDS) + 3
    (line,) = queue.failed("chunk-000001")
    assert line.outcome == Failed("killed its worker 3 times: SIGABRT")
    assert line.attempts == deaths
    assert problems(queue, [f"0:{n}" for n in range(1, RECORDS + 1)]) == []


def test_several_in_one_chunk(tmp_path: Path) -> None:
    queue = make_queue(tmp_path, records=RECORDS)
    run_until_sealed(queue, {"0:3", "0:4", "0:50"})
    assert failed_ids(queue) == ["0:3", "0:4", "0:50"]


def test_a_storm_of_kills_blames_nobody(tmp_path: Path) -> None:
    """Every worker is killed with records in flight, alone or not; the coordinator knows."""
    queue = make_queue(tmp_path, records=4)
    rng = random.Random(0)
    for number in range(30):
        worker = f"w1-{number:08x}"

        def one(say: object, worker: str = worker) -> None:
            chunk = ChunkQueue(queue.folder).claim(worker)
            assert chunk is not None
            chunk.begin(chunk.groups()[0])
            os.kill(os.getpid(), signal.SIGKILL)

        child = Child(one)
        assert child.wait() == -signal.SIGKILL
        if rng.random() < 0.7:
            death = Death(worker, child.pid, "SIGKILL", False)
            append_death(queue.folder.parent / "deaths.jsonl", death)
    assert run_until_sealed(queue, set()) == 0
    assert failed_ids(queue) == []


def test_a_clean_release_is_no_death(tmp_path: Path) -> None:
    queue = make_queue(tmp_path, records=4)
    for _ in range(5):
        chunk = queue.claim("w1")
        assert chunk is not None
        assert chunk.groups() == [["0:1", "0:2", "0:3", "0:4"]]
        chunk.begin(chunk.groups()[0])
        chunk.release()


def test_suspects_run_apart_and_before_the_rest(tmp_path: Path) -> None:
    queue = make_queue(tmp_path, records=6)
    chunk = queue.claim("w1")
    assert chunk is not None
    chunk.begin(["0:1", "0:2", "0:3", "0:4"])
    chunk.record("0:2", Result({}))
    chunk.release(clean=False)
    again = queue.claim("w2")
    assert again is not None
    assert again.groups() == [["0:1", "0:3"], ["0:4"], ["0:5", "0:6"]]
    again.record("0:1", Result({}))
    assert again.groups() == [["0:3"], ["0:4"], ["0:5", "0:6"]]


def test_the_claim_waits_for_a_death_that_decides(tmp_path: Path) -> None:
    """Another worker may take the chunk before the coordinator wrote the third death down."""
    queue = make_queue(tmp_path)
    deaths = queue.folder.parent / "deaths.jsonl"
    for number in range(3):
        chunk = queue.claim(f"w{number}")
        assert chunk is not None and chunk.groups() == [["0:1"]]
        chunk.begin(["0:1"], alone=True)
        chunk.release(clean=False)
        if number < 2:
            append_death(deaths, Death(f"w{number}", 1, "SIGSEGV", True))

    def late(say: object) -> None:
        time.sleep(0.1)
        append_death(deaths, Death("w2", 1, "SIGBUS", True))

    child = Child(late)
    chunk = queue.claim("w3")
    assert child.wait() == 0
    assert chunk is not None and chunk.groups() == []
    assert chunk.outcomes["0:1"].outcome == Failed("killed its worker 3 times: SIGBUS")


def test_one_death_counts_once_for_a_worker_that_had_the_chunk_twice() -> None:
    session: list[JournalEntry] = [SessionStarted("w1"), RecordsBegun(("0:1",), alone=True)]
    deaths = {"w1": Death("w1", 1, "SIGSEGV", True)}
    assert judge(replay(session * 5), deaths).fatal == {}


def test_a_lone_record_beside_other_chunks_is_not_blamed(tmp_path: Path) -> None:
    """The last record of one chunk may be in flight beside another chunk's poison."""
    queue = make_queue(tmp_path)
    for number in range(1, 5):
        chunk = queue.claim(f"w{number}")
        assert chunk is not None and chunk.suspected == (number > 1)
        chunk.begin(["0:1"])
        chunk.release(clean=False)
        death = Death(f"w{number}", 1, "SIGSEGV", True)
        append_death(queue.folder.parent / "deaths.jsonl", death)
        again = queue.claim("w0")
        assert again is not None
        # Not the first death, when it may not have been alone, but three after that.
        assert ("0:1" in again.outcomes) == (number == 4)
        again.release()


def test_plan_and_judge_have_every_record_once() -> None:
    rng = random.Random(3)
    ids = [f"0:{n}" for n in range(1, 33)]
    for _ in range(200):
        entries: list[JournalEntry] = []
        for number in range(rng.randrange(6)):
            entries.append(SessionStarted(f"w{number}"))
            entries.append(RecordsBegun(tuple(rng.sample(ids, rng.randrange(1, 33)))))
        groups = plan(ids, judge(replay(entries), {}).groups)
        assert sorted(i for group in groups for i in group) == sorted(ids)
