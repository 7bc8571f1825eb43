"""The command that lends a machine: what it starts and refuses, and that nothing outlives it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import psutil
import pytest

from tests.cluster_tools import cluster, wait_for
from workers import cluster_worker
from workers.cluster.certificates import make_certificates
from workers.core.errors import UsageError

LINE = [sys.executable, "-m", "workers.cluster_worker"]


def test_its_flags_and_dasks(tmp_path: Path) -> None:
    make_certificates(tmp_path)
    given = ["tls://10.0.0.7:8786", "--certs", str(tmp_path), "--name", "mac", "--workers", "2"]
    given += ["--cores", "4"]
    options = cluster_worker.options_of([*given, "--", "--lifetime", "4h"])
    command = cluster_worker.command_of(options)
    assert command[3] == "tls://10.0.0.7:8786" and command[-2:] == ["--lifetime", "4h"]
    assert command[command.index("--name") + 1] == "mac"
    assert command[command.index("--tls-key") + 1] == str(tmp_path / "node.pem")
    environ = cluster_worker.environment_of(options)
    assert environ["CYBERLLM_CLUSTER_WORKERS"] == "2" and environ["CYBERLLM_CLUSTER_CORES"] == "4"


def test_without_tls_it_listens_on_loopback_only() -> None:
    options = cluster_worker.options_of(["tcp://127.0.0.1:8786"])
    command = cluster_worker.command_of(options)
    assert command[command.index("--host") + 1] == "127.0.0.1"


def test_a_scheduler_that_can_not_be_joined_ends_it_and_one_that_is_not_there_is_waited_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def reach(code: str) -> list[str]:
        return [sys.executable, "-c", code]

    mark = tmp_path / "asked"
    once = f"import pathlib as p; m = p.Path({str(mark)!r}); there = m.exists(); m.touch()"
    ask = reach(f"{once}; print('' if there else 'nobody'); raise SystemExit(not there)")
    cluster_worker.await_scheduler(ask, {})
    assert capsys.readouterr().out == "nobody; waiting for it\n"
    with pytest.raises(UsageError, match="^another version$"):
        cluster_worker.await_scheduler(reach("print('another version'); raise SystemExit(2)"), {})


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (["tcp://10.0.0.7:8786"], "without TLS only this machine itself"),
        (["tls://10.0.0.7:8786", "--certs", "nowhere"], "error: --certs nowhere: has no ca.pem"),
        (["nowhere.json"], "error: nowhere.json: neither an address such as"),
        (["tls://10.0.0.7"], "error: tls://10.0.0.7: needs a host and a port"),
        (["tcp://127.0.0.1:1", "--model", "./nowhere"], "model ./nowhere: no such folder"),
        (["tcp://127.0.0.1:1", "--workers", "0"], "--workers 0: must be from 1 to 256"),
        (["tcp://127.0.0.1:1", "--", "--host=0.0.0.0"], "--host=0.0.0.0: without TLS only this"),
        (["tcp://127.0.0.1:1", "--cores", "0"], "--cores 0: must be from 1 to 256"),
        (["tcp://127.0.0.1:1", "--naem", "x"], "--naem: no such option; did you mean --name?"),
    ],
)
def test_what_can_not_be_is_one_line(
    given: list[str], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        status = cluster_worker.main(given)
    except SystemExit as ended:
        status = int(str(ended.code))
    error = capsys.readouterr().err
    assert status == 2 and why in error and error.count("\n") == 1


def test_a_scheduler_file_may_name_another_than_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, joined = tmp_path / "scheduler.json", list[str]()
    file.write_text('{"address": "tls://10.0.0.7:1"}')

    def run(line: Sequence[str], environ: dict[str, str]) -> int:
        joined.append(line[3])
        file.write_text('{"address": "tls://10.0.0.7:2"}')
        if len(joined) == 2:
            raise KeyboardInterrupt
        return 1

    monkeypatch.setattr(cluster_worker, "FIRST_WAIT_S", 0.0)
    command = partial(cluster_worker.command_of, cluster_worker.options_of([str(file)]))
    with pytest.raises(KeyboardInterrupt):
        cluster_worker.keep_running(command, [sys.executable, "-c", ""], {}, run)
    assert joined == ["tls://10.0.0.7:1", "tls://10.0.0.7:2"]


def test_nothing_outlives_it(tmp_path: Path) -> None:
    with cluster(tmp_path, "alpha") as started:
        assert wait_for(lambda: "Registered to" in started.log("alpha"))
        shell = started.machines.pop("alpha")
        dask = psutil.Process(shell.pid).children()[0]
        shell.kill()
        shell.wait()
        assert wait_for(lambda: not dask.is_running() or dask.status() == "zombie", 10)


def test_help_needs_no_dask() -> None:
    ended = subprocess.run(
        [*LINE, "--help"], capture_output=True, text=True, cwd=Path(__file__).parents[1]
    )
    assert ended.returncode == 0 and "Lend this machine" in ended.stdout
