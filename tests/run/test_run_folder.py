"""A run's folder: names, manifest, one coordinator, and the file systems it refuses."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from stages.base import Result
from tests.forked import Child
from tests.run_tools import make_run as make_split_run
from workers.core.errors import QueueError, RunLockedError, UsageError
from workers.queue.deaths import Death
from workers.run import run_lock
from workers.run.filesystems import Mount, mount_of, parse_mountinfo, refuse_remote
from workers.run.input_lines import InputFile
from workers.run.manifest import SplitState
from workers.run.run_folder import RunFolder, run_names
from workers.settings.config import RunConfig

INPUTS = [InputFile("/data/a.jsonl", 10, 5)]
CONFIG = RunConfig(batch_size=7, stages=("2_data_filter", "6_security_aligner"))


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunFolder:
    monkeypatch.setenv("CYBERLLM_QUEUES", str(tmp_path / "queues"))
    return RunFolder.named("r1").create(CONFIG, INPUTS, model={"id": "m"}, versions={"mlx": "1"})


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
    assert run_names() == ["r1"]


def test_a_run_is_made_once(run: RunFolder) -> None:
    with pytest.raises(UsageError, match="exists already"):
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


def test_a_damaged_manifest_is_named(run: RunFolder) -> None:
    for data in (b"{", b"[]", run.manifest_file.read_bytes().replace(b'"seed"', b'"sead"')):
        run.manifest_file.write_bytes(data)
        with pytest.raises(QueueError, match="run.json: damaged"):
            RunFolder(run.path).open()


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


MOUNTINFO = """\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:50 / /home/me/my\\040share rw - nfs4 server:/x rw
31 22 0:51 / /home rw master:2 - ext4 /dev/sdb1 rw
32 31 0:52 / /home/drive rw - fuse.sshfs me@host: rw
33 22 0:53 / /mnt/a rw - 9p a rw
34 22 0:54 / /mnt/b rw - cifs //b/c rw
"""


def test_the_mount_of_a_folder() -> None:
    table = parse_mountinfo(MOUNTINFO)
    assert mount_of(Path("/home/other"), table) == Mount("/home", "ext4")
    assert mount_of(Path("/homes"), table) == Mount("/", "ext4")
    assert mount_of(Path("/home"), [*table, Mount("/home", "xfs")]) == Mount("/home", "xfs")


@pytest.mark.parametrize("path", ["/home/me/my share/q", "/home/drive", "/mnt/a/q", "/mnt/b"])
def test_remote_file_systems_are_refused_with_the_reason(path: str) -> None:
    with pytest.raises(QueueError, match="(nfs4|fuse.sshfs|9p|cifs) file system.*local disk"):
        refuse_remote(Path(path), parse_mountinfo(MOUNTINFO))


def test_local_file_systems_pass(tmp_path: Path) -> None:
    refuse_remote(tmp_path)
    for kind in ("ext4", "xfs", "btrfs", "apfs", "tmpfs", "overlay", "zfs", "hfs"):
        refuse_remote(tmp_path, [Mount("/", kind)])


def test_a_file_system_without_locks_is_refused(
    run: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.run.filesystems.flock_now", lambda fd: True)
    with pytest.raises(QueueError, match="do not exclude"):
        RunFolder.named("r2").create(CONFIG, INPUTS)
    assert not RunFolder.named("r2").exists()


def hold(run: RunFolder, go: int) -> Callable[[Callable[[str], None]], None]:
    def work(say: Callable[[str], None]) -> None:
        with run.lock_coordinator():
            say("held")
            os.read(go, 1)

    return work


def test_one_coordinator_at_a_time(run: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_lock, "_PATIENCE_S", 0.1)
    go, send = os.pipe()
    assert not run.coordinator_alive()
    child = Child(hold(run, go))
    assert child.hear() == "held"
    assert run.coordinator_alive()
    for removed in (False, True):
        if removed:
            os.unlink(run.path / "coordinator.lock")
        with pytest.raises(RunLockedError, match="run r1: another coordinator has it"):
            with run.lock_coordinator():
                pass
        assert run.coordinator_alive()
    assert child.kill() == -9
    assert not run.coordinator_alive()
    with run.lock_coordinator():
        assert run.coordinator_alive()
    os.close(send)


def test_the_refusal_says_who_has_it(run: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_lock, "_PATIENCE_S", 0.1)
    go, send = os.pipe()
    child = Child(hold(run, go))
    assert child.hear() == "held"
    with pytest.raises(RunLockedError, match=f"process {child.pid}"), run.lock_coordinator():
        pass
    os.write(send, b"x")
    assert child.wait() == 0


def test_one_of_many_wins(run: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_lock, "_PATIENCE_S", 0.3)
    go, send = os.pipe()

    def race(say: Callable[[str], None]) -> None:
        os.read(go, 1)
        try:
            with run.lock_coordinator():
                say("won")
                time.sleep(1.0)
        except RunLockedError:
            say("refused")

    children = [Child(race) for _ in range(20)]
    os.write(send, b"x" * 20)
    for child in children:
        assert child.wait() == 0
    said = [child.said()[0] for child in children]
    assert sorted(said) == ["refused"] * 19 + ["won"]


def test_asking_whether_it_lives_never_keeps_a_coordinator_out(run: RunFolder) -> None:
    def ask(say: Callable[[str], None]) -> None:
        while True:
            run.coordinator_alive()

    askers = [Child(ask) for _ in range(3)]
    for _ in range(20):
        with run.lock_coordinator():
            pass
    for asker in askers:
        assert asker.kill() == -9


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


def test_a_smaller_batch_is_remembered_and_never_grows(tmp_path: Path) -> None:
    run = make_split_run(tmp_path, [{"n": 1}])
    assert run.batch_ceiling() == run.config.batch_size == 32
    run.lower_batch_ceiling(8)
    run.lower_batch_ceiling(16)
    assert RunFolder(run.path).open().batch_ceiling() == 8
    run.lower_batch_ceiling(0)
    assert run.batch_ceiling() == 1
