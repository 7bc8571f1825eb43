"""One chunk's records as coroutines: begun before they run, journaled as they end."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping
from pathlib import Path
from typing import Any

import orjson
import pytest

from stages.base import (
    Choice,
    Failed,
    FilledPrompt,
    LanguageModel,
    LeftOut,
    Outcome,
    Question,
    Record,
    RecordError,
    Removed,
    Result,
    Stage,
)
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
        self.failing: dict[int, BaseException] = {}

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


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (SystemExit("no settings"), "stage my_module.Own called sys.exit('no settings')"),
        (FileNotFoundError(2, "No such file", "a.txt"), "FileNotFoundError: [Errno 2] No such"),
        (TimeoutError(), "TimeoutError: "),
    ],
)
def test_what_an_own_stage_raises_is_a_dead_letter(
    run: RunFolder, monkeypatch: pytest.MonkeyPatch, error: BaseException, said: str
) -> None:
    """Else one record for which an own stage calls sys.exit, or finds no file, ends the run."""
    monkeypatch.setattr(Obedient, "name", "my_module.Own")

    async def scene() -> None:
        work = started(run)
        stage_of(work).failing = {2: error}
        stage_of(work).gate.set()
        work.start(8)
        await settle()
        work.collect()
        assert counts(work) == OutcomeCounts(results=6, removed=1, failed=1)
        outcomes = [line.outcome for line in work.chunk.outcomes.values()]
        [failed] = [outcome.error for outcome in outcomes if isinstance(outcome, Failed)]
        assert failed.startswith(said)
        work.chunk.seal()

    play(scene())


ANYTHING: Any = 5


@pytest.mark.parametrize(
    ("returned", "said"),
    [
        (None, "nothing, not a Result"),
        ({"n": 1}, "a value of type dict, not a Result"),
        (Result(ANYTHING), "a value of type int as a record"),
        (Result({"n": 1}, left_out=[ANYTHING]), "a value of type int as left out"),
        (Result({"n": 1}, left_out=[LeftOut({}, Removed(ANYTHING))]), "type int as a reason"),
        (Removed(ANYTHING), "a value of type int as a reason"),
        (Failed(ANYTHING), "a value of type int as a reason"),
    ],
)
def test_what_is_no_outcome_is_a_dead_letter_that_names_the_stage(
    run: RunFolder, monkeypatch: pytest.MonkeyPatch, returned: Any, said: str
) -> None:
    """Else an own stage that forgets to return ends the run, worker after worker."""

    async def process(self: Stage, record: Record, llm: LanguageModel | None) -> Any:
        return returned

    monkeypatch.setattr(Obedient, "process", process)

    async def scene() -> None:
        work = started(run)
        work.start(8)
        await settle()
        work.collect()
        work.chunk.seal()

    play(scene())
    outcome = run.queues[0].sealed("chunk-000001")[0].outcome
    assert isinstance(outcome, Failed)
    assert outcome.error.startswith(f"stage {STAGES[0]} returned") and said in outcome.error


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


# After a worker's death


class Model:
    """Only the interface: these stages do not ask it."""

    async def choose(self, question: Question, text: str) -> Choice:
        raise NotImplementedError

    async def generate(self, prompt: FilledPrompt, schema: Mapping[str, Any] | None = None) -> Any:
        raise NotImplementedError


def after_a_death(run: RunFolder, in_flight: list[str], done: tuple[str, ...] = ()) -> ChunkRun:
    """The chunk taken up after a worker died with these in flight, and those done before."""
    chunk = run.queues[0].claim("w1-00000000")
    assert chunk is not None
    chunk.begin([*done, *in_flight])
    for record_id in done:
        chunk.record(record_id, Result({"n": 0}))
    chunk.release(clean=False)
    again = run.queues[0].claim("w2-00000000")
    assert again is not None and again.suspected
    return ChunkRun(again, Obedient(), Model())


async def started_groups(work: ChunkRun, proven: bool) -> list[list[int]]:
    """The numbers of the records in each group, in the order that they were started."""
    stage_of(work).gate.set()
    groups = []
    while not work.finished:
        before = len(stage_of(work).seen)
        work.start(8, proven=proven)
        await settle()
        work.collect()
        groups.append(stage_of(work).seen[before:])
        proven = proven or work.results > 0
    return groups


def test_what_was_suspected_last_is_tried_last(run: RunFolder) -> None:
    async def scene() -> None:
        work = after_a_death(run, ["0:1", "0:2", "0:3", "0:4"])
        assert await started_groups(work, proven=True) == [[4, 5, 6, 7], [2, 3], [0, 1]]

    play(scene())


def test_a_fresh_worker_first_does_a_record_again_that_became_a_result(run: RunFolder) -> None:
    async def scene() -> None:
        work = after_a_death(run, ["0:2", "0:3"], done=("0:5", "0:6"))
        before = dict(work.chunk.outcomes)
        assert (await started_groups(work, proven=False))[0] == [4]
        assert {i: work.chunk.outcomes[i] for i in before} == before
        work.chunk.seal()

    play(scene())
    begun = [line.id for line in run.queues[0].sealed("chunk-000001")]
    assert begun == [f"0:{n}" for n in range(1, 9)]


def test_the_sample_is_not_begun_in_the_journal(run: RunFolder) -> None:
    async def scene() -> None:
        work = after_a_death(run, ["0:2"], done=("0:5",))
        sessions = len(journal(run))
        assert work.start(8, proven=False) == 1 and work.in_flight == 1
        assert work.start(8, proven=False) == 0  # it is tried with nothing beside it
        assert len(journal(run)) == sessions
        stage_of(work).failing = {4: EngineError("broke down")}
        await settle()
        with pytest.raises(EngineError):
            work.collect()
        work.abandon()
        again = run.queues[0].claim("w3-00000000")
        assert again is not None and again.groups()[0] == ["0:2"]
        again.release()

    play(scene())


def test_a_chunk_without_results_gets_its_sample_from_elsewhere(run: RunFolder) -> None:
    async def scene() -> None:
        asked: list[int] = []

        def elsewhere() -> Record:
            asked.append(1)
            return {"n": 42}

        chunk = after_a_death(run, ["0:2"]).chunk
        work = ChunkRun(chunk, Obedient(), Model(), elsewhere)
        assert (await started_groups(work, proven=False))[0] == [42]
        assert asked == [1] and len(chunk.outcomes) == 8

    play(scene())


@pytest.mark.parametrize(("model", "done"), [(None, ("0:5",)), (Model(), ())])
def test_without_a_model_or_a_result_there_is_no_sample(
    run: RunFolder, model: Model | None, done: tuple[str, ...]
) -> None:
    async def scene() -> None:
        work = ChunkRun(after_a_death(run, ["0:2"], done).chunk, Obedient(), model)
        groups = await started_groups(work, proven=False)
        assert sorted(n for group in groups for n in group) == [
            n for n in range(8) if f"0:{n + 1}" not in done
        ]

    play(scene())


def test_results_are_what_shows_that_the_model_works(run: RunFolder) -> None:
    async def scene() -> None:
        for model, results in ((Model(), 7), (None, 8)):
            chunk = run.queues[0].claim("w1-00000000")
            assert chunk is not None
            work = ChunkRun(chunk, Obedient(), model)
            await started_groups(work, proven=True)
            assert work.results == results  # the tenth is removed
            work.chunk.release()
            run.queues[0].folder.joinpath("claimed", "chunk-000001.journal").unlink()

    play(scene())
