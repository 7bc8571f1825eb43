"""A process that hangs is ended; one that works, has not begun, or was stopped with us is not."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import closing

import pytest

from workers.cluster import beats as beats_module
from workers.cluster.beats import HUNG_S, Beats, Silence, beat


def ended(code: str) -> tuple[int, float]:
    """The exit status of a process that has the pipe's number as its argument; the seconds."""
    begun = time.monotonic()
    with closing(Beats()) as beats:
        line = [sys.executable, "-S", "-c", code, str(beats.inherited)]
        with subprocess.Popen(line, pass_fds=(beats.inherited,)) as process:
            return beats.end_of(process), time.monotonic() - begun


def test_a_process_that_hangs_is_killed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(beats_module, "_LOOK_S", 0.02)
    monkeypatch.setattr(beats_module, "HUNG_S", 0.2)
    beats_once = "import os, sys, time; os.write(int(sys.argv[1]), b'.'); time.sleep(60)"
    status, seconds = ended(beats_once)
    assert status == -9 and seconds < 30
    assert "did nothing for" in capsys.readouterr().out


def test_the_end_of_a_process_is_seen_at_once() -> None:
    status, seconds = ended("raise SystemExit(3)")
    assert status == 3 and seconds < 30


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    return now


def lasted(silence: Silence, clock: list[float], looks: int, each: float = 1.0) -> bool:
    """Whether it has after so many looks, nothing heard in any."""
    for _ in range(looks):
        clock[0] += each
        if silence.has_lasted(heard=False):
            return True
    return False


def test_silence_counts_from_the_last_beat(clock: list[float]) -> None:
    silence = Silence()
    assert not lasted(silence, clock, 300)  # it is still being started
    assert not silence.has_lasted(heard=True)
    assert not lasted(silence, clock, int(HUNG_S) - 1)
    assert not silence.has_lasted(heard=True)
    assert not lasted(silence, clock, int(HUNG_S) - 1) and lasted(silence, clock, 2)


def test_time_in_which_nobody_looked_counts_little(clock: list[float]) -> None:
    silence = Silence()
    silence.has_lasted(heard=True)
    assert not lasted(silence, clock, 10, each=1000.0)


def test_it_beats_unless_it_hangs() -> None:
    hears, beats = os.pipe()
    beat(beats, hangs=lambda: False)
    beat(beats, hangs=lambda: True)
    assert os.read(hears, 10) == b"."
    os.close(hears)
    beat(beats, hangs=lambda: False)
    os.close(beats)
