"""The coordinator's lock: at most one process coordinates a run.

Knows the run's folder and coordinator.lock; the pid in that file is for people to read
and is never signalled.  Invariant: two locks guard a run, coordinator.lock and the folder
itself, so removing the first does not let a second coordinator in.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from workers.core.errors import RunLockedError
from workers.queue.locks import KernelLock, flock_now

_T = TypeVar("_T")
# Whoever checks whether the coordinator is alive holds the lock for an instant.
_PATIENCE_S = 1.0


@contextmanager
def hold_run(folder: Path) -> Iterator[KernelLock]:
    """Hold the run while the block lasts; raises RunLockedError when another process does."""
    path = folder / "coordinator.lock"
    lock = _wait_for(lambda: KernelLock.try_acquire(path), path)
    try:
        fd = _wait_for(lambda: _try_folder(folder), path)
        try:
            # A full disk must not keep a run from being resumed.
            with suppress(OSError):
                path.write_text(f"{os.getpid()}\n", encoding="ascii")
            yield lock
        finally:
            os.close(fd)
    finally:
        lock.release()


def is_run_held(folder: Path) -> bool:
    """Whether some process coordinates the run right now."""
    fd = _try_folder(folder, shared=True)
    if fd is None:
        return True
    os.close(fd)
    return False


def _try_folder(folder: Path, shared: bool = False) -> int | None:
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        if flock_now(fd, shared):
            return fd
    except BaseException:
        os.close(fd)
        raise
    os.close(fd)
    return None


def _wait_for(take: Callable[[], _T | None], path: Path) -> _T:
    deadline = time.monotonic() + _PATIENCE_S
    while (taken := take()) is None:
        if time.monotonic() > deadline:
            run = path.parent.name
            raise RunLockedError(f"run {run}: another coordinator has it{_holder(path)}")
        time.sleep(0.02)
    return taken


def _holder(path: Path) -> str:
    try:
        text = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""
    return f" (process {text})" if text.isdecimal() else ""
