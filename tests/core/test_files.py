"""Whole-file publishing: nothing half-written is ever under a final name."""

from __future__ import annotations

import errno
import os
import resource
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.forked import Child, die_at
from workers.core import files


def names(folder: Path) -> list[str]:
    return sorted(os.listdir(folder))


def test_publish_writes_replaces_and_leaves_no_draft(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    files.publish(path, b"one\n")
    files.publish(path, [b"two\n", b"three\n"])
    assert path.read_bytes() == b"two\nthree\n"
    assert names(tmp_path) == ["a.jsonl"]


def test_publish_killed_at_every_step_shows_old_or_new(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    seen = set()
    for number in range(1, 100):
        files.publish(path, b"old")

        def work(say: object, number: int = number) -> None:
            die_at(number)
            files.publish(path, b"new content")

        if Child(work).wait() == 0:
            break
        seen.add(path.read_bytes())
    assert seen == {b"old", b"new content"}
    assert number > 4


def test_short_writes_are_gone_on_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.write
    monkeypatch.setattr(os, "write", lambda fd, data: real(fd, bytes(data)[:3]))
    files.publish(tmp_path / "a", b"0123456789")
    assert (tmp_path / "a").read_bytes() == b"0123456789"


def test_size_limit_leaves_nothing_and_names_the_file(tmp_path: Path) -> None:
    def work(say: object) -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
        with pytest.raises(OSError) as caught:
            files.publish(tmp_path / "big", b"x" * 1000)
        assert caught.value.errno == errno.EFBIG
        assert "big" in str(caught.value)

    assert Child(work).wait() == 0
    assert names(tmp_path) == []


def test_failed_sync_is_raised_once_and_nothing_is_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []

    def broken(fd: int) -> None:
        calls.append(fd)
        raise OSError(errno.EIO, "I/O error")

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(OSError, match="a"):
        files.publish(tmp_path / "a", b"data")
    assert len(calls) == 1
    assert names(tmp_path) == []


def test_data_that_fails_half_way_publishes_nothing(tmp_path: Path) -> None:
    def lines() -> Iterator[bytes]:
        yield b"one\n"
        raise RuntimeError("stop")

    with pytest.raises(RuntimeError):
        files.publish(tmp_path / "a", lines())
    assert names(tmp_path) == []


def test_order_of_calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []

    def noting(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any) -> Any:
            calls.append(name)
            return real(*args)

        return call

    for name in ("write", "fsync", "rename"):
        monkeypatch.setattr(os, name, noting(name, getattr(os, name)))
    files.publish(tmp_path / "a", b"data")
    assert calls == ["write", "fsync", "rename", "fsync"]
    calls.clear()
    files.replace(tmp_path / "a", b"data")
    assert calls == ["write", "rename"]


def test_macos_sync_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(files, "_FULL_SYNC", 51)
    monkeypatch.setattr("workers.core.files.fcntl.fcntl", lambda fd, command: asked.append(command))
    files.publish(tmp_path / "a", b"data")
    assert asked == [51, 51]


def test_remove_and_make_folders(tmp_path: Path) -> None:
    folder = tmp_path / "x" / "y"
    files.make_folders(folder)
    (folder / "f").write_bytes(b"")
    assert files.remove(folder / "f")
    assert not files.remove(folder / "f")


def test_a_temporary_file_knows_whose_it_is(tmp_path: Path) -> None:
    name = files.temporary(tmp_path / "a.jsonl").name
    assert files.is_temporary(name) and files.named_by(name) == "a.jsonl"
    assert not files.is_temporary("a.jsonl") and not files.is_temporary("a.tmp")


def test_moves_and_removals_are_synced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[Path] = []
    monkeypatch.setattr(files, "fsync_dir", synced.append)
    one, two = tmp_path / "one", tmp_path / "two"
    for folder in (one, two):
        folder.mkdir()
    (one / "f").touch()
    files.move(one / "f", two / "f")
    assert files.discard(two / "f") and not files.discard(two / "f")
    assert synced == [two, one]


def test_publish_does_not_write_through_a_link(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    files.temporary(tmp_path / "a").symlink_to(victim)
    with pytest.raises(OSError):
        files.publish(tmp_path / "a", b"data")
    assert victim.read_bytes() == b"precious"
