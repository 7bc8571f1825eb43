"""The input is cut a slice at a time, and may be cut again after any break."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from tests.run_tools import STAGES, make_run, numbered, publish_all, work_off, write_jsonl
from workers.control.flow import Flow
from workers.control.intake import Intake
from workers.core import files
from workers.queue.chunk_paths import ChunkState
from workers.run.input_files import inspect_inputs
from workers.run.manifest import SplitState
from workers.run.run_folder import RunFolder
from workers.run.splitter import Splitter
from workers.settings.values import build_config


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    """Of 30 records, nothing split yet; the manifest says that a chunk has seven."""
    source = write_jsonl(tmp_path / "input.jsonl", numbered(30))
    config = build_config({"stages": STAGES, "disable_llm": True})
    run = RunFolder(tmp_path / "queues" / "test")
    return run.create(config, inspect_inputs([source]), split=SplitState(chunk_size=7))


def intake_of(run: RunFolder) -> Intake:
    flow = Flow(run.queues)
    flow.scan()
    return Intake(run, flow.stages[0])


def test_chunks_have_the_size_of_the_manifest_which_it_keeps(run: RunFolder) -> None:
    intake = intake_of(run)
    while intake.advance(1.0):
        pass
    assert intake.complete and intake.records == 30
    assert run.manifest.split == SplitState(True, 30, 5, 7)
    assert run.manifest.inputs[0].sha256
    assert run.queues[0].names(ChunkState.PENDING) == [f"chunk-{n:06}" for n in range(1, 6)]


def test_without_time_it_does_nothing(run: RunFolder) -> None:
    intake = intake_of(run)
    assert intake.advance(0.0) is False and intake.records == 0
    assert not run.queues[0].names(ChunkState.PENDING)


def test_a_chunk_that_found_no_room_goes_first_next_time(
    run: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(fd: int, data: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    intake = intake_of(run)
    with monkeypatch.context() as disk:
        disk.setattr(files, "write_all", full)
        with pytest.raises(OSError):
            intake.advance(1.0)
    while not intake.complete:
        intake.advance(1.0)
    assert run.manifest.split.records == 30
    assert len(run.queues[0].names(ChunkState.PENDING)) == 5


def test_after_an_error_while_it_reads_nothing_is_left_out(
    run: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when there is no room to unpack a file: the split goes on once there is."""
    real = Splitter._envelope_lines

    def full(splitter: Splitter) -> Iterator[bytes]:
        yield from islice(real(splitter), 17)
        raise OSError(errno.ENOSPC, "No space left on device")

    intake = intake_of(run)
    with monkeypatch.context() as disk:
        disk.setattr(Splitter, "_envelope_lines", full)
        for _ in range(2):
            with pytest.raises(OSError):
                intake.advance(1.0)
    assert not intake.complete
    while not intake.complete:
        intake.advance(1.0)
    assert run.manifest.split == SplitState(True, 30, 5, 7)
    assert len(run.queues[0].names(ChunkState.PENDING)) == 5


def test_a_resumed_split_skips_what_exists(tmp_path: Path) -> None:
    run = make_run(tmp_path, numbered(30))
    work_off(run.queues[0])
    run.update(split=type(run.manifest.split)())
    flow = publish_all(run)
    assert run.queues[0].names(ChunkState.PENDING) == []
    assert run.manifest.split.records == 30
    assert flow.stages[0].ends.results == 30
