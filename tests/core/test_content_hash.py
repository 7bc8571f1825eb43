"""A file is hashed once while it stays as it is, and again after any change."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from workers.core import content_hash
from workers.core.content_hash import file_digest


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Path]:
    """The files that were read, in order; every size is large, and every file has settled."""
    read: list[Path] = []
    real = content_hash._hashed

    def noted(path: Path) -> bytes:
        read.append(path)
        return real(path)

    monkeypatch.setenv("CYBERLLM_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(content_hash, "_hashed", noted)
    monkeypatch.setattr(content_hash, "_LARGE", 1)
    monkeypatch.setattr(content_hash, "_SETTLED_NS", 0)
    return read


def test_it_is_read_once(hashed: list[Path], tmp_path: Path) -> None:
    file = tmp_path / "weights"
    file.write_bytes(b"numbers")
    assert file_digest(file) == file_digest(file) == hashlib.sha256(b"numbers").digest()
    assert hashed == [file]


def test_it_is_read_again_after_a_change_that_keeps_size_and_time(
    hashed: list[Path], tmp_path: Path
) -> None:
    file = tmp_path / "weights"
    file.write_bytes(b"numbers")
    before = file.stat()
    first = file_digest(file)
    while file.stat().st_ctime_ns == before.st_ctime_ns:  # until the clock of the file system ticks
        file.write_bytes(b"letters")
        os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert file_digest(file) == hashlib.sha256(b"letters").digest() != first
    other = tmp_path / "other"
    file.rename(other)
    assert file_digest(other) == hashlib.sha256(b"letters").digest()
    assert hashed == [file, file, other]


def test_nothing_is_kept_of_one_that_was_just_written_or_is_small(
    hashed: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "weights"
    file.write_bytes(b"numbers")
    for name, value in (("_SETTLED_NS", 10**15), ("_LARGE", 100)):
        with monkeypatch.context() as patched:
            patched.setattr(content_hash, name, value)
            file_digest(file)
    assert len(hashed) == 2 and not (tmp_path / "cache").exists()


@pytest.mark.parametrize("damage", [b"", b"00ff", b"no digits"], ids=["empty", "short", "odd"])
def test_what_is_kept_and_damaged_is_made_anew(
    hashed: list[Path], tmp_path: Path, damage: bytes
) -> None:
    file = tmp_path / "weights"
    file.write_bytes(b"numbers")
    right = file_digest(file)
    [kept] = (tmp_path / "cache" / "hashes").glob("*.txt")
    kept.write_bytes(damage)
    assert file_digest(file) == right and len(hashed) == 2
    assert file_digest(file) == right and len(hashed) == 2
