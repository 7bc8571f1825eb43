"""A share of the fault matrix, made for real: what `make faults` makes by the thousand."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults import syscalls
from tests.faults.rig import PROJECT
from tests.faults.rows import ROWS
from tests.faults.sabotage import SABOTAGES, Sabotage

SHARED = [row for row in ROWS if row.share]


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> dict[int, str]:
    """Two harnesses side by side, for most rows wait more than they work.

    Rows about system calls are in one of them, as they walk the same calls.
    """
    calls = {row.number for row in SHARED if row.inject.__module__ == syscalls.__name__}
    others = [row.number for row in SHARED if row.number not in calls]
    started = []
    for half in ([*calls, *others[: len(others) // 3]], others[len(others) // 3 :]):
        rows = ",".join(map(str, half))
        folder = tmp_path_factory.mktemp("faults")
        line = [sys.executable, "-m", "tests.faults", "--share", "--rows", rows]
        started.append(
            subprocess.Popen(
                [*line, "--scratch", str(folder)], cwd=PROJECT, stdout=subprocess.PIPE, text=True
            )
        )
    texts = [process.communicate(timeout=600)[0] for process in started]
    print("\n".join(texts))
    cells = [line.strip("| \n").split(" | ") for text in texts for line in text.splitlines()]
    return {
        int(cell[0]): cell[-1] for cell in cells if cell[0].isdecimal() and cell[-1] != "not run"
    }


@pytest.mark.parametrize("number", [row.number for row in SHARED])
def test_nothing_is_lost(verdicts: dict[int, str], number: int) -> None:
    verdict = verdicts[number]
    if verdict.startswith("skipped"):
        pytest.skip(verdict)
    assert verdict.startswith("ok")


def test_every_row_of_the_matrix_is_built() -> None:
    assert [row.number for row in ROWS] == list(range(1, 48))


@pytest.mark.parametrize("sabotage", SABOTAGES, ids=lambda sabotage: sabotage.what)
def test_a_broken_queue_is_noticed(sabotage: Sabotage, tmp_path: Path) -> None:
    # In a process of its own: the mounts are made in a namespace that it takes along.
    line = [sys.executable, "-m", "tests.faults", "--broken", sabotage.what]
    ended = subprocess.run(
        [*line, "--scratch", str(tmp_path)], cwd=PROJECT, capture_output=True, text=True
    )
    if "skipped: " in ended.stdout:
        pytest.skip(ended.stdout)
    assert ended.returncode == 0, ended.stdout + ended.stderr
