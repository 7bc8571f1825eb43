"""Whole runs over a scheduler and remote processes on loopback, with TLS and the tiny model."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster_tools import Cluster, cluster, wait_for
from tests.faults.recount import input_ids, recount
from tests.run_tools import Desk, security_record, write_jsonl
from workers.run.machine_view import read_cluster

RECORDS = 120
FLAGS = ("--stages", "data_filter,domain_classifier", "--max-tokens", "24", "--batch-size", "4")


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with cluster(tmp_path_factory.mktemp("cluster"), "alpha", "beta") as started:
        yield started


def test_a_killed_machine_costs_no_record(
    machines: Cluster, tiny_model: Path, tmp_path: Path
) -> None:
    source = write_jsonl(tmp_path / "in.jsonl", [security_record(n) for n in range(RECORDS)])
    desk = Desk(tmp_path)
    given = ("run", "-i", str(source), "--chunk-size", "4", "--model", str(tiny_model), *FLAGS)
    over = ("--run", "over", "--workers", "0", *machines.flags)
    folder = tmp_path / "queues" / "over"

    def beta_is_at_work() -> bool:
        view = read_cluster(folder / "workers")
        found = {machine.name: machine.in_flight for machine in view.machines} if view else {}
        return found.get("beta", 0) > 0 and any((folder / "2_data_filter/done").glob("*.jsonl"))

    log = tmp_path / "log"
    with log.open("w") as out:
        process = subprocess.Popen(
            desk.command(*given, *over), cwd=tmp_path, stdout=out, stderr=out
        )
        try:
            assert wait_for(beta_is_at_work, 90), log.read_text() + machines.log("beta")
            machines.kill_machine("beta")
            status = process.wait(90)
        finally:
            process.kill()
    text = log.read_text()
    assert status in (0, 3), text
    assert "machine beta left" in text
    found = recount(folder, input_ids(source))
    assert (found.lost, found.duplicated, found.misfiled, found.problems) == (0, 0, 0, [])
    names = {path.name.partition(".")[0] for path in (tmp_path / "performance_logs/over").iterdir()}
    assert {"alpha", "beta"} <= names
    assert '"counts":true' not in (folder / "deaths.jsonl").read_text()


def test_the_default_run_imports_none_of_it(tmp_path: Path) -> None:
    source = write_jsonl(tmp_path / "in.jsonl", [security_record(0)])
    code = (
        "import sys, coordinator\n"
        f"coordinator.main(['run', '-i', {str(source)!r}, '--disable-llm', '--run', 'plain'])\n"
        "import workers.worker.loop\n"
        "print([name for name in sys.modules if name.startswith(('distributed', 'dask', "
        "'workers.cluster'))])"
    )
    desk = Desk(tmp_path)
    environ = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=desk.root, env=environ, capture_output=True, text=True
    )
    assert ended.stdout.splitlines()[-1] == "[]", ended.stdout + ended.stderr
