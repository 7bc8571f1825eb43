"""The coordinator's own log: states, messages and deaths, in the lines that `report` reads."""

from __future__ import annotations

from pathlib import Path

from tests.observe.snapshots import snapshot
from workers.observe.observers import Observers, RunLog
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
    lines = [line for line in read_metrics(tmp_path) if line["kind"] != "time"]
    assert [line["kind"] for line in lines] == [
        "start",
        "state",
        "state",
        "message",
        "death",
        "end",
    ]
    assert [line.get("state") for line in lines[1:3]] == ["running", "merging"]
    assert lines[3]["text"] == "no room?[2J left"
    assert (lines[4]["of"], lines[4]["cause"]) == ("w1-0badf00d", "killed by signal 9")
    assert recorded[0].pid == 7
    assert lines[0]["worker"].startswith("coordinator-")
