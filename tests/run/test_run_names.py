"""Names of runs: what is one, what a file's name becomes, and which runs there are."""

from __future__ import annotations

from pathlib import Path

import pytest

from workers.run.input_files import InputFile
from workers.run.run_folder import RunFolder
from workers.run.run_names import LONGEST, is_run_name, logs_root, name_from, queues_root, run_names
from workers.settings.config import RunConfig


def test_a_name_has_letters_digits_and_no_place_in_a_path() -> None:
    assert all(map(is_run_name, ("a", "9", "a-b_c.d", "x" * LONGEST)))
    assert not any(map(is_run_name, ("", ".", "..", ".a", "-a", "a/b", "a b", "é", "a\n")))
    assert not is_run_name("x" * (LONGEST + 1)) and not is_run_name("abc", 2)


def test_a_file_gives_a_name() -> None:
    assert name_from("raw data (1)", "run") == "raw-data-1"
    assert name_from("..hidden", "run") == "hidden"
    assert name_from("日本語", "run") == "run"
    assert len(name_from("x" * 99, "run")) == 40
    for text in ("raw data (1)", "..hidden", "日本語", "x" * 99):
        assert is_run_name(f"{name_from(text, 'run')}-20260101-101010")


def test_runs_are_listed_by_when_they_were_created(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CYBERLLM_QUEUES", str(tmp_path / "q"))
    monkeypatch.setenv("CYBERLLM_LOGS", "")
    assert (queues_root(), logs_root()) == (tmp_path / "q", Path("performance_logs"))
    assert run_names() == []
    for name in ("b", "a"):
        RunFolder.named(name).create(RunConfig(), [InputFile("/data/a.jsonl", 10, 5)])
    (tmp_path / "q" / "no run").mkdir()
    (tmp_path / "q" / "no run" / "run.json").touch()
    older = RunFolder.named("b").manifest_file
    older.write_text(older.read_text().replace('"created": "2', '"created": "1'))
    assert run_names() == ["b", "a"]
