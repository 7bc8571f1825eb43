"""The coordinator's commands: wrong use is one line and leaves nothing behind."""

from __future__ import annotations

import json
import shutil
import socket
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

import coordinator
from tests.run_tools import Desk, write_jsonl
from workers.cli import selftest
from workers.generation.model.load import LoadedModel
from workers.run import speculation


def fails(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    try:
        status = coordinator.main(list(arguments))
    except SystemExit as error:
        status = int(error.code or 0)
    return status, capsys.readouterr().err


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write_jsonl(tmp_path / "in.jsonl", [{"text": "one"}])
    return tmp_path


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a finished run `r`."""
    folder = tmp_path_factory.mktemp("finished")
    write_jsonl(folder / "in.jsonl", [{"text": "one"}])
    plain = ("--disable-llm", "--workers", "1")
    ended = Desk(folder).coordinator("run", "-i", "in.jsonl", "--run", "r", *plain)
    assert ended.returncode == 0, ended.stderr
    return folder


@pytest.fixture
def done(finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, to be changed; its input is where it was."""
    monkeypatch.chdir(shutil.copytree(finished, tmp_path / "copy"))
    return Path.cwd()


@pytest.mark.parametrize(
    ("flags", "named"),
    [
        (["--batch-size", "0"], "--batch-size 0: must be from 1 to 1024"),
        (["--batch-size", "many"], "--batch-size many: must be a whole number"),
        (["--kv-bits", "3"], "--kv-bits 3: must be 4 or 8"),
        (["--limit", "99999999999999999999"], "--limit 99999999999999999999: must be 1 or more"),
        (["--worker-timeout", "inf"], "--worker-timeout inf: must be 1 or more"),
        (["--model", ""], "--model '': must not be empty"),
        (["--stages", "9_magic"], "--stages 9_magic: no stage"),
        (["--ratio", "1.5"], "--ratio 1.5: must be a number from 0 to 1"),
        (["--resume", "perhaps"], "--resume"),
        (["--resume", "always"], "--resume always: name the run with --run NAME"),
        (["--resume", "always", "--run", "new"], "--resume always: there is no run new"),
        (["--no-such-flag"], "--no-such-flag: no such option"),
        (["--batchsize", "3"], "did you mean --batch-size?"),
        (["--run", "../up"], "'../up': must be a name, not a path"),
        (["--draft-model", "x"], "--draft-model: needs --enable-speculative"),
        (["--config", "none.yaml"], "--config none.yaml: No such file"),
        (["--prometheus-port", "70000"], "must be from 1 to 65535"),
    ],
)
def test_wrong_flags_are_named(
    empty: Path, capsys: pytest.CaptureFixture[str], flags: list[str], named: str
) -> None:
    status, message = fails(capsys, "run", "-i", "in.jsonl", "--disable-llm", *flags)
    assert status == 2 and named in message
    assert not (empty / "queues").exists()


@pytest.mark.parametrize(
    ("arguments", "status", "part"),
    [
        (["run", "-i", "none.jsonl"], 1, "none.jsonl: No such file"),
        (["run", "-i", "folder"], 1, "folder: "),
        (["run", "-i", "in.jsonl", "--model", "./none"], 1, "model ./none"),
        (["resume", "none"], 2, "run none: not found"),
        (["resume", "a/b"], 2, "run name 'a/b': must be a name, not a path"),
        (["verify", "none"], 2, "run none: not found"),
        (["retry", "none"], 2, "run none: not found"),
        (["status"], 2, "no runs in queues; start one with `python coordinator.py run -i FILE`"),
        (["report"], 2, "no runs in"),
        (["report", "none"], 2, "; runs there: none"),
        ([], 2, "COMMAND"),
        (["frob"], 2, "choose from"),
        (["verify", "a", "b"], 2, "b: no such argument (more: coordinator.py verify --help)"),
        (["run"], 2, "required: -i/--input (more: coordinator.py run --help)"),
        (
            ["run", "-i", "empty.jsonl"],
            1,
            "no records in empty.jsonl: there is nothing to read in it",
        ),
        (
            ["run", "-i", "in.jsonl", "--stages", "data_filter,tests.own_stages:Asking"],
            *(2, "stage tests.own_stages.Asking: its question 'relevance' has the name of another"),
        ),
        (
            ["run", "-i", "in.jsonl", "--stages", "data_filter,security_aligner"],
            *(2, "stage security_aligner: takes pairs of instruction and response, but the first"),
        ),
        (["selftest", "--model", "./none"], 1, "model ./none"),
        (["selftest", "--model", "./none", "--draft-model", "./no"], 1, "model ./none"),
        (["selftest", "--test", "speed"], 2, "--test"),
        (["models", "sell"], 2, "choose from"),
        (["models", "fetch", "gpt-9"], 2, "only smollm2-135m-instruct and gemma3-270m"),
        (["models", "fetch", "gemma3-270m"], 2, "repeat with --accept-license"),
    ],
)
def test_errors_are_one_line(
    empty: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    status: int,
    part: str,
) -> None:
    (empty / "empty.jsonl").touch()
    (empty / "folder").mkdir()
    found, message = fails(capsys, *arguments)
    assert found == status and part in message and "Traceback" not in message
    assert message.startswith("error: ") and message.count("\n") == 1
    assert not (empty / "queues").exists()


def test_a_file_in_the_place_of_a_run_is_refused(
    empty: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (empty / "queues").mkdir()
    (empty / "queues" / "r").touch()
    status, message = fails(capsys, "run", "-i", "in.jsonl", "--disable-llm", "--run", "r")
    assert status == 2 and "queues/r: not a folder" in message


def test_a_run_of_that_name_is_not_overwritten(
    finished: Path, done: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    again = ["run", "-i", str(finished / "in.jsonl"), "--disable-llm", "--run", "r"]
    status, message = fails(capsys, *again)
    assert status == 2 and "run r: already exists; use `resume r`" in message
    for flags, named in ((["--seed", "7"], "--seed 7: "), (["--ratio", "0.7"], "--ratio 0.7: ")):
        status, message = fails(capsys, *again, "--resume", "if_possible", *flags)
        assert status == 2 and named in message
    assert fails(capsys, *again, "--resume", "if_possible")[0] == 0


def test_a_wrong_number_of_workers_is_refused_on_resume(
    done: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in ("resume", "retry"):
        status, message = fails(capsys, command, "r", "--workers", "0")
        assert status == 2 and "--workers 0: must be from 1 to 256" in message


def test_retry_refuses_a_stage_that_the_run_has_not(
    done: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, message = fails(capsys, "retry", "r", "--stage", "magic")
    assert status == 2 and "--stage magic" in message


def test_a_dashboard_that_cannot_be_had_leaves_no_run(
    empty: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        flags = ["--prometheus-port", str(taken.getsockname()[1])]
        status, message = fails(capsys, "run", "-i", "in.jsonl", "--disable-llm", *flags)
    assert status == 2 and flags[1] in message
    assert not (empty / "queues").exists()


def test_a_dashboard_gets_the_run(done: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert coordinator.main(["resume", "r", "--prometheus-file", "r.prom"]) == 0
    assert 'run="r"' in (done / "r.prom").read_text()


def test_the_newest_run_is_the_default(done: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for command in (["status"], ["report"]):
        assert coordinator.main(command) == 0
        assert "data_filter" in capsys.readouterr().out
    assert (done / "performance_logs" / "r" / "report.html").is_file()


def test_verify_for_scripts(done: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert coordinator.main(["verify", "r", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["ok"] is True


def test_settings_of_the_environment_count_for_selftest_too(
    empty: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CYBERLLM_MODEL", "./elsewhere")
    status, message = fails(capsys, "selftest")
    assert status == 1 and "model ./elsewhere" in message


def test_selftest_tests_the_model_here_whatever_server_runs_ask(
    empty: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CYBERLLM_ENDPOINT", "http://127.0.0.1:9/v1")
    status, message = fails(capsys, "selftest", "--model", "./none")
    assert status == 1 and "model ./none" in message


def test_selftest_tries_the_draft_model_that_a_run_would_take(
    empty: Path, monkeypatch: pytest.MonkeyPatch, tiny_model: Path
) -> None:
    """Also one of the model's own family, which nobody named."""
    tried: list[LoadedModel | None] = []

    class Noting(selftest.Selftest):
        def __init__(self, loaded: LoadedModel, draft: LoadedModel | None, **more: Any) -> None:
            super().__init__(loaded, draft, **more)
            assert loaded.fingerprint, "its trial would be made again in every round"
            tried.append(draft)

        def run(self, tests: Sequence[str] = ()) -> list[selftest.Check]:
            return []

    monkeypatch.setattr(selftest, "Selftest", Noting)
    monkeypatch.setattr(speculation, "family_draft", lambda *_: ("small", tiny_model))
    for test in ("all", "batch"):  # which needs no draft model
        assert coordinator.main(["selftest", "--model", str(tiny_model), "--test", test]) == 0
    assert [draft and draft.path for draft in tried] == [tiny_model, None]


def test_models_are_listed(
    empty: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CYBERLLM_CACHE_DIR", str(empty / "cache"))
    monkeypatch.setenv("HF_HOME", str(empty / "hf"))
    assert coordinator.main(["models"]) == 0
    assert "default, not fetched yet" in capsys.readouterr().out
