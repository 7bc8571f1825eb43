"""Working on a run to its end: what the terminal and the log are told, and the exit status."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.run_tools import security_record, write_jsonl
from workers.cli.work import work
from workers.core.exit_status import ExitStatus
from workers.observe.status import RunStatus
from workers.run.input_files import inspect_inputs
from workers.run.run_folder import RunFolder
from workers.settings.values import build_config


def make_run(root: Path, records: range, **values: object) -> RunFolder:
    config = build_config({"disable_llm": True, "workers": 1, **values})
    source = write_jsonl(root / "in.jsonl", [security_record(number) for number in records])
    return RunFolder.named("r").create(config, inspect_inputs([source]))


class Seen:
    """A dashboard that keeps the states."""

    def __init__(self) -> None:
        self.states: list[str] = []

    def update(self, status: RunStatus) -> None:
        self.states.append(str(status.state))

    def say(self, message: str) -> None:
        pass


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def finish(run: RunFolder, seen: Seen) -> ExitStatus:
    with run.lock_coordinator():
        return work(run, run.config, [seen])


def test_a_run_without_dead_letters(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    seen = Seen()
    assert finish(make_run(root, range(3)), seen) == ExitStatus.FINISHED
    out = capsys.readouterr().out
    assert out.startswith("run r\n") and "dead letters" not in out
    assert "records processed in all stages" in out
    assert "dataset: queues/r/results/6_security_aligner.jsonl" in out
    assert seen.states[0] == "running" and seen.states[-1] == "finished"
    assert "speculation" not in out


def test_a_run_needs_no_logs(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CYBERLLM_LOGS", str(root / "in.jsonl" / "logs"))  # no folder can be there
    assert finish(make_run(root, range(3)), Seen()) == ExitStatus.FINISHED


def test_dead_letters_say_how_to_requeue_them(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert finish(make_run(root, range(4)), Seen()) == ExitStatus.DEAD_LETTERS
    out = capsys.readouterr().out
    assert "1 dead letter in queues/r/results/failed.jsonl" in out
    assert "requeue them with: python coordinator.py retry r" in out
    assert "data_filter: 1 x " in out


def test_what_speculation_does_is_said_and_logged(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    finish(make_run(root, range(2), enable_speculative=True), Seen())
    [line] = [line for line in capsys.readouterr().out.splitlines() if "speculative" in line]
    logged = [
        json.loads(text)
        for path in (root / "performance_logs" / "r").glob("coordinator-*.jsonl")
        for text in path.read_text().splitlines()
    ]
    assert line in [entry.get("text") for entry in logged]
