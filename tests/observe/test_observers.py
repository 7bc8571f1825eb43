"""Observers: the coordinator's own log, and a dashboard that fails without stopping the run."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from tests.observe.snapshots import snapshot
from workers.metrics.metric_kinds import Event, StateChange, WorkerDeath
from workers.observe.observers import FailSafeObserver, Observers, RunLog
from workers.observe.status import RunStatus
from workers.performance_logger import read_metrics
from workers.queue.deaths import Death


def test_states_messages_and_deaths_are_logged(tmp_path: Path) -> None:
    recorded: list[Death] = []
    log = RunLog(tmp_path)
    with Observers([log]) as observers:
        for state in ("running", "running", "merging"):
            observers.update(snapshot(state=state))
        observers.say("no room\x1b[2J left")
        log.deaths_too(recorded.append)(Death("w1-0badf00d", 7, "killed by signal 9", True))
    lines = [line for line in read_metrics(tmp_path) if line.kind != "time"]
    assert [line.body for line in lines] == [
        Event("start", {"role": "coordinator"}),
        StateChange("running"),
        StateChange("merging"),
        Event("message", {"text": "no room?[2J left"}),
        WorkerDeath("w1-0badf00d", "killed by signal 9", own_doing=True),
        Event("end"),
    ]
    assert recorded[0].pid == 7
    assert lines[0].worker.startswith("coordinator-")


def test_all_are_told_and_those_that_can_be_are_closed() -> None:
    class Closing(Remembering):
        def close(self) -> None:
            self.seen.append("closed")

    one, two = Remembering(), Closing()
    with Observers([one, two]) as observers:
        observers.update(snapshot(state="merging"))
        observers.say("hello")
    assert one.seen == ["merging", "hello"]
    assert two.seen == ["merging", "hello", "closed"]


class Remembering:
    def __init__(self) -> None:
        self.seen: list[str] = []

    def update(self, status: RunStatus) -> None:
        self.seen.append(status.state)

    def say(self, message: str) -> None:
        self.seen.append(message)


def test_an_observer_that_fails_warns_once_and_is_disabled(
    capsys: pytest.CaptureFixture[str],
) -> None:
    calls: list[str] = []

    def fail(status: RunStatus) -> None:
        calls.append(status.state)
        raise OSError(errno.ENOSPC, "No space left on device")

    observer = FailSafeObserver("--prometheus-file x.prom", fail)
    for _ in range(3):
        observer.update(snapshot())
    [warning] = capsys.readouterr().err.splitlines()
    assert calls == ["running"]
    assert warning.endswith("No space left on device; the run continues without it")


def test_any_other_error_is_a_bug_and_is_raised() -> None:
    def fail(status: RunStatus) -> None:
        raise KeyError("x")

    with pytest.raises(KeyError):
        FailSafeObserver("", fail).update(snapshot())
