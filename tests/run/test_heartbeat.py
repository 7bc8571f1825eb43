"""A heartbeat comes back as it was written, and nothing else passes for one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from workers.generation.steps import Step
from workers.run.heartbeat import Heartbeat, WorkerState, read_heartbeat, write_heartbeat

BEAT = Heartbeat(
    worker="w1-0",
    role="batch",
    pid=7,
    state=WorkerState.WORKING,
    stage="2_data_filter",
    chunk="chunk-000001",
    progress=5,
    results=3,
    proved=True,
    batch_size=32,
    rss_mb=700,
    time=1.5,
    beats=9,
    damaged={"2_data_filter/chunk-000002": "line 1: damaged"},
    steps=("compiling own_rows.c for this processor",),
)


def test_what_was_written_is_read(tmp_path: Path) -> None:
    write_heartbeat(tmp_path / "w.json", BEAT)
    assert read_heartbeat(tmp_path / "w.json") == BEAT


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", "{}", '{"worker": "w1-0", "role": "batch", "pid": 1}']
)
def test_anything_else_is_no_heartbeat(tmp_path: Path, text: str) -> None:
    (tmp_path / "w.json").write_text(text)
    assert read_heartbeat(tmp_path / "w.json") is None


@pytest.mark.parametrize(
    ("name", "value"), [("state", "happy"), ("pid", "x"), ("beats", None), ("damaged", [1])]
)
def test_a_field_of_another_type_is_none_either(tmp_path: Path, name: str, value: object) -> None:
    write_heartbeat(tmp_path / "w.json", BEAT)
    values = json.loads((tmp_path / "w.json").read_text())
    (tmp_path / "w.json").write_text(json.dumps({**values, name: value}))
    assert read_heartbeat(tmp_path / "w.json") is None


def test_no_file_is_no_heartbeat(tmp_path: Path) -> None:
    assert read_heartbeat(tmp_path / "w.json") is None


@pytest.mark.parametrize("state", WorkerState)
def test_ready_is_who_takes_chunks(state: WorkerState) -> None:
    able = (WorkerState.WORKING, WorkerState.IDLE, WorkerState.PAUSED, WorkerState.DRAINING)
    assert Heartbeat("w", "batch", 1, state).is_ready is (state in able)


def test_the_engines_steps_of_preparation_are_states() -> None:
    assert all(WorkerState(step.value) for step in Step)
