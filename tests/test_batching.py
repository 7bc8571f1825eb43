"""What `selftest` tests, on tiny models: batched equals one by one, drafted equals plain, and
the batch follows memory; and that each test fails when that is not so."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.run_tools import PROJECT
from tests.tiny_model import make_tiny_model
from workers.cli.selftest import Selftest, best_size, compare, draft_advice
from workers.cli.trial import Answer, play, questions
from workers.generation.batched import BatchedMLXGenerator
from workers.generation.model.load import LoadedModel, load
from workers.generation.model.memory import MemoryBudget
from workers.generation.settings import GenerationSettings

TOKENS = 24


@pytest.fixture(scope="module")
def tiny(tiny_model: Path) -> LoadedModel:
    return load(tiny_model)


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> LoadedModel:
    folder = tmp_path_factory.mktemp("other-tiny-model")
    make_tiny_model(folder, seed=1)
    return load(folder)


def selftest(tiny: LoadedModel, draft: LoadedModel | None = None) -> Selftest:
    return Selftest(tiny, draft, TOKENS, sizes=(4,), say=lambda line: None)


def at_every_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the memory be looked at before each step."""
    made = GenerationSettings.__init__
    monkeypatch.setattr(
        GenerationSettings,
        "__init__",
        lambda self, **given: made(self, **{"memory_check_seconds": 0.0, **given}),
    )


def test_batched_equals_one_by_one(tiny: LoadedModel) -> None:
    [check] = selftest(tiny).run(["batch"])
    assert check.ok, check.found
    assert "12 of 12 answers are the same" in check.found[0]
    assert any("batch of 4" in line for line in check.found)
    assert len(check.advice) == 1 and "batch" in check.advice[0]


def test_drafted_equals_plain_whoever_drafts(tiny: LoadedModel, other: LoadedModel) -> None:
    for draft in (tiny, other):
        [check] = selftest(tiny, draft).run(["speculative"])
        assert check.ok, check.found
        assert sum("12 of 12 answers are the same" in line for line in check.found) == 2
        assert len(check.advice) == 2


def test_the_batch_follows_memory(tiny: LoadedModel, monkeypatch: pytest.MonkeyPatch) -> None:
    at_every_step(monkeypatch)  # else so small a model is done before
    [check] = selftest(tiny).run(["dynamic"])
    assert check.ok, check.found
    assert any(re.search(r"rows side by side: 1\d, then [1-6] ", line) for line in check.found)


def test_a_batch_that_ignores_memory_is_found(
    tiny: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_every_step(monkeypatch)
    monkeypatch.setattr(MemoryBudget, "rows", lambda self, *_: self.ceiling)
    monkeypatch.setattr(MemoryBudget, "short", False)
    [check] = selftest(tiny).run(["dynamic"])
    assert not check.ok
    assert sum(line.startswith("FAILED") for line in check.found) >= 1


def test_a_wrong_answer_is_found(tiny: LoadedModel, monkeypatch: pytest.MonkeyPatch) -> None:
    complete = BatchedMLXGenerator.complete

    async def spoiled(self: BatchedMLXGenerator, *args: object) -> object:
        answer = await complete(self, *args)  # type: ignore[arg-type]
        if self.settings.no_batching or len(answer.tokens) < 9:
            return answer
        return replace(answer, tokens=(*answer.tokens[:8], answer.tokens[8] ^ 1))

    monkeypatch.setattr(BatchedMLXGenerator, "complete", spoiled)
    [check] = selftest(tiny).run(["batch"])
    assert not check.ok
    assert "differ: question" in check.found[0] and "from token 9 on" in check.found[0]


def test_near_ties_are_told_from_errors(tiny: LoadedModel) -> None:
    [answer] = play(tiny, GenerationSettings(no_batching=True), questions(1, TOKENS)).answers
    assert compare(tiny, [answer], [answer]).same == 1
    worse = Answer(answer.prompt, (*answer.tokens[:3], (answer.tokens[3] + 7) % 512))
    found = compare(tiny, [answer], [worse])
    assert len(found.other) == 1 and "from token 4 on" in found.other[0]


def test_advice_in_words() -> None:
    assert best_size({1: 10.0, 4: 39.5, 8: 40.0, 16: 41.0}) == 4
    drafts = {"model": {"proposed": 100.0, "accepted": 38.0}}
    model = "drafts from the draft model"
    assert draft_advice(model, drafts, 0.8) == (
        "this draft model gets 38% of its tokens accepted and slows you down (0.80 times): "
        "leave it off"
    )
    assert draft_advice(model, drafts, 1.4).endswith("1.40 times as fast: leave it on")
    assert "--num-draft-tokens 0" in draft_advice("drafts from prompt", drafts, 0.8)
    assert "never looked worth a draft" in draft_advice(model, {}, 1.0)


def test_the_command_and_its_exit_status(tiny_model: Path, tmp_path: Path) -> None:
    def command(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, str(PROJECT / "coordinator.py"), "selftest", *arguments],
            cwd=tmp_path,
            env=os.environ,
            capture_output=True,
            text=True,
            timeout=120,
        )

    done = command("--test", "dynamic", "--model", str(tiny_model))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "dynamic: ok" in done.stdout and "all is well" in done.stdout
    missing = command("--model", str(tmp_path / "none"))
    assert missing.returncode == 1 and missing.stderr.startswith("error: model")
    assert command("--test", "speed").returncode == 2
