"""The example runs by itself, from anywhere, and leaves only what it is asked to."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import orjson

from tests.run_tools import PROJECT

EXAMPLE = PROJECT / "examples" / "example_with_performance.py"


def test_it_runs_and_shows_its_figures(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(EXAMPLE), "--logs", "mine"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 0, done.stderr
    assert "classify        5      5" in done.stdout and "PermissionError" in done.stdout
    summary = orjson.loads((tmp_path / "mine" / "my-stages.summary.json").read_bytes())
    assert summary["stages"]["parse"]["work_items"] == 6
    assert summary["events"] == {"alarm": 1}
    assert {path.name for path in tmp_path.iterdir()} == {"mine"}
