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
from dataclasses import asdict, dataclass, field
from pathlib import Path

import orjson
import psutil

from workers.core import files

_EVERY = 1.0
_GRACE = 3.0  # seconds to let go of chunks after the coordinator has gone


@dataclass
class Heartbeat:
    """A worker's state.

    `progress` grows with every step of work and with nothing else; `beats` with every
    second that the process runs.  `damaged` says what is wrong with chunks it passed over.
    """

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
    beats: int = 0
    damaged: dict[str, str] = field(default_factory=dict)


class HeartbeatFile:
    """Writes a heartbeat every second, from a thread of its own.

    So it goes on during a long step of the model, and stops when the process does.
    """

    def __init__(self, path: Path, beat: Heartbeat) -> None:
        self.beat = beat
        self._path = path
        self._process = psutil.Process()
        self._writing = threading.Lock()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._keep_writing, name="heartbeat", daemon=True)

    def start(self) -> None:
        """Write it now and from now on."""
        self.write()
        self._thread.start()

    def say(self, state: str) -> None:
        """Note the state; a new one is written at once."""
        if state != self.beat.state:
            self.beat.state = state
            self.write()

    def _keep_writing(self) -> None:
        while not self._over.wait(_EVERY):
            self.write()

    def write(self) -> None:
        """Replace the file; a full disk is no reason to stop."""
        with self._writing:
            self.beat.beats += 1
            self.beat.time = time.time()
            self.beat.rss_mb = self._process.memory_info().rss >> 20
            try:
                files.replace(self._path, orjson.dumps(asdict(self.beat)))
            except OSError as error:
                print(f"warning: heartbeat not written: {error}", file=sys.stderr)

    def remove(self) -> None:
        """Take the file away: the worker is gone in good order."""
        self._over.set()
        self._thread.join()
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
