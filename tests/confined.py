"""Limits of the kernel around processes of a test: memory that really runs out.

Knows control groups of both versions.  Invariant: a group made here is removed, and where
none can be made the test is skipped and says why.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_ROOT = Path("/sys/fs/cgroup")


@contextmanager
def memory_limit(size: int) -> Iterator[str]:
    """Python code that puts the process which runs it under a limit of `size` bytes."""
    group = _make_group(size)
    try:
        yield f"import os; open({str(group / 'cgroup.procs')!r}, 'w').write(str(os.getpid()))\n"
    finally:
        _remove(group)


def _make_group(size: int) -> Path:
    first, limit = (_ROOT / "memory", "memory.limit_in_bytes")
    if not first.is_dir():
        first, limit = _ROOT, "memory.max"
    group = first / f"test-{os.getpid()}"
    try:
        group.mkdir()
        (group / limit).write_text(str(size))
        swap = group / ("memory.swap.max" if limit == "memory.max" else "memory.swappiness")
        swap.write_text("0")
    except OSError as error:
        if group.is_dir():
            group.rmdir()
        pytest.skip(f"no memory control group can be made here: {error}")
    return group


def _remove(group: Path) -> None:
    for pid in (group / "cgroup.procs").read_text().split():
        os.kill(int(pid), 9)
    for _ in range(200):
        try:
            group.rmdir()
            return
        except OSError:
            time.sleep(0.02)
