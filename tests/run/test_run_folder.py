"""A run's folder: its name, its manifest, its paths, and what it refuses to be."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from stages.base import Result
from tests.run_tools import make_run as make_split_run
from workers.core.errors import QueueError, UsageError
from workers.queue.deaths import Death
from workers.queue.locks import KernelLock
from workers.run import run_folder as module
from workers.run.input_files import InputFile
from workers.run.manifest import SplitState
from workers.run.run_folder import RunFolder
from workers.run.run_model import TARGET, RunModel
from workers.run.versions import Versions
from workers.settings.config import RunConfig

INPUTS = [InputFile("/data/a.jsonl", 10, 5)]
CONFIG = RunConfig(batch_size=7, stages=("2_data_filter", "6_security_aligner"))


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunFolder:
    monkeypatch.setenv("CYBERLLM_QUEUES", str(tmp_path / "queues"))
    return RunFolder.named("r1").create(
        CONFIG, INPUTS, {TARGET: RunModel("m", sha256="ab")}, Versions("1.0", packages={"mlx": "1"})
    )


def test_manifest_comes_back_as_it_was(run: RunFolder) -> None:
    opened = RunFolder(run.path).open()
    assert opened.manifest == run.manifest
    assert opened.config == CONFIG
    split = SplitState(complete=True, records=3, chunks=1)
    run.update(split=split, inputs=(InputFile("/data/a.jsonl", 10, 5, "ab"),))
    reread = RunFolder(run.path).open().manifest
    assert (reread.split, reread.inputs[0].sha256) == (split, "ab")
    assert [queue.name for queue in opened.queues] == list(CONFIG.stages)
    assert opened.queue("2_data_filter") is opened.queues[0]
    with pytest.raises(UsageError, match="3_data_structurer"):
        opened.queue("3_data_structurer")


def test_a_run_is_made_once(run: RunFolder) -> None:
    with pytest.raises(UsageError, match="already exists"):
        RunFolder(run.path).create(CONFIG, INPUTS)
    with pytest.raises(UsageError, match="not found"):
        RunFolder.named("r2").open()


def test_a_run_half_made_is_made_again(run: RunFolder) -> None:
    run.manifest_file.unlink()
    assert RunFolder(run.path).create(CONFIG, INPUTS).exists()


@pytest.mark.parametrize(
    "name", ["", ".", "..", ".hidden", "a/b", "../x", "/tmp/x", "a b", "é", "a\n", "a" * 65, "x/"]
)
def test_bad_names_are_refused(name: str) -> None:
    with pytest.raises(UsageError, match="run name"):
        RunFolder.named(name)


def test_links_and_other_peoples_folders_are_refused(
    run: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = run.path.with_name("link")
    link.symlink_to(run.path)
    with pytest.raises(QueueError, match="symbolic link"):
        RunFolder(link).open()
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    with pytest.raises(QueueError, match="belongs to user"):
        RunFolder(run.path).open()


def test_a_file_system_without_locks_is_refused(
    run: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.run.filesystems.flock_now", lambda fd: True)
    with pytest.raises(QueueError, match="have no effect"):
        RunFolder.named("r2").create(CONFIG, INPUTS)
    assert not RunFolder.named("r2").exists()


def test_recover_cleans_the_whole_run(run: RunFolder) -> None:
    queue = run.queues[0]
    queue.publish("chunk-000001", [{"id": "0:1", "record": {}}])
    drafts = [
        run.path / ".run.json.tmp",
        run.workers_dir / ".w1.json.tmp",
        queue.folder / "pending" / ".chunk-000002.jsonl.tmp",
        queue.folder / "done" / ".chunk-000003.jsonl.tmp",
        queue.folder / "failed" / ".chunk-000003.jsonl.tmp",
    ]
    for draft in drafts:
        draft.write_bytes(b"half")
    stray = queue.folder / "claimed" / "chunk-000009.journal"
    stray.write_bytes(b"")
    said = run.recover()
    assert len(said) == len(drafts) + 1
    assert not any(path.exists() for path in [*drafts, stray])
    assert run.recover() == []
    chunk = queue.claim("w1")
    assert chunk is not None
    chunk.record("0:1", Result({}))
    chunk.seal()


def test_deaths_and_paths(run: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    death = Death("w1-00", 5, "SIGSEGV", True)
    run.add_death(death)
    assert run.deaths() == {"w1-00": death}
    monkeypatch.setenv("CYBERLLM_LOGS", "/logs")
    assert run.logs_dir == Path("/logs/r1")
    assert run.heartbeat_file("w1-00") == run.path / "workers" / "w1-00.json"
    assert run.dataset_file == run.path / "results" / "6_security_aligner.jsonl"
    assert run.merged_file("2_data_filter") == run.path / "results" / "2_data_filter.jsonl"
    assert (run.removed_file.name, run.failed_file.name) == ("removed.jsonl", "failed.jsonl")


def test_a_smaller_batch_is_remembered_and_never_grows(tmp_path: Path) -> None:
    run = make_split_run(tmp_path, [{"n": 1}])
    assert run.batch_ceiling() == run.config.batch_size == 32
    run.lower_batch_ceiling(8)
    run.lower_batch_ceiling(16)
    assert RunFolder(run.path).open().batch_ceiling() == 8
    run.lower_batch_ceiling(0)
    assert run.batch_ceiling() == 1


def test_one_at_a_time_lowers_the_batch_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two that wrote one temporary file at once took it away from each other."""
    run = make_split_run(tmp_path, [{"text": "x"}])
    monkeypatch.setattr(module, "_LOWERING_S", 0.05)
    other = KernelLock.try_acquire(run.path / "batch_ceiling.lock")
    assert other is not None
    run.lower_batch_ceiling(8)
    assert run.batch_ceiling() == run.config.batch_size
    other.release()
    run.lower_batch_ceiling(8)
    assert run.batch_ceiling() == 8
