"""Kernel locks: who holds a chunk or a run, freed by the kernel when the holder dies.

Knows lock files and flock; knows nothing of what they guard, and never guesses from pids
or clocks.  Invariant: a lock file is never unlinked, and a lost one is noticed.
"""

from __future__ import annotations

import errno
import fcntl
import os
import time
from pathlib import Path
from types import TracebackType

from filelock import Timeout, UnixFileLock

from workers.core.errors import QueueError

_BUSY = {errno.EACCES, errno.EAGAIN, errno.EWOULDBLOCK}


def flock_now(fd: int, shared: bool = False) -> bool:
    """Try once for the kernel lock of an open file; False when somebody else has it."""
    try:
        fcntl.flock(fd, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _BUSY:
            return False
        raise
    return True


class KernelLock:
    """A held lock on a permanent lock file, as `try_acquire` gives it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._identity: tuple[int, int] | None = None
        # A soft lock guesses whether its holder is alive: never fall back to one.
        self._lock = UnixFileLock(
            path,
            blocking=False,
            fallback_to_soft=False,
            thread_local=False,
            on_acquired=self._remember,
        )

    def _remember(self, fd: int) -> None:
        status = os.fstat(fd)
        self._identity = (status.st_dev, status.st_ino)

    @classmethod
    def try_acquire(cls, path: Path) -> KernelLock | None:
        """The lock, or None when somebody else has it.  Never waits."""
        lock = cls(path)
        try:
            lock._lock.acquire()
        except Timeout:
            return None
        return lock

    @classmethod
    def acquire_within(cls, path: Path, seconds: float) -> KernelLock | None:
        """The lock, or None when somebody else has it all that time, who may be stopped."""
        deadline = time.monotonic() + seconds
        while (lock := cls.try_acquire(path)) is None and time.monotonic() < deadline:
            time.sleep(0.01)
        return lock

    def check(self) -> None:
        """Raise QueueError when the lock file was removed or replaced while it was held."""
        try:
            status = os.stat(self.path, follow_symlinks=False)
        except FileNotFoundError:
            raise QueueError(_lost(self.path, "removed")) from None
        if (status.st_dev, status.st_ino) != self._identity:
            raise QueueError(_lost(self.path, "replaced"))

    def release(self) -> None:
        """Release the lock; the file stays."""
        self._lock.release()

    def __enter__(self) -> KernelLock:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()


def _lost(path: Path, how: str) -> str:
    return f"{path}: the lock file was {how} while it was held; leave lock files where they are"


class InodeLock:
    """A second lock, on the guarded file itself: it holds even when the lock file is removed."""

    def __init__(self, path: Path, fd: int) -> None:
        self.path = path
        self._fd = fd

    @classmethod
    def try_acquire(cls, path: Path) -> InodeLock | None:
        """The lock, or None when the file is gone or somebody else has it."""
        try:
            fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
        except FileNotFoundError:
            return None
        try:
            if flock_now(fd):
                return cls(path, fd)
        except BaseException:
            os.close(fd)
            raise
        os.close(fd)
        return None

    def is_at(self, path: Path) -> bool:
        """Whether `path` is still the locked file: neither removed nor replaced."""
        try:
            there = os.stat(path, follow_symlinks=False)
        except FileNotFoundError:
            return False
        return os.path.samestat(there, os.fstat(self._fd))

    def release(self) -> None:
        """Release the lock."""
        os.close(self._fd)
