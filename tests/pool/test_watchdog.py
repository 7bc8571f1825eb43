"""A hang is told from work, from rest and from a pause of our own."""

from __future__ import annotations

from typing import Any

import pytest

from workers.pool.watchdog import SILENT_S, STOPPED_S, Watchdog


class Watched:
    """A worker as its heartbeat shows it, looked at once a second."""

    def __init__(self, patience: float = 60) -> None:
        self.dog = Watchdog(patience)
        self.beat: dict[str, Any] = {}

    def looks(
        self, count: int, stopped: bool = False, beats: bool = True, steps: int = 0, **values: Any
    ) -> str | None:
        self.beat |= values
        for _ in range(count):
            if beats:
                self.beat["beats"] = self.beat.get("beats", 0) + 1
            self.beat["progress"] = self.beat.get("progress", 0) + steps
            if verdict := self.dog.look(self.beat, stopped, 1.0):
                return verdict
        return None


def test_work_and_rest_are_no_hang() -> None:
    watched = Watched()
    assert watched.looks(200, state="idle") is None
    assert watched.looks(200, state="working", steps=1) is None
    assert watched.looks(50, state="working") is None


@pytest.mark.parametrize("state", ["working", "draining"])
def test_no_step_is_a_hang(state: str) -> None:
    assert Watched().looks(70, state=state) == "made no step for 61 s"


def test_loading_may_take_long() -> None:
    assert Watched().looks(600, state="loading") is None
    assert "no step" in (Watched().looks(2000, state="loading") or "")


def test_a_process_that_is_stopped_or_silent() -> None:
    assert (
        Watched().looks(10, stopped=True, beats=False) == f"was stopped for {STOPPED_S + 1:.0f} s"
    )
    assert Watched().looks(int(STOPPED_S), stopped=True, state="working") is None
    watched = Watched()
    assert watched.looks(3, state="idle") is None
    assert "no sign of life" in (watched.looks(int(SILENT_S) + 2, beats=False) or "")


def test_before_the_first_beat_there_is_patience() -> None:
    assert Watched().looks(int(SILENT_S) + 5, beats=False) is None


def test_long_steps_are_learned_and_inherited() -> None:
    watched = Watched()
    assert watched.looks(1, state="working", steps=1) is None
    for _ in range(3):
        assert watched.looks(50, state="working") is None
        assert watched.looks(1, steps=1) is None
    assert watched.looks(190) is None
    watched.dog = watched.dog.for_successor()
    assert watched.looks(190) is None
    assert watched.looks(20) is not None


def test_the_time_that_nobody_looked_does_not_count() -> None:
    dog = Watchdog(60)
    beat = {"state": "working", "beats": 1, "progress": 1}
    assert dog.look(beat, False, 1.0) is None
    assert dog.look(beat, False, 86_400.0) is None
