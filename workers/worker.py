"""A worker process: claims chunks, runs their records as coroutines, journals, seals.

Knows one run and one role; the coordinator may have started it, or a person by hand.
Invariant: whatever way it ends, each chunk it held is sealed or stays claimed with its
journal and a free lock.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import errno
import os
import secrets
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stages import stage_by_name
from stages.base import Stage
from workers.chunk_run import ChunkRun
from workers.config import RunConfig
from workers.errors import ModelError, PoolError, QueueError, UsageError
from workers.heartbeat import Heartbeat, HeartbeatFile, watch_parent
from workers.performance_logger import PerformanceLogger
from workers.run_folder import RunFolder

if TYPE_CHECKING:
    from workers.generation.batched import BatchedMLXGenerator

ROLES = ("batch", "speculative", "cpu")
EXIT_NO_MODEL = 3
EXIT_QUEUE = 4
EXIT_DISK = 5

_POLL = 0.2  # seconds between looks for a chunk, and the longest time between two turns
_SYNC = 1.0  # seconds between two fsyncs of the journals
_DRAIN = 3.0  # seconds that records in flight get when the worker is told to stop
_WITHOUT_MODEL = 64  # records in flight when no model is asked


class Worker:
    """Works on a run until told to stop, or, started by hand, until nothing is left."""

    def __init__(
        self, run: RunFolder, role: str, worker_id: str, more_may_come: Callable[[], bool]
    ) -> None:
        self._run = run
        self._config = run.config
        self._more_may_come = more_may_come
        self._stages = {name: make_stage(self._config, name) for name in stage_order(run, role)}
        self._logger = PerformanceLogger(run.logs_dir, worker_id)
        beat = Heartbeat(worker_id, role, os.getpid())
        self._heartbeat = HeartbeatFile(run.heartbeat_file(worker_id), beat)
        self._worker_id = worker_id
        self._generator: BatchedMLXGenerator | None = None
        self._active: list[ChunkRun] = []
        self._stop = asyncio.Event()
        self._synced = time.monotonic()

    def stop(self) -> None:
        """Finish what is nearly done, let go of the rest."""
        self._stop.set()

    @property
    def stopped(self) -> bool:
        """Whether it was told to stop."""
        return self._stop.is_set()

    async def work(self) -> None:
        """The whole life of the worker, after its process was set up."""
        self._heartbeat.write(now=True)
        try:
            async with contextlib.AsyncExitStack() as stack:
                await self._load(stack)
                while not self._stop.is_set() and await self.turn():
                    pass
                await self._drain()
        finally:
            for run in self._active:
                run.abandon()
            self._logger.close()
            self._heartbeat.remove()

    async def _load(self, stack: contextlib.AsyncExitStack) -> None:
        if self._config.disable_llm or not self._stages:
            return
        from workers.generation.load import load_generator

        generator = load_generator(self._run, self._logger)
        self._generator = await stack.enter_async_context(generator)
        generator.more_expected = lambda: any(run.has_more for run in self._active)
        questions = [q for stage in self._stages.values() for q in stage.questions()]
        for question in questions:
            self._say("calibrating")
            generator.prepare(question)

    async def turn(self) -> bool:
        """Claim if there is room, start records, wait a moment, journal, seal.

        Returns False when a worker started by hand has nothing left to do.
        """
        self._fill()
        idle = not self._active
        self._say("idle" if idle else "working")
        if idle and not self._more_may_come():
            return self._fill()  # the coordinator may have published before it went
        await self._wait()
        self._collect()
        return True

    @property
    def _room(self) -> int:
        most = self._generator.batch_limit if self._generator else _WITHOUT_MODEL
        return most - sum(run.in_flight for run in self._active)

    def _fill(self) -> bool:
        """Start records until the batch is full, claiming more when those at hand are started."""
        while self._room > 0:
            if any(run.start(self._room) for run in self._startable()):
                continue
            if any(run.has_more or run.alone for run in self._active) or not self._claim():
                break
        return bool(self._active)

    def _startable(self) -> list[ChunkRun]:
        """The chunks that may start records: a suspected one only with nothing beside it."""
        suspected = [run for run in self._active if run.alone]
        if not suspected:
            return self._active
        others = any(run.in_flight for run in self._active if run is not suspected[0])
        return [] if others else suspected[:1]

    def _claim(self) -> bool:
        for name, stage in self._stages.items():
            chunk = self._run.queue(name).claim(self._worker_id)
            if chunk is not None:
                llm = self._generator.for_stage(name) if self._generator else None
                self._active.append(ChunkRun(chunk, stage, llm))
                return True
        return False

    async def _wait(self) -> None:
        tasks: list[asyncio.Task[Any]] = [task for run in self._active for task in run.tasks]
        stopping = asyncio.create_task(self._stop.wait())
        try:
            await asyncio.wait(
                [*tasks, stopping], timeout=_POLL, return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            stopping.cancel()

    def _collect(self) -> None:
        for run in list(self._active):
            run.collect()
            if run.finished:
                run.chunk.seal()
                self._active.remove(run)
                self._log_chunk(run)
        if time.monotonic() - self._synced >= _SYNC:
            for run in self._active:
                run.chunk.sync()
            self._synced = time.monotonic()

    def _log_chunk(self, run: ChunkRun) -> None:
        counts = run.counts()
        self._logger.chunk(
            run.stage.name,
            run.chunk.name,
            len(run.chunk.envelopes),
            run.seconds,
            counts["result"],
            counts["removed"],
            counts["failed"],
        )

    async def _drain(self) -> None:
        """Give records in flight a moment; what is not done then is left to the next worker."""
        self._say("draining")
        loop = asyncio.get_running_loop()
        deadline = loop.time() + _DRAIN
        while loop.time() < deadline and any(run.in_flight for run in self._active):
            tasks = [task for run in self._active for task in run.tasks]
            await asyncio.wait(
                tasks, timeout=deadline - loop.time(), return_when=asyncio.FIRST_COMPLETED
            )
            self._collect()

    def _say(self, state: str) -> None:
        beat = self._heartbeat.beat
        beat.state = state
        beat.stage = self._active[0].stage.name if self._active else None
        beat.chunk = self._active[0].chunk.name if self._active else None
        beat.progress = self._generator.progress if self._generator else beat.progress + 1
        beat.batch_size = self._generator.batch_limit if self._generator else 0
        if self._heartbeat.due:
            self._heartbeat.write()
            self._logger.flush()


def make_stage(config: RunConfig, name: str) -> Stage:
    """A stage with the run's options for it; raises UsageError for an option it hasn't."""
    kind = stage_by_name(name)
    given = {"seed": config.seed, **config.stage_options.get(name, {})}
    try:
        return kind(kind.Options(**given))
    except (TypeError, ValueError) as error:
        raise UsageError(f"options of stage {name}: {error}") from error


def stage_order(run: RunFolder, role: str) -> list[str]:
    """The stages a role takes, the one to look at first in front.

    Late stages come first, so that results appear early and queues stay short; a
    speculative worker prefers long answers.  A cpu worker takes what needs no model.
    """
    names = list(reversed(run.config.stages))
    if role == "cpu" and not run.config.disable_llm:
        return []
    if role == "speculative":
        names.sort(key=lambda name: not stage_by_name(name).long_answers)
    return names


@contextlib.contextmanager
def explained() -> Iterator[None]:
    """Turn errors into one line on stderr and the exit status that the coordinator knows."""
    try:
        yield
    except PoolError as error:
        print(f"error: {error}", file=sys.stderr, flush=True)
        by_kind = {ModelError: EXIT_NO_MODEL, QueueError: EXIT_QUEUE}
        status = next((s for kind, s in by_kind.items() if isinstance(error, kind)), None)
        sys.exit(status or error.exit_status)
    except OSError as error:
        print(f"error: {error}", file=sys.stderr, flush=True)
        sys.exit(EXIT_DISK if error.errno in {errno.ENOSPC, errno.EDQUOT} else EXIT_QUEUE)


def main(arguments: list[str] | None = None) -> None:
    """The command `python -m workers.worker`."""
    parser = argparse.ArgumentParser(
        prog="python -m workers.worker", description="Join a run as one more worker."
    )
    parser.add_argument("--run", required=True, metavar="RUN", help="name or folder of the run")
    parser.add_argument("--role", choices=ROLES, default="batch", help="what to work on")
    parser.add_argument("--worker-id", metavar="ID", help=argparse.SUPPRESS)
    parser.add_argument("--parent-pipe", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    with explained():
        name = options.run
        run = (RunFolder(Path(name)) if "/" in name else RunFolder.named(name)).open()
        worker_id = options.worker_id or f"hand-{secrets.token_hex(4)}"
        asyncio.run(_run(run, options.role, worker_id, options.parent_pipe))


async def _run(run: RunFolder, role: str, worker_id: str, child: bool) -> None:
    worker = Worker(run, role, worker_id, (lambda: True) if child else run.coordinator_alive)
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, worker.stop)
    if child:  # Ctrl-C reaches the coordinator, which tells its workers
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        watch_parent(lambda: loop.call_soon_threadsafe(worker.stop))
    else:
        loop.add_signal_handler(signal.SIGINT, worker.stop)
    await worker.work()


if __name__ == "__main__":
    main()
