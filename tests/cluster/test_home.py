"""Whether the workers at home are idle."""

from __future__ import annotations

from workers.cluster.home import HomeWorkers
from workers.run.heartbeat import Heartbeat, WorkerState, write_heartbeat
from workers.run.run_folder import RunFolder


def test_a_worker_is_idle_when_it_was_at_two_looks(home: RunFolder) -> None:
    def beat(worker: str, role: str, state: WorkerState) -> None:
        write_heartbeat(home.heartbeat_file(worker), Heartbeat(worker, role, 1, state))

    workers = HomeWorkers(home)
    for state, idle in ((WorkerState.IDLE, 0), (WorkerState.IDLE, 1), (WorkerState.WORKING, 0)):
        beat("w1-a", "cpu", state)
        beat("w2-b", "cpu", WorkerState.WORKING)
        beat("w3-c", "cluster", WorkerState.IDLE)
        assert workers.idle() == idle
