"""Stand-ins for a worker: short programs that beat, wait, fail or die, under a real pool.

Knows a worker's command line and heartbeat.  Invariant: every process started here is ended
by the end of its test.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.run_tools import wait_for
from workers.pool.child import Child, Launch
from workers.pool.pool import WorkerPool
from workers.queue.deaths import Death

# `beat(state, progress, ...)` writes a heartbeat; `say(text)` goes to the log.
BEAT = """
import json, os, pathlib, sys, time
spawn = sys.argv[sys.argv.index('--worker-id') + 1]
def beat(state, progress=0, results=0, **more):
    values = {'worker': spawn, 'role': 'batch', 'pid': os.getpid(), 'state': state, 'stage': 's',
              'chunk': 'c', 'progress': progress, 'results': results, 'proved': results > 0,
              'batch_size': 0,
              'rss_mb': 7, 'time': time.time(), 'beats': 1, 'damaged': {}}
    path = pathlib.Path(os.environ['BEATS'], spawn + '.json')
    path.with_suffix('.part').write_text(json.dumps({**values, **more}))
    path.with_suffix('.part').rename(path)
def say(text):
    print(text, file=sys.stderr, flush=True)
"""
SLEEP = BEAT + "beat('working', 1); time.sleep(60)"


@dataclass
class Desk:
    """Where pools are started; what they write down and say."""

    folder: Path
    deaths: list[Death] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    pools: list[WorkerPool] = field(default_factory=list)

    def launch(self, code: str) -> Launch:
        """How to start a worker that runs this code."""
        environ = {**os.environ, "BEATS": str(self.folder)}
        return Launch("run", "cpu", self.folder, environ, (sys.executable, "-c", code))

    def start(self, code: str, workers: int = 1) -> WorkerPool:
        """A pool of such workers; they start when it is watched."""
        pool = WorkerPool(
            [self.launch(code)] * workers, self.folder, self.deaths.append, self.notices.append
        )
        self.pools.append(pool)
        return pool


def watch_until(pool: WorkerPool, condition: Callable[[], object], seconds: float = 10) -> None:
    def look() -> object:
        pool.watch()
        return condition()

    wait_for(look, seconds)


def child_of(pool: WorkerPool) -> Child:
    """The process in the first slot."""
    child = pool.slots[0].child
    assert child
    return child


def restarted(pool: WorkerPool, times: int) -> bool:
    return pool.slots[0].restarts == times
