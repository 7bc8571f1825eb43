"""Where the user's cache is, and results in it that one process works out for all.

Knows files and locks; does not know what is kept.  Invariant: a kept file is whole, and a
cache that can't be written to costs time, never a result.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from filelock import FileLock, Timeout

from workers.core import files

T = TypeVar("T")


def cache_dir() -> Path:
    """The user's cache: CYBERLLM_CACHE_DIR, or ~/.cache/cyberllm-pool."""
    chosen = os.environ.get("CYBERLLM_CACHE_DIR")
    return Path(chosen) if chosen else Path.home() / ".cache" / "cyberllm-pool"


@contextmanager
def lock_beside(path: Path, blocking: bool) -> Iterator[bool]:
    """The lock of a kept file, held while the block runs; yields whether it was free.

    Where there can be no lock everybody works for himself.
    """
    lock = FileLock(path.with_suffix(".lock"), blocking=blocking)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        yield False
        return
    except (OSError, NotImplementedError):
        yield True
        return
    try:
        yield True
    finally:
        lock.release()


@dataclass(frozen=True)
class CachedResult(Generic[T]):
    """A result that takes long to make: the first process makes it, all others read its file.

    `dump` and `load` turn it into the file's bytes and back; a file that `load` refuses with
    a ValueError, KeyError or TypeError is made anew.
    """

    path: Path
    make: Callable[[], T]
    dump: Callable[[T], bytes]
    load: Callable[[bytes], T]

    def get(self, waiting: Callable[[], None] = lambda: None) -> T:
        """The result; `waiting` is called before it waits for another process that makes it."""
        found = self.get_now()
        if found is not None:
            return found
        waiting()
        with lock_beside(self.path, blocking=True):
            return self._read_or_made()

    def get_now(self) -> T | None:
        """The result, or None while another process makes it."""
        found = self._read()
        if found is not None:
            return found
        with lock_beside(self.path, blocking=False) as free:
            return self._read_or_made() if free else None

    def _read_or_made(self) -> T:
        found = self._read()
        if found is None:
            found = self.make()
            with suppress(OSError):
                files.replace(self.path, self.dump(found))
        return found

    def _read(self) -> T | None:
        try:
            return self.load(self.path.read_bytes())
        except (OSError, ValueError, KeyError, TypeError):
            return None
