"""One coordinator at a time: among many processes, after kills, with the lock file gone."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.forked import Child
from tests.run_tools import make_run, numbered
from workers.core.errors import RunLockedError
from workers.run import run_lock
from workers.run.run_folder import RunFolder


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    return make_run(tmp_path, numbered(1))


def hold(run: RunFolder, go: int) -> Callable[[Callable[[str], None]], None]:
    def work(say: Callable[[str], None]) -> None:
        with run.lock_coordinator():
            say("held")
            os.read(go, 1)

    return work


def test_one_coordinator_at_a_time(run: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_lock, "_PATIENCE_S", 0.1)
    go, send = os.pipe()
    assert not run.coordinator_alive()
    child = Child(hold(run, go))
    assert child.hear() == "held"
    assert run.coordinator_alive()
    for removed in (False, True):
        if removed:
            os.unlink(run.path / "coordinator.lock")
        with pytest.raises(RunLockedError, match="run test: another coordinator has it"):
            with run.lock_coordinator():
                pass
        assert run.coordinator_alive()
    assert child.kill() == -9
    assert not run.coordinator_alive()
    with run.lock_coordinator():
        assert run.coordinator_alive()
    os.close(send)


def test_the_refusal_says_who_has_it(run: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_lock, "_PATIENCE_S", 0.1)
    go, send = os.pipe()
    child = Child(hold(run, go))
    assert child.hear() == "held"
    with pytest.raises(RunLockedError, match=f"process {child.pid}"), run.lock_coordinator():
        pass
    os.write(send, b"x")
    assert child.wait() == 0


def test_one_of_many_wins(run: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_lock, "_PATIENCE_S", 0.3)
    go, send = os.pipe()

    def race(say: Callable[[str], None]) -> None:
        os.read(go, 1)
        try:
            with run.lock_coordinator():
                say("won")
                time.sleep(1.0)
        except RunLockedError:
            say("refused")

    children = [Child(race) for _ in range(20)]
    os.write(send, b"x" * 20)
    for child in children:
        assert child.wait() == 0
    said = [child.said()[0] for child in children]
    assert sorted(said) == ["refused"] * 19 + ["won"]


def test_asking_whether_it_lives_never_keeps_a_coordinator_out(run: RunFolder) -> None:
    def ask(say: Callable[[str], None]) -> None:
        while True:
            run.coordinator_alive()

    askers = [Child(ask) for _ in range(3)]
    for _ in range(20):
        with run.lock_coordinator():
            pass
    for asker in askers:
        assert asker.kill() == -9
