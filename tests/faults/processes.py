"""Processes as the harness sees them: who lives, who works on a run, and waiting for things.

Knows /proc; knows nothing of runs but their names.  Invariant: a process is only signalled
by a pid that was seen in this moment.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path


def living() -> Iterator[tuple[int, list[str]]]:
    """Every process, and the words of its command."""
    for entry in os.listdir("/proc") if os.path.isdir("/proc/self") else _listed():
        if entry.isdecimal():
            try:
                words = Path("/proc", entry, "cmdline").read_bytes().decode("utf-8", "replace")
            except OSError:
                continue
            yield int(entry), words.split("\0")


def _listed() -> list[str]:
    raise RuntimeError("the fault harness needs /proc")


def works_on(words: list[str], run: str) -> bool:
    """Whether it is a worker of that run."""
    return "workers.worker" in words and run in words


def peak_mb(pid: int, what: str = "VmHWM") -> int:
    """The most memory (VmHWM) or addresses (VmPeak) a process ever had; 0 when it is gone."""
    try:
        text = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    found = [line.split()[1] for line in text.splitlines() if line.startswith(what)]
    return int(found[0]) >> 10 if found else 0


def kill(pid: int, number: int = signal.SIGKILL) -> bool:
    """Signal a process that we (or ours) started; False when it is gone already."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return False
    return True


def wait_for(
    condition: Callable[[], object], seconds: float = 30.0, every: float = 0.01
) -> float | None:
    """Poll until it holds; the seconds it took, or None when it did not come."""
    begun = time.monotonic()
    while not condition():
        if time.monotonic() - begun > seconds:
            return None
        time.sleep(every)
    return time.monotonic() - begun
