"""Writes a worker's heartbeat file once a second, and watches for the coordinator's death.

Knows one file and the pipe from the coordinator; knows nothing of the work.  Invariant: a
worker whose coordinator is gone ends within seconds, even if its loop is stuck.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil

from workers.run.heartbeat import Heartbeat, WorkerState, write_heartbeat

_EVERY = 1.0
_GRACE = 3.0  # seconds to release chunks after the coordinator has gone


class HeartbeatFile:
    """Writes a heartbeat every second, from a thread of its own.

    So it goes on during a long step of the model, and stops when the process does.
    """

    def __init__(self, path: Path, beat: Heartbeat) -> None:
        self.beat = beat
        self._path = path
        self._beats = 0
        self._process = psutil.Process()
        self._writing = threading.Lock()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._keep_writing, name="heartbeat", daemon=True)

    def start(self) -> None:
        """Write it now and from now on."""
        self.write()
        self._thread.start()

    def update(self, state: WorkerState, **changes: Any) -> None:
        """Note the state and other fields; a new state or step is written at once."""
        before, self.beat = self.beat, replace(self.beat, state=state, **changes)
        if (state, self.beat.steps) != (before.state, before.steps):
            self.write()

    def _keep_writing(self) -> None:
        while not self._over.wait(_EVERY):
            self.write()

    def write(self) -> None:
        """Replace the file; a full disk is no reason to stop."""
        with self._writing:
            self._beats += 1
            rss_mb = self._process.memory_info().rss >> 20
            beat = replace(self.beat, beats=self._beats, time=time.time(), rss_mb=rss_mb)
            try:
                write_heartbeat(self._path, beat)
            except OSError as error:
                print(f"warning: heartbeat not written: {error}", file=sys.stderr)

    def stop(self, keep: bool = False) -> None:
        """Stop writing; the file goes, unless the coordinator is to see what was done before."""
        self._over.set()
        self._thread.join()
        if keep:
            self.write()
        else:
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
