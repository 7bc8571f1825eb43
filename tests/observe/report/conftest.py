"""The run that the report's tests read."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.observe.report.made_logs import made_run
from workers.observe.report.figures import RunFigures, read_run
from workers.run.run_folder import RunFolder


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunFolder:
    """The run of `made_run`, in a folder of the test's own."""
    monkeypatch.setenv("CYBERLLM_LOGS", str(tmp_path / "logs"))
    return made_run(tmp_path)


@pytest.fixture
def figures(run: RunFolder) -> RunFigures:
    """The figures of that run."""
    return read_run(run)
