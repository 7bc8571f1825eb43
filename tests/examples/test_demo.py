"""The demo's own parts; `make demo` is the test of the whole."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from examples import demo
from tests.dataset_help import finished_run, pair


def test_each_call_is_a_run_of_its_own() -> None:
    # Two calls at once differ by process, two calls of a recycled process id by time.
    assert re.fullmatch(rf"demo-\d{{8}}-\d{{6}}-{os.getpid()}", demo.parse([]).run)


def test_the_command_names_input_run_and_workers() -> None:
    made = demo.Demo("demo-1", 24, 3, 5)
    words = made.command()
    assert words[1:3] == ["coordinator.py", "run"]
    given = dict(zip(words[3::2], words[4::2], strict=True))
    assert given == {
        "-i": str(made.input_path),
        "--run": "demo-1",
        "--workers": "3",
        "--chunk-size": "5",
    }


def test_text_of_records_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    text = "\x1b[2J\x07\u202eabc\n\r\x9b31m"
    demo.show_pairs([{"type": text, "instruction": text, "response": text * 400}])
    printed = capsys.readouterr().out
    assert "abc" in printed
    assert all(letter == "\n" or letter.isprintable() for letter in printed)
    assert printed.count("\n") == 4
    assert max(map(len, printed.splitlines())) < demo.LONGEST_SHOWN + 20


@pytest.mark.parametrize(("number", "chosen"), [(0, []), (1, [0]), (2, [0, 1]), (9, [0, 4])])
def test_examples_come_from_the_start_and_the_middle(number: int, chosen: list[int]) -> None:
    pairs = [{"n": n} for n in range(number)]
    assert [pair["n"] for pair in demo.chosen_pairs(pairs)] == chosen


def test_examples_are_of_two_types_where_there_are_two() -> None:
    pairs = [{"n": n, "type": kind} for n, kind in enumerate("aaaaab")]
    assert [pair["n"] for pair in demo.chosen_pairs(pairs)] == [0, 5]


def test_interrupted_it_waits_for_the_coordinator_to_drain(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    child = (
        "import pathlib, signal, sys, time\n"
        "signal.signal(signal.SIGINT, lambda *_: (time.sleep(0.3), sys.exit(130)))\n"
        f"pathlib.Path({str(ready)!r}).touch()\n"
        "time.sleep(30)"
    )
    call = f"demo.passed_through([{sys.executable!r}, '-c', {child!r}])"
    code = f"from examples import demo; print({call})"
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=demo.ROOT,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    while not ready.exists():
        assert process.poll() is None
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)  # as Ctrl-C does: both get it
    assert process.communicate(timeout=10)[0] == "130\n"


def test_without_a_chunk_size_the_run_decides() -> None:
    assert "--chunk-size" not in demo.parse([]).command()


def test_the_run_becomes_a_dataset_with_its_card(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    finished_run(tmp_path, "demo-1", [pair(number) for number in range(12)])
    monkeypatch.setenv("CYBERLLM_QUEUES", str(tmp_path))
    monkeypatch.setattr(demo, "DATASET", tmp_path / "dataset")
    assert demo.assemble(demo.Demo("demo-1", 12, 1)) == 0
    said = capfd.readouterr().out
    assert "(12 pairs; its card is" in said
    assert "# Cybersecurity instruction dataset" in said
    assert "make finetune" in said
    assert (tmp_path / "dataset" / "valid.jsonl").is_file()
    assert demo.assemble(demo.Demo("nowhere", 12, 1)) == 2
