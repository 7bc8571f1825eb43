"""All parts of a run joined: after a crash, with the workers that the run is to have."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from tests.run_tools import STAGES, Told, numbered, write_jsonl
from workers.control.assemble import BRIDGE_PATIENCE_S, join_parts
from workers.control.interrupts import Interrupts
from workers.control.supervisor import Supervisor
from workers.queue.deaths import Death
from workers.run.heartbeat import Heartbeat, write_heartbeat
from workers.run.input_files import inspect_inputs
from workers.run.machine_view import ClusterView, write_cluster
from workers.run.run_folder import RunFolder
from workers.settings.values import build_config


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunFolder:
    monkeypatch.chdir(tmp_path)
    source = write_jsonl(tmp_path / "input.jsonl", numbered(5))
    config = build_config({"stages": STAGES, "workers": 3, "enable_speculative": True})
    return RunFolder.named("test").create(config, inspect_inputs([source]))


def joined(run: RunFolder, told: Told, **environ: str) -> Supervisor:
    return join_parts(run, run.config, told, Interrupts(), {**os.environ, **environ})


def test_what_an_earlier_coordinator_left_is_cleared_up(run: RunFolder) -> None:
    write_heartbeat(run.heartbeat_file("w1-old"), Heartbeat("w1-old", "batch", 1))
    write_cluster(run.workers_dir, ClusterView("tls://h:1"))
    (run.path / ".status.json.tmp").touch()
    joined(run, Told())
    assert not list(run.workers_dir.iterdir()) and not list(run.path.glob("*.tmp"))
    assert run.logs_dir.is_dir()


def test_workers_get_their_roles_and_share_cores_and_memory(run: RunFolder) -> None:
    pool = joined(run, Told(), OMP_NUM_THREADS="7").pool
    assert [slot.launch.role for slot in pool.slots] == ["speculative", "batch", "batch"]
    assert {slot.launch.workers for slot in pool.slots} == {3}
    assert {slot.launch.environ["OMP_NUM_THREADS"] for slot in pool.slots} == {"7"}
    assert pool.patience == run.config.worker_timeout and not any(slot.child for slot in pool.slots)


def test_a_cluster_is_that_of_now_and_not_that_which_the_run_was_created_with(
    run: RunFolder,
) -> None:
    config = replace(run.config, cluster="tls://h:1", worker_timeout=3.0)
    supervisor = join_parts(run, config, Told(), Interrupts())
    assert supervisor.snapshot().cluster is None  # it has not been heard of yet
    write_cluster(run.workers_dir, view := ClusterView("tls://h:1"))
    assert run.config.cluster is None and supervisor.snapshot().cluster == view
    patience = [slot.watchdog.patience for slot in supervisor.pool.slots]
    assert patience == [3.0] * 3 + [BRIDGE_PATIENCE_S]


def test_deaths_and_notices_go_where_they_are_to_go(run: RunFolder) -> None:
    death, told, written = Death("w1-0", 1, "SIGKILL", False), Told(), list[Death]()
    pool = joined(run, told).pool
    pool.record_death(death)
    pool.notice("a word")
    assert run.deaths() == {"w1-0": death} and told.messages == ["a word"]
    other = join_parts(run, run.config, told, Interrupts(), record_death=written.append)
    other.pool.record_death(death)
    assert written == [death]
