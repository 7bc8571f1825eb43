"""--recipe from the command line to the pairs, and what is refused before there is a run."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import coordinator
from stages.data_structurer.stage import DataStructurer
from tests.cli.test_commands import fails
from tests.run_tools import write_jsonl
from tests.stages.recipe.help import changed
from workers.cli import one_stage

FLAW = {
    "id": "CVE-2099-0001",
    "description": "A buffer overflow vulnerability in the parser of Foo before 2.0 allows remote"
    " attackers to execute arbitrary code. Update to version 2.0 to fix it.",
}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write_jsonl(tmp_path / "in.jsonl", [FLAW])
    return tmp_path


def run(*more: str) -> int:
    plain = ["run", "-i", "in.jsonl", "--run", "r", "--disable-llm", "--workers", "1"]
    return coordinator.main([*plain, "--stages", "data_structurer", *more])


def pairs(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [("max_echo: 0.7", "max_eco: 0.7", "own/bounds.yaml:14: no such key: max_eco; did you mean"),
     ("max_echo: 0.7", "max_echo: 7", "own/bounds.yaml:14: must be a number from 0 to 1")],
)  # fmt: skip
def test_what_is_wrong_is_one_line_before_there_is_a_run(
    here: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, said: str
) -> None:
    changed(here / "own", "bounds.yaml", old, new)
    given = ["run", "-i", "in.jsonl", "--disable-llm", "--recipe", "own"]
    status, message = fails(capsys, *given)
    assert status == 2 and message.startswith(f"error: {said}") and message.count("\n") == 1
    assert not (here / "queues").exists()
    with pytest.raises(SystemExit, match="2"):
        one_stage.main(DataStructurer, ["in.jsonl", "-o", "out.jsonl", "--recipe", "own"])
    assert capsys.readouterr().err.startswith(f"error: {said}")
    assert {path.name for path in here.iterdir()} == {"in.jsonl", "own"}


@pytest.mark.parametrize(
    ("given", "said"),
    [("none", "--recipe none: No such file or directory"),
     ("in.jsonl", "--recipe in.jsonl: Not a directory"), ("", "--recipe '': must not be empty")],
)  # fmt: skip
def test_what_is_no_folder_is_refused(
    here: Path, capsys: pytest.CaptureFixture[str], given: str, said: str
) -> None:
    status, message = fails(capsys, "run", "-i", "in.jsonl", "--recipe", given)
    assert (status, message) == (2, f"error: {said}\n")


def test_a_changed_question_is_asked_and_the_run_keeps_it(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = here / "own"
    changed(own, "questions.yaml", "What is {name}?", "Which flaw is {name}?")
    text = (own / "questions.yaml").read_text()
    text = text.replace("          - Describe {name}.\n", "", 1)
    (own / "questions.yaml").write_text(
        text.replace("          - Explain the vulnerability {name}.\n", "", 1)
    )
    assert run("--recipe", "own") == 0
    results = here / "queues" / "r" / "results" / "3_data_structurer.jsonl"
    assert pairs(results)[0]["instruction"] == "Which flaw is CVE-2099-0001?"
    shutil.rmtree(own)
    assert coordinator.main(["resume", "r"]) == 0
    assert coordinator.main(["verify", "r"]) == 0
    changed(own, "bounds.yaml", "max_echo: 0.7", "max_echo: 0.5")
    capsys.readouterr()
    given = ["run", "-i", "in.jsonl", "--run", "r", "--disable-llm", "--resume", "always"]
    status, message = fails(capsys, *given, "--stages", "data_structurer", "--recipe", "own")
    assert status == 2 and message.startswith("error: --recipe own: run r was created with another")


def test_a_stage_alone_goes_by_it_too(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changed(here / "own", "bounds.yaml", "min_new_words: 4", "min_new_words: 900")
    (here / "settings.yaml").write_text("recipe: own\ndisable_llm: true\n")
    with pytest.raises(SystemExit, match="0"):
        one_stage.main(DataStructurer, ["in.jsonl", "-o", "o.jsonl", "--config", "settings.yaml"])
    assert not pairs(here / "o.jsonl")
    [removed] = pairs(here / "o.removed.jsonl")
    assert removed["reason"] == "no pair passed the gates"
    given = ["in.jsonl", "-o", "p.jsonl", "--config", "settings.yaml", "--min-new-words", "4"]
    with pytest.raises(SystemExit, match="0"):
        one_stage.main(DataStructurer, given)
    assert pairs(here / "p.jsonl"), "a flag goes before the recipe"
