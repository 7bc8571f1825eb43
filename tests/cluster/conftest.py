"""What tests of the cluster share: a run at home, and a machine that has it, without Dask."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.run_tools import security_record, write_jsonl
from workers.cluster.host import Host
from workers.cluster.hosted_run import Site
from workers.control.flow import Flow
from workers.control.intake import Intake
from workers.run.input_files import inspect_inputs
from workers.run.kept_recipe import chosen_recipe, keep_recipe
from workers.run.run_folder import RunFolder
from workers.run.versions import Versions
from workers.settings.values import build_config

STAGE = "2_data_filter"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunFolder:
    """A run by rules alone of 20 records in chunks of 4, split, with nothing processed."""
    monkeypatch.chdir(tmp_path)
    source = write_jsonl(tmp_path / "in.jsonl", [security_record(n) for n in range(20)])
    given = {"stages": (STAGE,), "chunk_size": 4, "disable_llm": True, "no_dedup": True}
    config = build_config({**given, "cluster": "tcp://127.0.0.1:1"})
    run = RunFolder.named("home")
    run.path.mkdir(parents=True)
    kept = keep_recipe(run, chosen_recipe(config))
    run.create(config, inspect_inputs([source]), versions=Versions.here(), recipe=kept)
    intake = Intake(run, Flow(run.queues).stages[0])
    while not intake.complete:
        intake.advance(1.0)
    return run


@pytest.fixture
def make_host(tmp_path: Path) -> Iterator[Callable[..., Host]]:
    """Makes hosts, which are closed at the end."""
    made: list[Host] = []

    def make(workers: int = 1, **environ: str) -> Host:
        scratch = tmp_path / f"machine-{len(made)}"
        scratch.mkdir()
        made.append(Host(Site(scratch, {**os.environ, **environ}, workers=workers)))
        return made[-1]

    yield make
    for host in made:
        host.close()


def until(holds: Callable[[], object], seconds: float = 30.0) -> None:
    """Wait for it, or fail."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it never came to hold"
        time.sleep(0.02)
