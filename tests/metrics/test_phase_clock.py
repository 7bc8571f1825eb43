"""Phases add up to the time there was, whatever is nested, late, or cut by a window's end."""

from __future__ import annotations

import pytest

from workers.metrics import phase_clock
from workers.metrics.metric_kinds import PhaseTimes
from workers.metrics.phase_clock import PhaseClock


class Time:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    clock = Time()
    monkeypatch.setattr(phase_clock, "time", clock)
    return clock


def test_what_no_phase_claims_is_other(time: Time) -> None:
    clock = PhaseClock(90.0)
    with clock.running("wait"):
        time.now += 3
    time.now += 2
    assert clock.window == 15
    assert clock.end_window() == PhaseTimes(15.0, {"wait": 3.0, "other": 12.0})
    assert clock.end_window() == PhaseTimes(0.0, {"other": 0.0})


def test_a_window_may_end_inside_a_phase(time: Time) -> None:
    clock = PhaseClock(time.now)
    with clock.running("load"):
        time.now += 50
        assert clock.end_window() == PhaseTimes(50.0, {"load": 50.0, "other": 0.0})
        time.now += 7
    assert clock.end_window() == PhaseTimes(7.0, {"load": 7.0, "other": 0.0})


def test_a_phase_inside_another_stops_it(time: Time) -> None:
    clock = PhaseClock(time.now)
    with clock.running("decode"):
        time.now += 1
        with clock.running("grammar"):
            time.now += 2
        time.now += 4
        clock.add("prefill", 3.0)  # reported afterwards: a part of the four
    assert clock.end_window().phases == {
        "decode": 2.0,
        "grammar": 2.0,
        "prefill": 3.0,
        "other": 0.0,
    }


def test_phases_of_two_tasks_may_overlap(time: Time) -> None:
    clock = PhaseClock(time.now)
    first, second = clock.running("wait"), clock.running("journal")
    first.__enter__()
    time.now += 1
    second.__enter__()
    time.now += 1
    first.__exit__(None, None, None)
    time.now += 1
    second.__exit__(None, None, None)
    assert clock.end_window() == PhaseTimes(3.0, {"wait": 1.0, "journal": 2.0, "other": 0.0})


def test_what_is_reported_late_is_taken_from_the_next_rest(time: Time) -> None:
    clock = PhaseClock(time.now)
    time.now += 10
    clock.end_window()
    clock.add("decode", 8.0)
    time.now += 6
    assert clock.end_window() == PhaseTimes(6.0, {"decode": 8.0, "other": 0.0})
    time.now += 6
    assert clock.end_window() == PhaseTimes(6.0, {"other": 4.0})
