"""A worker's sign of life, and its end when its coordinator is gone."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import orjson
import pytest

from tests.run_tools import PROJECT, wait_for
from workers.run.heartbeat import Heartbeat, WorkerState, read_heartbeat
from workers.worker import heartbeat
from workers.worker.heartbeat import HeartbeatFile


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heartbeat, "_EVERY", 0.02)


def beating(path: Path) -> HeartbeatFile:
    return HeartbeatFile(path, Heartbeat("w1-0", "batch", os.getpid()))


def beat_of(path: Path) -> Heartbeat:
    beat = read_heartbeat(path)
    assert beat is not None
    return beat


def test_it_says_who_and_what_and_how_large(tmp_path: Path) -> None:
    file = beating(tmp_path / "w.json")
    file.start()
    file.update(WorkerState.WORKING, progress=7)
    beat = beat_of(tmp_path / "w.json")
    assert (beat.worker, beat.role, beat.pid) == ("w1-0", "batch", os.getpid())
    assert (beat.state, beat.progress) == (WorkerState.WORKING, 7)
    assert beat.rss_mb > 10 and abs(beat.time - time.time()) < 5
    file.stop()


def test_it_goes_on_while_the_worker_is_busy(tmp_path: Path, quick: None) -> None:
    file = beating(tmp_path / "w.json")
    file.start()
    before = beat_of(tmp_path / "w.json").beats
    until = time.monotonic() + 0.3
    while time.monotonic() < until:  # a step of the model: the loop does not turn
        pass
    assert beat_of(tmp_path / "w.json").beats > before
    file.stop()


def test_the_same_state_is_not_written_again(tmp_path: Path) -> None:
    file = beating(tmp_path / "w.json")
    file.start()
    file.update(WorkerState.WORKING)
    beats = beat_of(tmp_path / "w.json").beats
    file.update(WorkerState.WORKING, progress=1)
    assert beat_of(tmp_path / "w.json").beats == beats
    file.stop()


def test_a_new_step_is_written_at_once(tmp_path: Path) -> None:
    file = beating(tmp_path / "w.json")
    file.start()
    for steps in (
        ("calibrating question a",),
        ("calibrating question a", "calibrating question b"),
    ):
        file.update(WorkerState.CALIBRATING, steps=steps)
        assert beat_of(tmp_path / "w.json").steps == steps
    file.stop()


def test_removed_it_stays_away(tmp_path: Path, quick: None) -> None:
    file = beating(tmp_path / "w.json")
    file.start()
    file.stop()
    time.sleep(0.1)
    assert not list(tmp_path.iterdir())


def test_after_a_failure_it_stays_as_it_was_last(tmp_path: Path) -> None:
    file = beating(tmp_path / "w.json")
    file.start()
    file.update(WorkerState.LOADING, results=3, proved=True)
    file.stop(keep=True)
    beat = beat_of(tmp_path / "w.json")
    assert (beat.results, beat.proved, beat.state) == (3, True, WorkerState.LOADING)


def test_a_folder_that_is_gone_is_a_warning(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = beating(tmp_path / "none" / "w.json")
    file.write()
    assert "heartbeat not written" in capsys.readouterr().err


def test_a_reader_never_sees_half_a_beat(tmp_path: Path) -> None:
    path = tmp_path / "w.json"
    file = beating(path)
    damaged = {f"stage/chunk-{n:06}": "x" * 200 for n in range(100)}
    file.update(WorkerState.LOADING, damaged=damaged)
    file.start()
    for _ in range(200):
        file.write()
        orjson.loads(path.read_bytes())
    file.stop()


PARENT = """
import signal, sys, time
from workers.worker import heartbeat
heartbeat._GRACE = 0.3
stopped = []
heartbeat.watch_parent(lambda: stopped.append(1))
print("ready", flush=True)
if sys.argv[1] == "stuck":
    while True: pass
while not stopped: time.sleep(0.01)
print("stopped", flush=True)
"""


@pytest.mark.parametrize(("loop", "said"), [("good", "stopped\n"), ("stuck", "")])
def test_a_worker_ends_when_its_coordinator_is_gone(loop: str, said: str) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", PARENT, loop],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None and process.stdin is not None
    assert process.stdout.readline() == "ready\n"
    assert process.poll() is None
    process.stdin.close()
    wait_for(lambda: process.poll() is not None, seconds=5)
    assert process.returncode == 0 and process.stdout.read() == said
    process.stdout.close()
