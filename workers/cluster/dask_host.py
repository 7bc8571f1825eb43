"""What Dask loads into its worker process, and the one task that it is ever given.

`dask worker --preload workers.cluster.dask_host` calls `dask_setup`.  Knows Dask and the host;
the work is the host's.  Invariant: bytes go in and bytes come out, and nothing that a task does
raises.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from workers.cluster.access import RESOURCE as RESOURCE
from workers.cluster.beats import BEATS_VARIABLE, EVERY_S, beat
from workers.cluster.host import Host
from workers.cluster.hosted_run import Site
from workers.worker.heartbeat import watch_parent

if TYPE_CHECKING:
    from distributed import Worker
    from tornado.ioloop import PeriodicCallback

MODEL_VARIABLE = "CYBERLLM_CLUSTER_MODEL"
WORKERS_VARIABLE = "CYBERLLM_CLUSTER_WORKERS"
CORES_VARIABLE = "CYBERLLM_CLUSTER_CORES"
PARENT_VARIABLE = "CYBERLLM_CLUSTER_PARENT"
# What Dask's worker says of itself is used by its dashboard only; by itself it says it twice a
# second, which costs it and the scheduler more than our messages do.
HEARTBEAT_S = 5.0
_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_LEAVE_S = 5.0


def site_of(local_directory: str) -> Site:
    """What `workers.cluster_worker` was told, from the environment it hands on."""
    workers, cores = os.environ.get(WORKERS_VARIABLE), os.environ.get(CORES_VARIABLE)
    return Site(
        Path(local_directory),
        dict(os.environ),
        model=os.environ.get(MODEL_VARIABLE) or None,
        workers=int(workers) if workers else None,
        cores=int(cores) if cores else None,
    )


async def dask_setup(worker: Worker) -> None:
    """Called by Dask before the worker joins the scheduler."""
    from tornado.ioloop import PeriodicCallback

    worker.cyberllm_host = host = Host(site_of(worker.local_directory))
    callbacks = worker.periodic_callbacks  # started when this is done
    callbacks["heartbeat"] = unhurried(worker.heartbeat)
    if beats := os.environ.get(BEATS_VARIABLE):
        os.set_blocking(int(beats), False)
        os.set_inheritable(int(beats), False)
        beating = partial(beat, int(beats), lambda: host.hangs)
        callbacks["cyberllm-beat"] = PeriodicCallback(beating, EVERY_S * 1000)
    say_goodbye_on_signals(worker.close)
    if os.environ.get(PARENT_VARIABLE):
        watch_parent(lambda: None)


def say_goodbye_on_signals(close: Callable[..., Awaitable[object]]) -> None:
    """Close on Ctrl-C and SIGTERM, once; without a nanny Dask's worker would just end, as if it
    had been killed."""
    loop = asyncio.get_running_loop()
    closing = []  # or nobody has the task

    def leave() -> None:
        for number in _SIGNALS:
            loop.remove_signal_handler(number)  # the next one ends the process at once
        left = close(timeout=_LEAVE_S, executor_wait=False, reason="signal")
        closing.append(asyncio.ensure_future(left))

    for number in _SIGNALS:
        with suppress(ValueError, RuntimeError, NotImplementedError):  # not the main thread
            loop.add_signal_handler(number, leave)


def unhurried(heartbeat: Callable[[], Awaitable[object] | None]) -> PeriodicCallback:
    """Dask's heartbeat, seldom: after each one the scheduler asks for the next too soon."""
    from tornado.ioloop import PeriodicCallback

    class Unhurried(PeriodicCallback):
        @property
        def callback_time(self) -> float:
            return HEARTBEAT_S * 1000

        @callback_time.setter
        def callback_time(self, asked: float) -> None:
            """It stays as it is."""

    return Unhurried(heartbeat, HEARTBEAT_S * 1000)


async def dask_teardown(worker: Worker) -> None:
    """Called by Dask when the worker leaves."""
    worker.cyberllm_host.close()


def exchange(data: bytes) -> bytes:
    """The task: hand a message to the host of the worker that runs this."""
    from distributed import get_worker

    host: Host = get_worker().cyberllm_host
    return host.answer(data)
