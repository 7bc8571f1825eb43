"""What a worker says of itself once a second, and how it learns that it has to stop.

Knows one heartbeat file and the pipe from the coordinator.  Invariant: a worker whose
coordinator is gone ends within seconds, even if its loop is stuck.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson
import psutil

from workers import files

_EVERY = 1.0
_GRACE = 4.0  # seconds to let go of chunks after the coordinator has gone


@dataclass
class Heartbeat:
    """A worker's state; `progress` grows with every step of work."""

    worker: str
    role: str
    pid: int
    state: str = "loading"
    stage: str | None = None
    chunk: str | None = None
    progress: int = 0
    batch_size: int = 0
    rss_mb: int = 0
    time: float = 0.0


class HeartbeatFile:
    """Writes a heartbeat at most once a second."""

    def __init__(self, path: Path, beat: Heartbeat) -> None:
        self.beat = beat
        self._path = path
        self._written = 0.0
        self._process = psutil.Process()

    @property
    def due(self) -> bool:
        """Whether a second has passed since it was written."""
        return time.monotonic() - self._written >= _EVERY

    def write(self, now: bool = False) -> None:
        """Replace the file when it is time, or at once; a full disk is no reason to stop."""
        if not now and not self.due:
            return
        self._written = time.monotonic()
        self.beat.time = time.time()
        self.beat.rss_mb = self._process.memory_info().rss >> 20
        try:
            files.replace(self._path, orjson.dumps(asdict(self.beat)))
        except OSError as error:
            print(f"warning: heartbeat not written: {error}", file=sys.stderr)

    def remove(self) -> None:
        """Take the file away: the worker is gone in good order."""
        self._path.unlink(missing_ok=True)


def watch_parent(stop: Callable[[], object]) -> None:
    """Call `stop` when standard input ends, and end the process if that didn't."""

    def wait() -> None:
        while os.read(0, 4096):
            pass
        stop()
        time.sleep(_GRACE)
        os._exit(0)

    threading.Thread(target=wait, name="parent-watch", daemon=True).start()
