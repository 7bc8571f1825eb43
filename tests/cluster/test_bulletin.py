"""What a bridge says: each message once, how things are now, and how machines did."""

from __future__ import annotations

from collections.abc import Callable

from tests.cluster_tools import wait_for
from workers.cluster.bulletin import Bulletin
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
