"""SHA-256 of files; of large ones it is kept, for as long as they are what they were.

A model has a gigabyte and more, and some processors hash half a gigabyte a second.  Knows files and
the user's cache.  Invariant: a file that was written to since, or shortly before it was hashed, is
hashed again, whatever its size and its times of writing.
"""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

from workers.core.cache import CachedResult, cache_dir

_LARGE = 64 << 20  # bytes; hashing fewer takes no longer than finding out whether it was done
_SETTLED_NS = 2 * 10**9  # after a change, until any further one has another time


def file_digest(path: Path) -> bytes:
    """The 32 bytes of a file's SHA-256; raises OSError where it can't be read."""
    found = path.stat()
    if found.st_size < _LARGE or time.time_ns() - found.st_ctime_ns < _SETTLED_NS:
        return _hashed(path)
    kept = cache_dir() / "hashes" / f"{_key(path, found)}.txt"
    return CachedResult(kept, lambda: _hashed(path), dump=_shown, load=_parsed).get()


def _hashed(path: Path) -> bytes:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").digest()


def _key(path: Path, found: os.stat_result) -> str:
    """What no file has that was changed: nobody can set the time of a file's last change."""
    state = (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
    return hashlib.sha256(repr((str(path.resolve()), *state)).encode()).hexdigest()[:16]


def _shown(digest: bytes) -> bytes:
    return digest.hex().encode()


def _parsed(data: bytes) -> bytes:
    """Raises ValueError for what is no digest."""
    digest = bytes.fromhex(data.decode())
    if len(digest) != hashlib.sha256().digest_size:
        raise ValueError("no digest")
    return digest
