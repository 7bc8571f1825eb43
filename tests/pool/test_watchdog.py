"""A hang is told from work, from rest and from a pause of our own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from workers.pool.watchdog import LOADING_S, SILENT_S, STOPPED_S, Watchdog
from workers.run.heartbeat import Heartbeat, WorkerState

LOADING, WORKING, IDLE = WorkerState.LOADING, WorkerState.WORKING, WorkerState.IDLE


class Watched:
    """A worker as its heartbeat shows it, looked at once a second."""

    def __init__(self, patience: float = 60, state: WorkerState = WORKING) -> None:
        self.dog = Watchdog(patience)
        self.beat = Heartbeat("w1-0", "batch", 1, state)

    def looks(
        self, count: int, stopped: bool = False, beats: bool = True, steps: int = 0
    ) -> str | None:
        for _ in range(count):
            self.beat = replace(
                self.beat, beats=self.beat.beats + beats, progress=self.beat.progress + steps
            )
            if verdict := self.dog.look(self.beat, stopped, 1.0):
                return verdict
        return None

    def turns(self, state: WorkerState) -> None:
        self.beat = replace(self.beat, state=state)


def test_work_and_rest_are_no_hang() -> None:
    watched = Watched(state=IDLE)
    assert watched.looks(200) is None
    watched.turns(WORKING)
    assert watched.looks(200, steps=1) is None
    assert watched.looks(50) is None


@pytest.mark.parametrize("state", [WorkerState.WORKING, WorkerState.DRAINING])
def test_no_step_is_a_hang(state: WorkerState) -> None:
    assert Watched(state=state).looks(70) == "made no progress for 61 s"


@pytest.mark.parametrize("state", [WorkerState.LOADING, WorkerState.COMPILING])
def test_loading_may_take_long(state: WorkerState) -> None:
    assert Watched(state=state).looks(600) is None
    assert "no progress" in (Watched(state=state).looks(int(LOADING_S) + 100) or "")


def test_a_process_that_is_stopped_or_silent() -> None:
    watched = Watched(state=LOADING)
    assert watched.looks(10, stopped=True, beats=False) == (
        f"was stopped for {STOPPED_S + 1:.0f} s"
    )
    assert Watched().looks(int(STOPPED_S), stopped=True) is None
    watched = Watched(state=IDLE)
    assert watched.looks(3) is None
    assert "no sign of life" in (watched.looks(int(SILENT_S) + 2, beats=False) or "")


def test_before_the_first_beat_there_is_patience() -> None:
    dog = Watchdog(60)
    assert not any(dog.look(None, False, 1.0) for _ in range(60))
    assert "no sign of life" in (dog.look(None, False, 1.0) or "")


def test_long_steps_are_learned_and_inherited() -> None:
    watched = Watched()
    assert watched.looks(1, steps=1) is None
    for _ in range(3):
        assert watched.looks(50) is None
        assert watched.looks(1, steps=1) is None
    assert watched.looks(190) is None
    watched.dog = watched.dog.for_successor()
    assert watched.looks(190) is None
    assert watched.looks(20) is not None


def test_the_time_that_nobody_looked_does_not_count() -> None:
    dog = Watchdog(60)
    beat = Heartbeat("w1-0", "batch", 1, WORKING, beats=1, progress=1)
    assert dog.look(beat, False, 1.0) is None
    assert dog.look(beat, False, 86_400.0) is None
