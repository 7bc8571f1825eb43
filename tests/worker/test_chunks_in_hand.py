"""What a worker takes in hand: its even share, sound chunks, and one record when told so."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from stages.base import (
    Choice,
    FilledPrompt,
    LanguageModel,
    Outcome,
    Question,
    Record,
    Result,
    Stage,
)
from tests.run_tools import STAGES, make_run, numbered
from workers.queue.chunk_paths import ChunkState
from workers.queue.envelopes import Envelope
from workers.run.run_folder import RunFolder
from workers.worker.chunks_in_hand import ChunksInHand, last_stages


class Patient(Stage):
    """Waits for ever, or not at all."""

    name = STAGES[0]
    description = "waits"
    gate = asyncio.Event()

    async def process(self, record: Record, llm: LanguageModel | None) -> Outcome:
        if "n" in record and record["n"] >= 0:
            await self.gate.wait()
        return Result(record)


def hand(run: RunFolder, worker: str = "w1", workers: int = 2) -> ChunksInHand:
    # A queue object of its own, as in a process of its own.
    own = RunFolder(run.path).open()
    return ChunksInHand(own, {name: Patient() for name in reversed(STAGES)}, worker, workers)


def held_by(run: RunFolder, workers: int, most: int = 32) -> list[int]:
    """Chunks that each worker takes, the first of them served first."""

    async def take() -> list[int]:
        hands = [hand(run, f"w{number}", workers) for number in range(workers)]
        for one in hands:
            one.fill(most)
        counts = [len(one.chunks) for one in hands]
        for one in hands:
            one.abandon()
        return counts

    return asyncio.run(take())


@pytest.mark.parametrize(
    ("chunks", "workers", "held"),
    [
        (5, 2, [3, 2]),
        (4, 2, [2, 2]),
        (1, 2, [1, 0]),
        (7, 4, [2, 2, 2, 1]),
        (5, 1, [5]),
        (40, 2, [7, 7]),  # plenty: full batches of 32 from chunks of 5
    ],
)
def test_the_last_chunks_are_shared_evenly(
    tmp_path: Path, chunks: int, workers: int, held: list[int]
) -> None:
    run = make_run(tmp_path, numbered(chunks * 5), chunk_size=5)
    assert held_by(run, workers) == held


@pytest.mark.parametrize(
    ("chunks", "workers", "held"),
    [
        (20, 2, [8, 8]),  # four are left for who is done first
        (5, 2, [2, 2]),
        (2, 2, [1, 1]),
        (1, 2, [1, 0]),
        (5, 1, [5]),
    ],
)
def test_of_the_last_stage_some_is_left_for_who_is_done_first(
    tmp_path: Path, chunks: int, workers: int, held: list[int]
) -> None:
    run = make_run(tmp_path, numbered(1))
    [first] = run.queues[0].folder.glob("pending/*.jsonl")
    first.unlink()
    for number in range(1, chunks + 1):
        envelope = {"id": f"0:{number}", "record": {"n": number}}
        run.queues[1].publish(f"chunk-{number:06}", [envelope])
    assert held_by(run, workers) == held


def test_what_is_left_is_taken_by_who_has_nothing(tmp_path: Path) -> None:
    run = make_run(tmp_path, numbered(1))
    next(run.queues[0].folder.glob("pending/*.jsonl")).unlink()
    for number in range(1, 6):
        envelope = {"id": f"0:{number}", "record": {"n": -1}}
        run.queues[1].publish(f"chunk-{number:06}", [envelope])

    async def work() -> int:
        one = hand(run)
        sealed = 0
        while one.fill(32):
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            sealed += len(one.collect())
        return sealed

    assert asyncio.run(work()) == 5


def test_a_share_counts_all_stages(tmp_path: Path) -> None:
    run = make_run(tmp_path, numbered(10), chunk_size=5)
    for number in range(1, 3):
        envelope = {"id": f"0:{number}", "record": {"n": number}}
        run.queues[1].publish(f"chunk-{number:06}", [envelope])

    async def take() -> list[int]:
        stages = {name: Patient() for name in reversed(STAGES)}
        hands = [ChunksInHand(RunFolder(run.path).open(), stages, w, 2) for w in ("w1", "w2")]
        for one in hands:
            one.fill(32)
        counts = [len(one.chunks) for one in hands]
        for one in hands:
            one.abandon()
        return counts

    assert asyncio.run(take()) == [2, 2]


def test_a_damaged_chunk_is_passed_over_and_told_of(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = make_run(tmp_path, numbered(12))
    pending = run.queues[0].folder / "pending"
    (pending / "chunk-000001.jsonl").write_text("garbage\n")
    (pending / "chunk-000003.jsonl").write_text('{"id": "0:1"}\n')

    async def take() -> ChunksInHand:
        one = hand(run, workers=1)
        one.fill(32)
        one.fill(32)
        one.abandon()
        return one

    taken = asyncio.run(take())
    assert [chunk.chunk.name for chunk in taken.chunks] == ["chunk-000002"]
    assert list(taken.damaged) == [f"{STAGES[0]}/chunk-{n:06}" for n in (1, 3)]
    assert "chunk-000001.jsonl line 1: damaged" in taken.damaged[f"{STAGES[0]}/chunk-000001"]
    assert capsys.readouterr().err.count("skipped a damaged chunk") == 2


@pytest.mark.parametrize(("most", "alone"), [(1, True), (2, False)])
def test_one_record_at_a_time_is_journaled_as_alone(tmp_path: Path, most: int, alone: bool) -> None:
    run = make_run(tmp_path, numbered(3))

    async def take() -> None:
        one = hand(run)
        one.fill(most)
        assert one.steps == most
        one.abandon()

    asyncio.run(take())
    journal = run.queues[0].folder / "claimed" / "chunk-000001.journal"
    entries = [json.loads(line.split(b" ", 1)[1]) for line in journal.read_bytes().splitlines()]
    assert [entry["alone"] for entry in entries if entry["t"] == "begin"] == [alone]


def test_chunks_with_nothing_to_start_are_sealed_before_many_more_are_claimed(
    tmp_path: Path,
) -> None:
    """As those of a feed that comes a second time: each has files open until it is sealed."""
    run = make_run(tmp_path, numbered(1))
    for number in range(2, 60):
        run.queues[0].publish(f"chunk-{number:06}", [Envelope(f"1:{number}", error="no JSON")])

    async def work() -> int:
        held, most = hand(run, workers=1), 0
        while held.fill(32):
            most = max(most, len(held.chunks))
            held.collect()
            await asyncio.sleep(0)
        return most

    Patient.gate.set()
    try:
        assert asyncio.run(work()) <= 20
    finally:
        Patient.gate.clear()
    assert len(run.queues[0].names(ChunkState.DONE)) == 59


def test_steps_count_records_and_not_turns(tmp_path: Path) -> None:
    run = make_run(tmp_path, [{"n": -1 - n} for n in range(3)])

    async def work() -> list[int]:
        one = hand(run)
        seen = []
        for _ in range(3):
            one.fill(32)
            await asyncio.sleep(0.01)
            one.collect()
            seen.append(one.steps)
        return seen

    assert asyncio.run(work()) == [6, 6, 6]


class Ready(Patient):
    """Waits for nothing."""

    async def process(self, record: Record, llm: LanguageModel | None) -> Outcome:
        return Result(record)


class Model:
    """Only the interface: these stages do not ask it."""

    async def choose(self, question: Question, text: str) -> Choice:
        raise NotImplementedError

    async def generate(self, prompt: FilledPrompt, schema: Mapping[str, Any] | None = None) -> Any:
        raise NotImplementedError


def test_other_work_comes_before_a_suspect_where_the_model_is_not_known_to_work(
    tmp_path: Path,
) -> None:
    run = make_run(tmp_path, numbered(4), chunk_size=1)
    dead = run.queues[0].claim("w0")
    assert dead and dead.name == "chunk-000001"
    dead.begin(["0:1"])
    dead.release(clean=False)

    async def work() -> list[list[str]]:
        own = RunFolder(run.path).open()
        one = ChunksInHand(own, {STAGES[0]: Ready()}, "w1", 1, lambda stage: Model())
        flights = []
        while one.fill(1):
            flights.append([chunk.chunk.name for chunk in one.chunks if chunk.in_flight])
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            one.collect()
        assert one.proved and one.results == 4
        return flights

    names = [f"chunk-{number:06}" for number in range(1, 5)]
    flights = asyncio.run(work())
    assert flights == [[names[1]], [names[0]], [names[2]], [names[3]]]


class Rules(Patient):
    """Asks no model."""

    needs_model = False


@pytest.mark.parametrize(
    ("stages", "last"),
    [
        ({"a": Patient, "b": Patient, "c": Patient}, {"c"}),
        ({"a": Patient, "b": Patient, "c": Rules}, {"b", "c"}),
        ({"a": Patient, "b": Rules, "c": Rules}, {"a", "b", "c"}),
        ({"a": Rules, "b": Rules}, {"c"}),
        ({"c": Patient}, {"c"}),
    ],
)
def test_the_last_stage_is_the_last_that_costs_something(
    stages: dict[str, type[Stage]], last: set[str]
) -> None:
    made = {name: kind() for name, kind in stages.items()}
    assert last_stages(("a", "b", "c"), made) == last


@pytest.mark.parametrize(("shares", "held"), [(1.25, 12), (10.0, 1), (1.0, 20)])
def test_a_machine_of_several_processes_takes_their_share(
    tmp_path: Path, shares: float, held: int
) -> None:
    run = make_run(tmp_path, numbered(1))
    [first] = run.queues[0].folder.glob("pending/*.jsonl")
    first.unlink()
    for number in range(1, 21):
        envelope = {"id": f"0:{number}", "record": {"n": number}}
        run.queues[1].publish(f"chunk-{number:06}", [envelope])

    async def take() -> int:
        one = hand(run)
        one.workers = shares
        one.fill(32)
        count = len(one.chunks)
        one.abandon()
        return count

    assert asyncio.run(take()) == held
