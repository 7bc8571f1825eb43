"""What a bridge says: each message once, how things are now, and how machines did."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.cluster_tools import wait_for
from workers.cluster import bulletin as bulletin_module
from workers.cluster.bulletin import Bulletin
from workers.pool.child import CLUSTER_ROLE, Launch
from workers.pool.slot import Slot
from workers.run.heartbeat import Heartbeat, WorkerState, read_heartbeat
from workers.run.machine_view import ClusterView, read_cluster
from workers.run.run_folder import RunFolder


def heard(run: RunFolder, wanted: Callable[[Heartbeat], bool]) -> Heartbeat:
    """The bridge's heartbeat, once it is as wanted."""

    def read() -> Heartbeat | None:
        return read_heartbeat(run.heartbeat_file("bridge-1"))

    assert wait_for(lambda: (beat := read()) is not None and wanted(beat))
    found = read()
    assert found is not None
    return found


def test_messages_and_the_view_reach_the_coordinator(home: RunFolder) -> None:
    bulletin = Bulletin(home, "bridge-1")
    bulletin.start()
    try:
        bulletin.say("machine a: joined")
        bulletin.say("machine b: joined")
        view = ClusterView("tcp://127.0.0.1:1", "", "waits for a machine", ())
        bulletin.show(view, [], results=7, damaged={"stage/chunk": "damaged"})
        beat = heard(home, lambda beat: beat.results == 7)
        assert beat.steps == ("machine a: joined", "machine b: joined")
        assert beat.state == WorkerState.IDLE and dict(beat.damaged) == {"stage/chunk": "damaged"}
        bulletin.show(view, [], results=8, damaged={})
        again = heard(home, lambda beat: beat.results == 8)
        assert again.progress > beat.progress, "or it would be taken to hang"
        assert read_cluster(home.workers_dir) == view
    finally:
        bulletin.close(failed=False)


def test_of_many_messages_each_is_told(home: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulletin_module, "_MOST_NOTICES", 30)
    bulletin = Bulletin(home, "bridge-1")
    launch = Launch("home", CLUSTER_ROLE, home.logs_dir, {})
    slot = Slot(1, launch, home.workers_dir)
    told: list[str] = []
    try:
        for number in range(100):
            bulletin.say(f"message {number}")
            if number % 25 == 0 or number == 99:
                slot.beat = read_heartbeat(home.heartbeat_file("bridge-1"))
                told += slot.new_steps()
    finally:
        bulletin.start()
        bulletin.close(failed=False)
    assert told == [f"message {number}" for number in range(100)]
    assert slot.beat is not None and len(slot.beat.steps) == 30
