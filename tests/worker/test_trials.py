"""Trials of a model: held once, kept in the cache and the run, the same for every worker."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import orjson
import pytest

from stages.base import Findings, LanguageModel, Outcome, Record, Result, Stage
from tests.run_tools import make_run, numbered
from tests.stage_help import ScriptedModel
from workers.run.run_folder import RunFolder
from workers.worker.trials import Trials, keep_trial, try_out


class Curious(Stage):
    """Counts its trials, and remembers what it learnt."""

    name = "3_data_structurer"
    description = "for tests"

    def __init__(self, key: str = "a key") -> None:
        super().__init__()
        self.key = key
        self.held = 0
        self.learnt: list[Findings] = []

    def trial_key(self) -> str:
        return self.key

    async def trial(self, llm: LanguageModel) -> Findings:
        self.held += 1
        await asyncio.sleep(0.05)
        return {"held by": id(self), "writes": ["effect"], "told": "it writes an effect"}

    def learn(self, findings: Findings) -> None:
        self.learnt.append(findings)

    async def process(self, record: Record, llm: LanguageModel | None) -> Outcome:
        return Result(record)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CYBERLLM_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


def run_named(folder: Path, name: str) -> RunFolder:
    (folder / name).mkdir()
    return make_run(folder / name, numbered(1))


async def hold(stage: Stage, run: RunFolder, model: str = "a model") -> None:
    llm: Any = ScriptedModel()
    await try_out([stage], lambda name: llm, model, run)


def test_what_was_found_is_learnt_and_written_down(tmp_path: Path) -> None:
    run, stage = run_named(tmp_path, "one"), Curious()
    asyncio.run(hold(stage, run))
    assert stage.held == 1 and stage.learnt[0]["writes"] == ["effect"]
    assert orjson.loads(run.trial_file(stage.name).read_bytes()) == stage.learnt[0]


def test_workers_that_start_together_hold_one_trial_and_learn_the_same(tmp_path: Path) -> None:
    run, stages = run_named(tmp_path, "one"), [Curious(), Curious(), Curious()]

    async def together() -> None:
        await asyncio.gather(*(hold(stage, run) for stage in stages))

    asyncio.run(together())
    assert sum(stage.held for stage in stages) == 1
    assert stages[0].learnt == stages[1].learnt == stages[2].learnt


def test_people_are_told_once_in_a_run_also_what_was_kept(tmp_path: Path) -> None:
    llm: Any = ScriptedModel()
    told: list[str] = []
    for run in (run_named(tmp_path, "one"), run_named(tmp_path, "two")):
        for _ in range(2):
            asyncio.run(try_out([Curious()], lambda name: llm, "a model", run, told.append))
    assert told == 2 * ["it writes an effect"]


def test_another_run_takes_what_is_kept_of_the_model(tmp_path: Path) -> None:
    first, second = Curious(), Curious()
    asyncio.run(hold(first, run_named(tmp_path, "one")))
    asyncio.run(hold(second, run_named(tmp_path, "two")))
    assert second.held == 0 and second.learnt == first.learnt


@pytest.mark.parametrize(("key", "model"), [("another", "a model"), ("a key", "another")])
def test_another_model_or_key_is_tried_anew(key: str, model: str, tmp_path: Path) -> None:
    asyncio.run(hold(Curious(), run_named(tmp_path, "one")))
    stage = Curious(key)
    asyncio.run(hold(stage, run_named(tmp_path, "two"), model))
    assert stage.held == 1


def test_a_run_goes_on_by_what_it_began_with(tmp_path: Path) -> None:
    run = run_named(tmp_path, "one")
    run.trial_file(Curious.name).write_bytes(b'{"writes": ["what"]}')
    stage = Curious("another key")
    asyncio.run(hold(stage, run, "another model"))
    assert stage.held == 0 and stage.learnt == [{"writes": ["what"]}]


def test_a_cache_that_cannot_be_written_to_costs_time_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("CYBERLLM_CACHE_DIR", str(tmp_path / "file"))
    stage, run = Curious(), run_named(tmp_path, "one")
    asyncio.run(hold(stage, run))
    assert stage.held == len(stage.learnt) == 1 and run.trial_file(stage.name).is_file()


@pytest.mark.parametrize("damage", [b"", b'{"held'])
def test_damaged_findings_are_found_anew(damage: bytes, tmp_path: Path, cache: Path) -> None:
    asyncio.run(hold(Curious(), run_named(tmp_path, "one")))
    [kept] = cache.rglob("*.json")
    whole = kept.read_bytes()
    kept.write_bytes(damage)
    stage = Curious()
    asyncio.run(hold(stage, run_named(tmp_path, "two")))
    assert stage.held == 1 and len(kept.read_bytes()) == len(whole)


def test_a_stage_without_a_key_holds_none(tmp_path: Path) -> None:
    run, stage = run_named(tmp_path, "one"), Curious("")
    asyncio.run(hold(stage, run))
    assert stage.held == 0 and stage.learnt == [] and not run.trial_file(stage.name).exists()


class Slow(Curious):
    """Its trial ends when it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.may_end = asyncio.Event()

    async def trial(self, llm: LanguageModel) -> Findings:
        await self.may_end.wait()
        return await super().trial(llm)


class Broken(Curious):
    async def trial(self, llm: LanguageModel) -> Findings:
        raise ZeroDivisionError("no answer")


def trials_of(stage: Stage, run: RunFolder) -> Trials:
    llm: Any = ScriptedModel()
    return Trials([stage], lambda name: llm, "a model", run)


def test_a_trial_is_held_beside_the_work_once_it_is_begun(tmp_path: Path) -> None:
    async def go() -> None:
        stage = Slow()
        trials = trials_of(stage, run_named(tmp_path, "one"))
        assert trials.pending and not trials.is_over(stage.name)
        assert trials.is_over("2_data_filter"), "a stage without a trial has nothing to learn"
        for _ in range(3):
            trials.begin()
            await asyncio.sleep(0.01)
        assert trials.pending and not stage.learnt
        stage.may_end.set()
        while trials.pending:
            await asyncio.sleep(0.01)
        trials.begin()
        assert stage.held == 1 and len(stage.learnt) == 1
        await trials.close()

    asyncio.run(go())


def test_what_goes_wrong_in_a_trial_is_raised(tmp_path: Path) -> None:
    async def go() -> None:
        trials = trials_of(Broken(), run_named(tmp_path, "one"))
        trials.begin()
        await asyncio.sleep(0.05)
        with pytest.raises(ZeroDivisionError, match="no answer"):
            trials.begin()
        assert trials.pending
        await trials.close()

    asyncio.run(go())


def test_a_trial_that_is_given_up_leaves_nothing(tmp_path: Path, cache: Path) -> None:
    async def go() -> None:
        trials = trials_of(Slow(), run_named(tmp_path, "one"))
        await trials.close()
        trials.begin()
        await asyncio.sleep(0.05)
        await trials.close()

    asyncio.run(go())
    assert not list(cache.rglob("*.json"))


def test_a_trial_may_be_kept_for_runs_to_come(tmp_path: Path) -> None:
    first, second = Curious(), Curious()
    llm: Any = ScriptedModel()
    told = asyncio.run(keep_trial(first, llm, "a model"))
    assert first.held == 1 and not first.learnt and told == "it writes an effect"
    assert asyncio.run(keep_trial(Curious(""), llm, "a model")) == ""
    asyncio.run(hold(second, run_named(tmp_path, "one")))
    assert second.held == 0 and len(second.learnt) == 1
