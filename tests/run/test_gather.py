"""From what a person names to input files: folders, patterns, standard input."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from stages.sources.document import AUTOMATIC
from workers.core.errors import InputError
from workers.run.gather import expand, forget, gather
from workers.run.run_folder import RunFolder
from workers.settings.values import build_config

LINE = b'{"text": "A worm."}\n'


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("d/b.jsonl", "d/a.jsonl", "d/sub/c.jsonl", "d/.hidden", "d/.git/x.jsonl"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(LINE)
    (tmp_path / "empty").mkdir()
    return tmp_path


def names(*paths: str) -> list[str]:
    return [os.path.relpath(file.path) for file in expand([Path(path) for path in paths])]


def test_folders_in_the_order_of_names_without_hidden_files(tree: Path) -> None:
    assert names("d") == ["d/a.jsonl", "d/b.jsonl", "d/sub/c.jsonl"]
    assert [file.shown for file in expand([Path("d")])] == [
        "d/a.jsonl",
        "d/b.jsonl",
        "d/sub/c.jsonl",
    ]


def test_patterns_and_plain_files(tree: Path) -> None:
    assert names("d/*.jsonl") == ["d/a.jsonl", "d/b.jsonl"]
    assert names("d/**/*.jsonl") == ["d/a.jsonl", "d/b.jsonl", "d/sub/c.jsonl"]
    assert names("d/b.jsonl", "d/a.jsonl") == ["d/b.jsonl", "d/a.jsonl"]
    (tree / "odd[1].jsonl").write_bytes(LINE)
    assert names("odd[1].jsonl") == ["odd[1].jsonl"]
    for path, problem in (("d/*.csv", "no file matches"), ("empty", "no files in this folder")):
        with pytest.raises(InputError, match=problem):
            names(path)


def test_runs_and_logs_below_a_folder_are_no_input(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever works in the folder of the input would process what came out of it."""
    monkeypatch.setenv("CYBERLLM_LOGS", "d/logs")
    RunFolder(tree / "d" / "out.work").create(build_config({"disable_llm": True}), [])
    (tree / "d" / "logs").mkdir()
    for place in ("queues/r/results", "d/out.work", "d/logs"):
        (tree / place).mkdir(parents=True, exist_ok=True)
        (tree / place / "a.jsonl").write_bytes(LINE)
    assert names(".") == names("d") == ["d/a.jsonl", "d/b.jsonl", "d/sub/c.jsonl"]
    (tree / "d" / "sub" / "run.json").write_bytes(LINE)
    assert "d/sub/run.json" in names("d"), "that name alone makes no run"
    assert names("queues/r/results") == ["queues/r/results/a.jsonl"], "what is named is taken"


def test_standard_input_is_named_once_and_where_it_is_read(tree: Path) -> None:
    run = RunFolder(tree / "queues" / "r")
    with pytest.raises(InputError, match="can be read only once"):
        gather(run, [Path("-"), Path("d"), Path("-")], AUTOMATIC, io.BytesIO(LINE))
    assert not run.path.exists()
    with pytest.raises(InputError, match="standard input is not read here"):
        names("-")


def test_standard_input_is_kept_in_the_run(tree: Path) -> None:
    run = RunFolder(tree / "queues" / "r")
    (found,) = gather(run, [Path("-")], AUTOMATIC, io.BytesIO(LINE * 3))
    assert (found.shown, found.size) == ("standard input", 3 * len(LINE))
    assert Path(found.path).read_bytes() == LINE * 3
    run.create(build_config({"disable_llm": True}), [found])
    again = gather(RunFolder(run.path), [Path("-")], AUTOMATIC, io.BytesIO(b"other"))
    assert again == [found]
    forget(run)
    assert Path(found.path).exists()


def test_standard_input_that_is_refused_leaves_no_folder(tree: Path) -> None:
    run = RunFolder(tree / "queues" / "r")
    with pytest.raises(InputError, match="standard input: looks like binary data"):
        gather(run, [Path("-")], AUTOMATIC, io.BytesIO(bytes(range(256)) * 9))
    assert not run.path.exists()
