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
from tests.run_tools import Desk, free_port, security_record, write_jsonl
from tests.tiny_model import make_tiny_model
from workers.run.machine_view import read_cluster

RECORDS = 120
FLAGS = ("--stages", "data_filter,domain_classifier", "--max-tokens", "24", "--batch-size", "4")


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Two that have the run's model, and one that has another."""
    other = tmp_path_factory.mktemp("other")
    make_tiny_model(other, seed=1)
    with cluster(tmp_path_factory.mktemp("cluster"), "alpha", "beta") as started:
        started.start_machine("gamma", "--workers", "1", "--model", str(other), wait=False)
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
    assert "machine beta is gone" in text
    assert "machine gamma refused: " in text and "is another model than the run's" in text
    found = recount(folder, input_ids(source))
    assert (found.lost, found.duplicated, found.misfiled, found.problems) == (0, 0, 0, [])
    names = {path.name.partition(".")[0] for path in (tmp_path / "performance_logs/over").iterdir()}
    assert "alpha" in names  # what beta wanted to tell may have gone with it
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


def test_shards_become_one_run(tmp_path: Path) -> None:
    source = write_jsonl(tmp_path / "in.jsonl", [security_record(n) for n in range(12)])
    desk = Desk(tmp_path)
    rules = ("--stages", "data_filter", "--disable-llm", "--workers", "1")
    for number in (1, 2):
        shard = ("--run", f"part{number}", "--shard", f"{number}/2")
        ended = desk.coordinator("run", "-i", str(source), *shard, *rules)
        assert ended.returncode in (0, 3), ended.stderr
    missing = desk.coordinator("merge", "part1", "--run", "all")
    assert missing.returncode == 2 and "shard 2/2 is missing" in missing.stderr
    assert not (tmp_path / "queues" / "all").exists()
    merged = desk.coordinator("merge", "part2", "part1", "--run", "all")
    assert merged.returncode == 3 and "12 in" in merged.stdout, merged.stderr
    found = recount(tmp_path / "queues" / "all", input_ids(source))
    assert (found.lost, found.duplicated, found.misfiled, found.problems) == (0, 0, 0, [])
    again = desk.coordinator("merge", "part1", "part2", "--run", "all")
    assert again.returncode == 2 and "exists already" in again.stderr


def test_a_cluster_that_can_not_be_used_leaves_no_run(tmp_path: Path) -> None:
    source = write_jsonl(tmp_path / "in.jsonl", [security_record(0)])
    desk = Desk(tmp_path)
    given = ("run", "-i", str(source), "--disable-llm", "--run", "none")
    for flags, why in (
        (("--cluster", f"tcp://127.0.0.1:{free_port()}"), "no Dask scheduler answers there"),
        (("--cluster", "tcp://10.0.0.7:8786"), "without TLS only this machine itself"),
        (("--workers", "0"), "--workers 0: must be from 1 to 256, or 0 with"),
        (("--shard", "3/2"), "--shard 3/2: must be I/N such as 2/8"),
    ):
        ended = desk.coordinator(*given, *flags)
        assert ended.returncode == 2 and why in ended.stderr
        assert ended.stderr.count("\n") == 1
    assert not (tmp_path / "queues").exists()
