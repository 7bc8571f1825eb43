"""The checks of `selftest` on tiny models: batched answers equal those made one at a time, drafted
answers equal plain ones, and the batch size follows free memory."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.run_tools import Desk
from tests.tiny_model import make_tiny_model
from workers.cli.selftest import Selftest
from workers.generation.model.load import LoadedModel, load

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
    # Memory is checked before each step, else so small a model is done before it is.
    return Selftest(
        tiny, draft, TOKENS, sizes=(4,), say=lambda line: None, memory_check_seconds=0.0
    )


def test_batched_equals_one_at_a_time(tiny: LoadedModel) -> None:
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


def test_the_batch_follows_memory(tiny: LoadedModel) -> None:
    [check] = selftest(tiny).run(["dynamic"])
    assert check.ok, check.found
    assert any(re.search(r"sequences at once: 1\d, then [1-6] ", line) for line in check.found)


def test_the_command_prints_what_it_found(tiny_model: Path, tmp_path: Path) -> None:
    done = Desk(tmp_path).process("selftest", "--test", "dynamic", "--model", str(tiny_model),
                                  seconds=120)  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "dynamic: ok" in done.stdout and "all checks passed" in done.stdout
