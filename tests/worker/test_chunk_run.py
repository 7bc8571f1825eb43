"""One chunk's records as coroutines: begun before they run, journaled as they end."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import orjson
import pytest

from stages.base import Failed, LanguageModel, Outcome, Record, RecordError, Removed, Result, Stage
from tests.run_tools import STAGES, make_run, numbered
from workers.core.errors import EngineError
from workers.queue.chunk_paths import ChunkState
from workers.queue.sealed import OutcomeCounts, count_outcomes
from workers.run.run_folder import RunFolder
from workers.worker.chunk_run import ChunkRun


class Obedient(Stage):
    """Does to a record what its number says; odd ones wait for the gate."""

    name = STAGES[0]
    description = "does as told"

    def __init__(self) -> None:
        super().__init__()
        self.gate = asyncio.Event()
        self.seen: list[int] = []
        self.failing: dict[int, Exception] = {}

    async def process(self, record: Record, llm: LanguageModel | None) -> Outcome:
        number = record["n"]
        self.seen.append(number)
        if number in self.failing:
            raise self.failing[number]
        if number % 2:
            await self.gate.wait()
        return Removed("tenth") if number % 10 == 0 else Result(record)


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    return make_run(tmp_path, numbered(8), chunk_size=8)


def started(run: RunFolder) -> ChunkRun:
    chunk = run.queues[0].claim("w1-00000000")
    assert chunk is not None
    return ChunkRun(chunk, Obedient(), None)


def stage_of(run: ChunkRun) -> Obedient:
    assert isinstance(run.stage, Obedient)
    return run.stage


def counts(run: ChunkRun) -> OutcomeCounts:
    return count_outcomes(run.chunk.outcomes.values())


def journal(run: RunFolder) -> list[dict[str, Any]]:
    """Entries as text shows them; checksums are the journal's own matter."""
    [path] = (run.path / STAGES[0] / "claimed").glob("*.journal")
    lines = path.read_bytes().splitlines()
    return [orjson.loads(line[line.index(b"{") :]) for line in lines]


def play(scene: Coroutine[Any, Any, None]) -> None:
    asyncio.run(scene)


async def settle() -> None:
    for _ in range(3):
        await asyncio.sleep(0)


def test_it_starts_as_many_as_there_is_room_for(run: RunFolder) -> None:
    async def scene() -> None:
        work = started(run)
        assert [work.start(3), work.start(0), work.start(2)] == [3, 0, 2]
        assert (work.in_flight, work.has_more, work.finished) == (5, True, False)
        assert work.start(10) == 3 and not work.has_more
        work.abandon()

    play(scene())


def test_records_are_begun_in_the_journal_before_they_run(run: RunFolder) -> None:
    async def scene() -> None:
        work = started(run)
        work.start(2)
        entry = next(e for e in journal(run) if e.get("t") == "begin")
        assert len(entry["ids"]) == 2 and not stage_of(work).seen
        work.abandon()

    play(scene())


def test_outcomes_are_collected_as_they_come_and_the_rest_later(run: RunFolder) -> None:
    async def scene() -> None:
        work = started(run)
        work.start(8)
        await settle()
        assert work.collect() == 4 and work.in_flight == 4 and not work.finished
        assert counts(work) == OutcomeCounts(results=3, removed=1)
        stage_of(work).gate.set()
        await settle()
        assert work.collect() == 4 and work.finished
        work.chunk.seal()

    play(scene())
    assert run.queues[0].names(ChunkState.DONE) == ["chunk-000001"]


def test_an_error_of_the_record_is_its_dead_letter_alone(
    run: RunFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    async def scene() -> None:
        work = started(run)
        stage_of(work).failing = {2: RecordError("no text in it"), 4: KeyError("surprise")}
        stage_of(work).gate.set()
        work.start(8)
        await settle()
        work.collect()
        assert counts(work) == OutcomeCounts(results=5, removed=1, failed=2)
        outcomes = [line.outcome for line in work.chunk.outcomes.values()]
        failed = {outcome.error for outcome in outcomes if isinstance(outcome, Failed)}
        assert failed == {"no text in it", "KeyError: 'surprise'"}
        work.chunk.seal()

    play(scene())
    assert "Traceback" in capsys.readouterr().err  # of the surprise: somebody has to mend it


@pytest.mark.parametrize("error", [EngineError("broke down"), OSError(28, "full"), MemoryError()])
def test_what_is_no_records_fault_reaches_the_worker_and_costs_no_record(
    run: RunFolder, error: Exception
) -> None:
    async def scene() -> None:
        work = started(run)
        stage_of(work).failing = {2: error}
        work.start(8)
        await settle()
        with pytest.raises(type(error)):
            work.collect()
        work.abandon()

    play(scene())
    again = run.queues[0].claim("w2-00000000")
    assert again is not None
    assert not any(line.has_failed for line in again.outcomes.values())
    again.release()


def test_an_abandoned_chunk_goes_on_where_its_journal_ends(run: RunFolder) -> None:
    async def scene() -> None:
        work = started(run)
        work.start(8)
        await settle()
        work.collect()
        work.abandon()
        assert work.in_flight == 0
        again = started(run)
        assert again.start(8) == 4 and counts(again) == OutcomeCounts(3, 1)
        stage_of(again).gate.set()
        await settle()
        again.collect()
        assert sorted(stage_of(again).seen) == [1, 3, 5, 7]
        again.chunk.seal()

    play(scene())


def test_one_by_one_is_noted_as_alone(run: RunFolder) -> None:
    async def scene() -> None:
        work = started(run)
        work.start(1, one_by_one=True)
        work.start(1)
        assert [e["alone"] for e in journal(run) if e.get("t") == "begin"] == [True, False]
        work.abandon()

    play(scene())
