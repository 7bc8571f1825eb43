"""Files that survive a power cut: whole-file publishing, durable renames and removals.

Knows bytes, paths and fsync; knows nothing of chunks or runs.  Invariant: a file under
its final name is complete, and an fsync that failed is raised and never retried.
"""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

# On macOS fsync only reaches the drive's cache; this command empties that cache too.
_FULL_SYNC: int | None = getattr(fcntl, "F_FULLFSYNC", None)
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})  # the disk, or our quota of it, is full
_BLOCK_BYTES = 2**20
_NO_FULL_SYNC = {errno.ENOTSUP, errno.EINVAL, errno.ENOTTY}


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Add the file's name to an OSError that came from a bare descriptor."""
    try:
        yield
    except OSError as error:
        if error.filename is None and error.errno is not None:
            raise OSError(error.errno, os.strerror(error.errno), str(path)) from error
        raise


def write_all(fd: int, data: bytes) -> None:
    """Write all of `data`: one os.write may write only a part of it."""
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def sync_fd(fd: int) -> None:
    """Make what was written to `fd` durable.  After a failure the data may be gone already."""
    if _FULL_SYNC is not None:
        try:
            fcntl.fcntl(fd, _FULL_SYNC)
            return
        except OSError as error:
            if error.errno not in _NO_FULL_SYNC:
                raise
    os.fsync(fd)


def fsync_dir(folder: Path) -> None:
    """Make renames, creations and removals in `folder` durable."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with naming(folder):
            sync_fd(fd)
    finally:
        os.close(fd)


def temporary(path: Path) -> Path:
    """Where a file is written before its rename: in the same folder, so the rename is atomic."""
    return path.with_name(f".{path.name}.tmp")


def is_temporary(name: str) -> bool:
    """Whether a file name is one that `temporary` gives."""
    return name.startswith(".") and name.endswith(".tmp")


def named_by(name: str) -> str:
    """The inverse of `temporary` for a file name that `is_temporary`."""
    return name.removeprefix(".").removesuffix(".tmp")


def publish(path: Path, data: bytes | Iterable[bytes]) -> None:
    """Put a whole file under its name, durably: written, fsynced, renamed, folder fsynced."""
    put(path, data)
    fsync_dir(path.parent)


def put(path: Path, data: bytes | Iterable[bytes]) -> None:
    """Put a whole file under its name; the name is durable once the folder has been fsynced."""
    _write_then_rename(path, data, durable=True)


def replace(path: Path, data: bytes | Iterable[bytes]) -> None:
    """Put a whole file under its name, not durably: for heartbeats and status."""
    _write_then_rename(path, data, durable=False)


def _write_then_rename(path: Path, data: bytes | Iterable[bytes], durable: bool) -> None:
    unfinished = temporary(path)
    try:
        _write_new(unfinished, data, durable)
        os.rename(unfinished, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(unfinished)
        raise


def _write_new(path: Path, data: bytes | Iterable[bytes], durable: bool) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
    fd = os.open(path, flags, 0o666)
    try:
        with naming(path):
            for block in [data] if isinstance(data, bytes) else _blocks(data):
                write_all(fd, block)
            if durable:
                sync_fd(fd)
    finally:
        os.close(fd)


def _blocks(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in few writes: a call per line would cost more than the line."""
    held: list[bytes] = []
    size = 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size >= _BLOCK_BYTES:
            yield b"".join(held)
            held, size = [], 0
    if held:
        yield b"".join(held)


def move(source: Path, target: Path) -> None:
    """Rename across folders of one file system, durably."""
    os.rename(source, target)
    fsync_dir(target.parent)
    fsync_dir(source.parent)


def remove(path: Path) -> bool:
    """Unlink durably; False if there was nothing."""
    if not discard(path):
        return False
    fsync_dir(path.parent)
    return True


def discard(path: Path) -> bool:
    """Unlink without an fsync of the folder: for what may come back after a power cut."""
    try:
        os.unlink(path)
    except FileNotFoundError:
        return False
    return True


def make_folders(path: Path) -> None:
    """Create a folder and its parents, durably."""
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    path.mkdir(parents=True, exist_ok=True)
    for folder in missing:
        fsync_dir(folder.parent)
