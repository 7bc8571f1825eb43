"""Whole runs: real coordinators and workers, killed and interrupted, ending all the same."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import zipfile
from functools import partial
from pathlib import Path

import pytest

import coordinator
from stages import ALL_STAGES, stage_by_name
from stages.recipe.__main__ import main as recipe
from tests.run_tools import PROJECT, Desk, kill, security_record, wait_for, worker_pids, write_jsonl
from workers.cluster_worker import main as lend_machine
from workers.core.version import version
from workers.worker.__main__ import main as add_worker

RECORDS = 120
FIRST, LAST = "2_data_filter", "6_security_aligner"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """An input of good, off-topic and unreadable lines, and one undisturbed run of it."""
    root = tmp_path_factory.mktemp("desk")
    source = write_jsonl(root / "input.jsonl", [security_record(n) for n in range(RECORDS)])
    with source.open("a") as lines:
        lines.write("not json\n")
    desk = Desk(root)
    done = desk.process(*desk.run_arguments("calm", "--workers", "1"))
    assert done.returncode == 3, done.stdout + done.stderr
    return desk


def assert_same_as_calm(desk: Desk, run: str) -> None:
    verdict = desk.coordinator("verify", run, "--json")
    assert verdict.returncode == 0, verdict.stdout
    assert json.loads(verdict.stdout)["ok"] is True
    assert desk.results(run) == desk.results("calm")


def test_a_calm_run_ends_with_everything_counted(desk: Desk) -> None:
    verdict = json.loads(desk.coordinator("verify", "calm", "--json").stdout)
    first = verdict["stages"][0]
    assert first["in"] == RECORDS + 1 and first["failed"] == len(range(3, RECORDS, 7)) + 1
    assert first["removed"] > 0 and first["results"] > 0
    assert not worker_pids("calm")
    failed = desk.results("calm")["failed.jsonl"].decode()
    assert f"input.jsonl line {RECORDS + 1}: not valid JSON" in failed


def test_status_of_a_finished_run(desk: Desk) -> None:
    status = json.loads(desk.coordinator("status", "calm", "--json").stdout)
    assert status["state"] == "finished" and status["workers"] == []
    assert [stage["pending"] for stage in status["stages"]] == [0, 0, 0, 0]
    text = desk.coordinator("status").stdout
    assert "data_filter" in text and "\x1b" not in text


def has_sealed(desk: Desk, run: str, chunks: int) -> bool:
    return desk.sealed(run, FIRST) >= chunks


def test_killed_workers_are_replaced(desk: Desk) -> None:
    with desk.started(*desk.run_arguments("storm")) as process:
        for sealed in (1, 3, 5):  # and some chunks are left for the last one to die at
            wait_for(partial(has_sealed, desk, "storm", sealed))
            wait_for(lambda: desk.claimed("storm") and worker_pids("storm"))
            kill(worker_pids("storm")[0])
        assert process.wait(30) == 3
    assert_same_as_calm(desk, "storm")
    deaths = (desk.root / "queues" / "storm" / "deaths.jsonl").read_text()
    assert deaths.count('"SIGKILL"') == 3 and '"counts":true' not in deaths


def test_a_killed_coordinator_takes_its_workers_along_and_is_resumed(desk: Desk) -> None:
    with desk.started(*desk.run_arguments("orphan")) as process:
        wait_for(lambda: desk.sealed("orphan", FIRST) >= 4 and worker_pids("orphan"))
        process.kill()
        process.wait()
        wait_for(lambda: not worker_pids("orphan"), seconds=5)
    assert desk.sealed("orphan", LAST) < desk.sealed("calm", LAST)
    assert desk.coordinator("resume", "orphan", "--workers", "3").returncode == 3
    assert_same_as_calm(desk, "orphan")


def test_a_second_coordinator_is_refused_and_ctrl_c_is_resumable(desk: Desk) -> None:
    with desk.started(*desk.run_arguments("polite")) as process:
        with desk.unfinishable("polite"):
            wait_for(lambda: desk.sealed("polite", FIRST) >= 2)
            second = desk.coordinator("resume", "polite")
            assert second.returncode == 1 and "run polite: another coordinator" in second.stderr
            asked = time.monotonic()
            process.send_signal(signal.SIGINT)
            text = process.communicate(timeout=10)[0]
            assert time.monotonic() - asked < 5
    assert process.returncode == 130 and "resume polite" in text
    assert not worker_pids("polite")
    assert not (desk.root / "queues" / "polite" / "results").exists()
    assert desk.coordinator("verify", "polite").returncode == 0
    assert desk.coordinator(*desk.run_arguments("polite", "--resume", "always")).returncode == 3
    assert_same_as_calm(desk, "polite")


def test_a_damaged_chunk_ends_the_run_once_all_else_is_done(desk: Desk) -> None:
    with desk.started(*desk.run_arguments("hurt")) as process, desk.unfinishable("hurt"):
        wait_for(lambda: desk.sealed("hurt", FIRST) >= 30)
        process.kill()
        process.wait()
        wait_for(lambda: not worker_pids("hurt"))
    folder = desk.root / "queues" / "hurt" / FIRST
    chunk = folder / "pending" / "chunk-000031.jsonl"
    whole = chunk.read_bytes()
    chunk.write_bytes(whole[:-1] + b"x\n")
    again = desk.coordinator("resume", "hurt")
    named = "chunk-000031.jsonl line 1: damaged"
    assert again.returncode == 1 and named in again.stderr and "then resume" in again.stderr
    assert "Traceback" not in again.stderr
    assert desk.sealed("hurt", FIRST) == 30
    for command in ("status", "verify"):
        assert named in desk.coordinator(command, "hurt").stdout
    assert desk.coordinator("verify", "hurt").returncode == 1
    (folder / "claimed" / "chunk-000031.jsonl").write_bytes(whole)
    assert desk.coordinator("resume", "hurt").returncode == 3
    assert_same_as_calm(desk, "hurt")


def test_retry_requeues_dead_letters(desk: Desk) -> None:
    before = desk.results("calm")
    retried = desk.coordinator("retry", "calm", "--stage", "data_filter")
    assert retried.returncode == 3
    assert "dead letters requeued: 17" in retried.stdout
    assert "not records, left as they are: 1" in retried.stdout
    assert list((desk.root / "queues" / "calm" / FIRST / "done").glob("*.r1.jsonl"))
    assert_same_as_calm(desk, "calm")
    assert desk.results("calm") == before


def test_resuming_a_finished_run_starts_no_worker(desk: Desk) -> None:
    logs = desk.root / "performance_logs" / "calm"
    before = desk.results("calm"), len(list(logs.glob("w*")))
    assert desk.coordinator("resume", "calm").returncode == 3
    assert (desk.results("calm"), len(list(logs.glob("w*")))) == before


def test_retry_is_advised_only_where_it_can_help(tmp_path: Path) -> None:
    other = Desk(tmp_path)
    lines = [json.dumps(security_record(n)) for n in (0, 2, 4)]
    (tmp_path / "input.jsonl").write_text("\n".join([*lines, "{damaged"]))
    ended = other.coordinator(*other.run_arguments("r"))
    assert ended.returncode == 3 and "python coordinator.py retry" not in ended.stdout
    assert "input that can't be read, where a retry won't help: repair it" in ended.stdout
    (tmp_path / "input.jsonl").write_text("\n".join([*lines, '{"id": 7}']))
    ended = other.coordinator(*other.run_arguments("s"))
    assert ended.returncode == 3 and "python coordinator.py retry s" in ended.stdout
    assert "a retry won't help" not in ended.stdout


def test_unlike_files_in_one_run_and_standard_input_resumed(tmp_path: Path) -> None:
    other = Desk(tmp_path)
    texts = [str(security_record(n)["text"]) for n in (0, 2, 4, 5)]
    folder = tmp_path / "downloads"
    folder.mkdir()
    (folder / "a.csv").write_text(f"id,description\n1,{texts[0].replace(',', '')}\n")
    (folder / "b.json").write_text(json.dumps({"items": [{"id": "N-1", "details": texts[1]}]}))
    (folder / "c.md").write_text(f"# Notes\n\n{texts[2]}\n")
    with zipfile.ZipFile(folder / "d.zip", "w") as archive:
        archive.writestr("e.txt", texts[3])
    plain = ["--disable-llm", "--workers", "1", "--stages", "data_filter"]
    assert other.coordinator("run", "-i", "downloads", "--run", "all", *plain).returncode == 0
    kept = [json.loads(line) for line in other.results("all")[f"{FIRST}.jsonl"].splitlines()]
    assert [record["text"].splitlines()[-1] for record in kept] == [
        texts[0].replace(",", ""),
        *texts[1:],
    ]
    piped = subprocess.run(
        other.command("run", "-i", "-", "--run", "piped", *plain),
        cwd=tmp_path,
        input=(folder / "b.json").read_text(),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert piped.returncode == 0, piped.stderr
    (folder / "b.json").unlink()
    assert other.coordinator("resume", "piped").returncode == 0
    assert json.loads(other.coordinator("verify", "piped", "--json").stdout)["ok"] is True
    refused = other.coordinator("run", "-i", "downloads/none.*", "--run", "x", *plain)
    assert refused.returncode == 1 and "no file matches" in refused.stderr
    assert not (tmp_path / "queues" / "x").exists()


def test_a_changed_input_is_refused(desk: Desk, tmp_path: Path) -> None:
    other = Desk(tmp_path)
    write_jsonl(tmp_path / "input.jsonl", [security_record(n) for n in range(1, 3)])
    assert other.coordinator(*other.run_arguments("r")).returncode == 0
    with (tmp_path / "input.jsonl").open("a") as lines:
        lines.write('{"text": "one more"}\n')
    refused = other.coordinator("resume", "r")
    assert refused.returncode == 1
    assert "input.jsonl: changed since the run was created" in refused.stderr


# The command line itself


@pytest.mark.timing
def test_help_is_quick_and_loads_no_model_library() -> None:
    code = (
        "import sys, coordinator\n"
        "try: coordinator.main(['--help'])\n"
        "except SystemExit: pass\n"
        "assert not {'mlx', 'rich', 'psutil', 'orjson'} & set(sys.modules), 'imported too early'\n"
    )
    best = 9.0
    for _ in range(8):  # other processes may be busy
        begun = time.monotonic()
        subprocess.run([sys.executable, "-c", code], cwd=PROJECT, check=True, capture_output=True)
        best = min(best, time.monotonic() - begun)
    assert best < 0.3


def test_coordinator_never_imports_mlx(desk: Desk) -> None:
    code = (
        "import sys, coordinator\n"
        "coordinator.main(['status', 'calm'])\n"
        "coordinator.main(['verify', 'calm'])\n"
        "import workers.control.assemble, workers.control.supervisor\n"
        "assert not [name for name in sys.modules if name.startswith('mlx')]\n"
    )
    environ = {**os.environ, "PYTHONPATH": str(PROJECT)}
    subprocess.run([sys.executable, "-c", code], cwd=desk.root, env=environ, check=True)


def test_every_command_has_help(capsys: pytest.CaptureFixture[str]) -> None:
    names = ("run", "resume", "status", "verify", "retry", "report", "selftest", "models")
    pages = {name: help_page(capsys, name, "--help") for name in names}
    main = help_page(capsys, "--help")
    for name, page in pages.items():
        [text] = re.findall(rf"^    {name} +(.+)$", main, re.MULTILINE)
        assert f"{text[0].upper()}{text[1:]}.\n" in page
        assert max(map(len, page.splitlines())) <= 100
    assert "Exit status: 0 finished" in main


def help_page(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    with pytest.raises(SystemExit) as stopped:
        coordinator.main(list(arguments))
    assert stopped.value.code == 0
    return capsys.readouterr().out


def test_the_version_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert help_page(capsys, "--version") == f"cyberllm-pool {version()}\n"
    for command in (add_worker, lend_machine, recipe):
        with pytest.raises(SystemExit, match="0"):
            command(["--version"])
        assert capsys.readouterr().out == f"cyberllm-pool {version()}\n"


def test_help_calls_the_program_by_the_name_that_it_was_called_by(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for called, shown in (("/usr/bin/cyberllm", "cyberllm"), ("/x/pytest", "coordinator.py")):
        monkeypatch.setattr(sys, "argv", [called])
        assert help_page(capsys, "status", "--help").startswith(f"usage: {shown} status")


def test_help_of_run_says_what_each_stage_does(capsys: pytest.CaptureFixture[str]) -> None:
    page = help_page(capsys, "run", "--help")
    for name in ALL_STAGES:
        assert stage_by_name(name).description in page
