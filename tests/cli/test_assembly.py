"""`python -m stages.final_assembler`, as a person gives it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.dataset_help import finished_run, lines, pair, write_lines
from tests.in_process import Ran, run_here
from tests.stages.recipe.help import changed
from workers.cli.assembly import main

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture
def pairs(tmp_path: Path) -> Path:
    return write_lines(tmp_path / "own.jsonl", [pair(number) for number in range(30)])


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "stages.final_assembler", *map(str, arguments)]


def assembler(folder: Path, *arguments: object) -> Ran:
    """The command, to its end."""
    return run_here(main, [*map(str, arguments)], folder, CYBERLLM_QUEUES=str(folder))


def process(folder: Path, *arguments: object) -> subprocess.Popen[str]:
    """The same as a process of its own."""
    environ = {**os.environ, "PYTHONPATH": str(PROJECT), "CYBERLLM_QUEUES": str(folder)}
    return subprocess.Popen(
        command(*arguments),
        cwd=folder,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_runs_become_a_folder_that_datasets_opens(tmp_path: Path) -> None:
    finished_run(tmp_path, "first", [pair(number) for number in range(20)])
    finished_run(tmp_path, "second", [pair(number) for number in range(15, 30)])
    ran = process(tmp_path, "first", "second", "-o", "made", "--export", "messages,mlx,parquet")
    printed, said = ran.communicate(timeout=60)
    assert ran.returncode == 0, said
    assert "removed: duplicate                         5" in printed
    assert "dataset: made (30 pairs; its card is made/README.md)" in printed
    made = json.loads((tmp_path / "made" / "assembly.json").read_bytes())
    assert made["counts"]["kept"] == 30
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(".")) == []
    code = (
        "import datasets, sys\n"
        "for name in ('messages', 'mlx'):\n"
        "    found = datasets.load_dataset('made', name)\n"
        "    print(sorted(found), sum(map(len, found.values())))\n"
        "found = datasets.load_dataset('made/parquet')\n"
        "print(sorted(found), found['train'][0]['instruction'][:8], found['train'].num_rows)\n"
        "assert datasets.load_dataset('made')['train'][0]['messages'][0]['role'] == 'user'\n"
    )
    environ = {**os.environ, "HF_HOME": str(tmp_path / "hub"), "HF_HUB_OFFLINE": "1"}
    loaded = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environ, capture_output=True, text=True
    )
    assert loaded.returncode == 0, loaded.stderr
    sides = "['test', 'train', 'validation']"
    train = made["counts"]["sides"]["train"]
    assert loaded.stdout.splitlines() == [
        f"{sides} 30",
        f"{sides} 30",
        f"{sides} What is  {train}",
    ]


def test_a_dataset_of_ours_is_replaced_and_nothing_else(tmp_path: Path, pairs: Path) -> None:
    assert assembler(tmp_path, pairs, "-o", "made").returncode == 0
    again = assembler(tmp_path, pairs, "-o", "made", "--export", "alpaca")
    assert again.returncode == 0, again.stderr
    assert not (tmp_path / "made" / "train.jsonl").exists()
    (tmp_path / "made" / "adapters.safetensors").write_text("hours of work")
    refused = assembler(tmp_path, pairs, "-o", "made")
    assert refused.returncode == 2
    assert "made: adapters.safetensors is not part of the dataset" in refused.stderr
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.txt").write_text("years of work")
    refused = assembler(tmp_path, pairs, "-o", "full")
    assert refused.returncode == 2
    assert "full: is not empty, and not a dataset made by this command" in refused.stderr
    assert (tmp_path / "full" / "thesis.txt").read_text() == "years of work"
    (tmp_path / "link").symlink_to("full")
    assert "exists, and is not a folder" in assembler(tmp_path, pairs, "-o", "link").stderr
    assert "--ngram 0: must be from" in assembler(tmp_path, pairs, "-o", "m", "--ngram", "0").stderr


def test_one_that_fails_leaves_the_old_one(tmp_path: Path, pairs: Path) -> None:
    assert assembler(tmp_path, pairs, "-o", "made").returncode == 0
    before = (tmp_path / "made" / "assembly.json").read_bytes()
    pairs.write_bytes(pairs.read_bytes() + b"{")
    failed = assembler(tmp_path, pairs, "-o", "made")
    assert failed.returncode == 1
    assert "own.jsonl line 31: not valid JSON" in failed.stderr
    assert (tmp_path / "made" / "assembly.json").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["made", "own.jsonl"]


def test_one_that_is_killed_leaves_the_old_one_and_can_be_given_again(
    tmp_path: Path, pairs: Path
) -> None:
    assert assembler(tmp_path, pairs, "-o", "made").returncode == 0
    before = {path.name: path.read_bytes() for path in (tmp_path / "made").glob("*.*")}
    many = write_lines(tmp_path / "many.jsonl", [pair(number) for number in range(1200)])
    for seconds in (0.1, 0.4):
        killed = process(tmp_path, many, "-o", "made")
        until = time.monotonic() + 20
        while not list(tmp_path.glob(".made.new/*")) and time.monotonic() < until:
            time.sleep(0.01)
        time.sleep(seconds)
        killed.send_signal(signal.SIGKILL)
        killed.communicate()
        assert killed.returncode == -signal.SIGKILL
        assert {p.name: p.read_bytes() for p in (tmp_path / "made").glob("*.*")} == before
    assert assembler(tmp_path, pairs, "-o", "made", "--export", "mlx").returncode == 0
    assert not (tmp_path / "made" / "messages").exists()
    assert not [path.name for path in tmp_path.iterdir() if path.name.startswith(".")]
    assert not (tmp_path / "made" / "work").exists()


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["nowhere", "-o", "made"], 2, "run nowhere: not found"),
        (["own.jsonl"], 2, "-o/--output"),
        (["own.jsonl", "-o", "made", "--export", "xml"], 2, "--export xml: no such export"),
        (["own.jsonl", "-o", "made", "--split", "9/9/9"], 2, "--split 9/9/9: must be percentages"),
        (["own.jsonl", "-o", "made", "--cap", "kind=10%"], 1, "only 1 different values of kind"),
        (["own.jsonl", "-o", "made", "--sheet", "own.jsonl"], 2, "--sheet own.jsonl: no pairs"),
        (["own.jsonl", "-o", "made", "--decontaminate", "none.csv"], 1, "none.csv: No such file"),
        (["own.jsonl", "-o", "made", "--config", "none.yaml"], 2, "none.yaml: No such file"),
        (["own.jsonl", "-o", "made", "--expot", "mlx"], 2, "did you mean --export?"),
    ],
)
def test_what_can_not_be_done_is_one_line(
    tmp_path: Path, pairs: Path, arguments: list[str], status: int, message: str
) -> None:
    ran = assembler(tmp_path, *arguments)
    assert (ran.returncode, ran.stdout) == (status, "")
    assert message in ran.stderr
    assert ran.stderr.count("\n") == 1
    assert not (tmp_path / "made").exists()


def test_options_may_stand_in_a_file_and_the_command_line_wins(tmp_path: Path, pairs: Path) -> None:
    (tmp_path / "how.yaml").write_text(
        "export: [alpaca, mlx]\ncap: {domain: 5}\nsplit: 80/10/10\nsystem: Be brief.\nngram: 8\n"
    )
    ran = assembler(tmp_path, pairs, "-o", "made", "--config", "how.yaml", "--export", "alpaca")
    assert ran.returncode == 0, ran.stderr
    said = json.loads((tmp_path / "made" / "assembly.json").read_bytes())["options"]
    assert said["exports"] == ["alpaca"]
    assert (said["caps"], said["shares"], said["run"]) == (["domain=5"], "80/10/10", 8)
    assert lines(tmp_path / "made" / "alpaca" / "train.jsonl")[0]["system"] == "Be brief."


def test_benchmarks_come_in_any_format(tmp_path: Path, pairs: Path) -> None:
    said = pair(4)["response"]
    (tmp_path / "bench.csv").write_text(f'question,answer\n"Is it so: {said[:80]} or?",no\n')
    ran = assembler(tmp_path, pairs, "-o", "made", "--decontaminate", "bench.csv", "--ngram", "10")
    assert ran.returncode == 0, ran.stderr
    assert "removed: shares words with a benchmark       1" in ran.stdout
    removed = lines(tmp_path / "made" / "removed.jsonl")
    assert [line["record"]["response"] for line in removed] == [said]


def test_pairs_of_a_file_are_judged_by_the_recipe_that_is_named(
    tmp_path: Path, pairs: Path
) -> None:
    """Who has made them by bounds of their own would lose them in the last step."""
    folder = tmp_path / "recipe"
    changed(folder, "bounds.yaml", "min_new_words: 4", "min_new_words: 100")
    none = assembler(tmp_path, pairs, "-o", "made", "--recipe", folder)
    assert none.returncode == 1 and "says little more" in none.stderr
    unknown = assembler(tmp_path, pairs, "-o", "made", "--recipe", tmp_path / "none")
    assert unknown.returncode == 2 and "--recipe" in unknown.stderr
