"""How `workers.cluster_worker` finds out that the process which it started hangs, and ends it.

That process beats while its event loop goes round and no answer of its host is overdue; whoever
started it listens for that.  Knows a pipe; knows neither Dask nor runs.  Invariant: a process that
has not beaten yet is not ended, and only time that its starter saw pass is counted.
"""

from __future__ import annotations

import os
import select
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

EVERY_S = 5.0
HUNG_S = 60.0  # without a beat
_LOOK_S = 1.0
BEATS_VARIABLE = "CYBERLLM_CLUSTER_BEATS"


@dataclass
class Beats:
    """The pipe by which a process that is started beats; close it when that has ended."""

    _hears: int = -1
    _beats: int = -1

    def __post_init__(self) -> None:
        self._hears, self._beats = os.pipe()

    @property
    def inherited(self) -> int:
        """What the process needs, under the same number."""
        return self._beats

    def end_of(self, process: subprocess.Popen[bytes]) -> int:
        """Wait for its end, and see to it if it hangs; returns its exit status."""
        os.close(self._beats)
        self._beats = -1
        silence = Silence()
        while (heard := self._listen()) != b"" and process.poll() is None:
            if silence.has_lasted(heard is not None):
                print(f"Dask's worker did nothing for {HUNG_S:.0f} s; it is killed", flush=True)
                process.kill()
                break
        return process.wait()

    def _listen(self) -> bytes | None:
        """What was heard in a moment; None for nothing, and b"" when it has ended."""
        if select.select([self._hears], [], [], _LOOK_S)[0]:
            return os.read(self._hears, 4096)
        return None

    def close(self) -> None:
        """Needed in any case; safe to call twice."""
        for fd in (self._hears, self._beats):
            if fd >= 0:
                os.close(fd)
        self._hears = self._beats = -1


@dataclass
class Silence:
    """How long a process has been silent, as far as one looked."""

    _seconds: float = 0.0
    _has_begun: bool = False
    _looked: float = field(default_factory=time.monotonic)

    def has_lasted(self, heard: bool) -> bool:
        """Whether it hangs; asked once every look."""
        now = time.monotonic()
        passed, self._looked = now - self._looked, now
        self._has_begun = self._has_begun or heard
        # A longer time is one in which this process was stopped too, or the computer slept.
        self._seconds = 0.0 if heard else self._seconds + min(passed, 2 * _LOOK_S)
        return self._has_begun and self._seconds >= HUNG_S


def beat(fd: int, hangs: Callable[[], bool]) -> None:
    """Called by the event loop, every EVERY_S."""
    if not hangs():
        with suppress(OSError):  # nobody listens any more
            os.write(fd, b".")
