"""Borders that the kernel draws: small file systems, power cuts, limits of memory.

Needs root for most of it.  Invariant: mounts live in a mount namespace of the harness's own,
so nothing of them outlives it; what this machine refuses is raised as `Unable`.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import struct
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_NEWNS = 0x00020000
_SHUTDOWN = 0x8004587D  # FS_IOC_SHUTDOWN
_WITHOUT_FLUSH = 2
_GROUPS = Path("/sys/fs/cgroup")
_own_mounts = False


class Unable(Exception):
    """This machine can't do it; says why."""


def command(*words: str) -> None:
    """A command of the system; raises Unable with its last words."""
    try:
        subprocess.run(words, check=True, capture_output=True, text=True)
    except FileNotFoundError:
        raise Unable(f"there is no {words[0]}") from None
    except subprocess.CalledProcessError as error:
        raise Unable(f"{' '.join(words[:3])}: {error.stderr.strip()[-100:]}") from None


def own_mounts() -> None:
    """Put this process into a mount namespace of its own, once."""
    global _own_mounts
    if _own_mounts:
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "unshare") or libc.unshare(_NEWNS) != 0:
        raise Unable(f"no mount namespace: {os.strerror(ctypes.get_errno())}")
    command("mount", "--make-rprivate", "/")
    _own_mounts = True


@contextmanager
def small_disk(point: Path, size: int) -> Iterator[Path]:
    """A file system of `size` bytes, in memory."""
    own_mounts()
    point.mkdir(exist_ok=True)
    command("mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(point))
    try:
        yield point
    finally:
        command("umount", "-l", str(point))


class PulledDisk:
    """An ext4 file system on a loop device, whose power can be cut."""

    def __init__(self, folder: Path, megabytes: int = 64) -> None:
        own_mounts()
        self.image, self.point = folder / "disk.img", folder / "disk"
        self.point.mkdir()
        with self.image.open("wb") as file:
            file.truncate(megabytes << 20)
        command("mkfs.ext4", "-q", "-F", str(self.image))
        self.mount()

    def mount(self) -> None:
        command("mount", "-o", "loop", str(self.image), str(self.point))

    def cut(self) -> None:
        """From now on nothing reaches the disk, and what was not synced never did."""
        fd = os.open(self.point, os.O_RDONLY)
        try:
            fcntl.ioctl(fd, _SHUTDOWN, struct.pack("I", _WITHOUT_FLUSH))
        except OSError as error:
            raise Unable(f"FS_IOC_SHUTDOWN: {error.strerror}") from None
        finally:
            os.close(fd)

    def unmount(self) -> None:
        """Processes that were killed may take a moment to let go of it."""
        for attempt in range(100):
            try:
                return command("umount", str(self.point))
            except Unable:
                if attempt == 99:
                    raise
                time.sleep(0.1)


@contextmanager
def memory_group(size: int) -> Iterator[Path]:
    """A control group of `size` bytes without swap; yields the file that takes pids."""
    first, limit, swap = _GROUPS / "memory", "memory.limit_in_bytes", "memory.swappiness"
    if not first.is_dir():
        first, limit, swap = _GROUPS, "memory.max", "memory.swap.max"
    group = first / f"faults-{os.getpid()}"
    try:
        group.mkdir(exist_ok=True)
        (group / limit).write_text(str(size))
        (group / swap).write_text("0")
    except OSError as error:
        raise Unable(f"no memory control group: {error}") from None
    try:
        yield group / "cgroup.procs"
    finally:
        _remove(group)


def _remove(group: Path) -> None:
    for pid in (group / "cgroup.procs").read_text().split():
        os.kill(int(pid), 9)
    for _ in range(200):
        try:
            return group.rmdir()
        except OSError:
            time.sleep(0.02)
