"""The command `python -m workers.worker`: adds one more worker to a run.

Knows flags, signals and exit statuses; the work is the loop's.  Invariant: whatever ends the
worker, its last line says why and its status is one that the coordinator knows.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import secrets
import signal
import sys
import time
from collections.abc import Iterator
from typing import NoReturn

from workers.core.command_parser import CommandParser
from workers.core.errors import EngineError, ModelError, PoolError, QueueError
from workers.core.exit_status import WorkerExit
from workers.core.files import NO_ROOM
from workers.pool.sizing import alike
from workers.run.heartbeat import read_heartbeat
from workers.run.run_folder import RunFolder
from workers.worker.heartbeat import watch_parent
from workers.worker.loop import Worker
from workers.worker.roles import ROLES, stages_for

_BY_KIND: dict[type[PoolError], WorkerExit] = {
    ModelError: WorkerExit.NO_MODEL,
    QueueError: WorkerExit.QUEUE,
    EngineError: WorkerExit.ENGINE,
}
_FRESH_S = 5.0  # a heartbeat that is older is that of a worker which is gone


@contextlib.contextmanager
def explained() -> Iterator[None]:
    """Turn errors into one line on stderr and the exit status that the coordinator knows."""
    try:
        yield
    except PoolError as error:
        status = next((s for kind, s in _BY_KIND.items() if isinstance(error, kind)), None)
        _end(str(error), status or error.exit_status)
    except MemoryError:
        _end("out of memory", WorkerExit.NO_MEMORY)
    except OSError as error:
        _end(str(error), WorkerExit.FULL_DISK if error.errno in NO_ROOM else WorkerExit.SYSTEM)


def _end(message: str, status: int) -> NoReturn:
    # One line: the coordinator shows the last one.
    print(f"error: {' '.join(message.split())}", file=sys.stderr, flush=True)
    sys.exit(status)


def main(arguments: list[str] | None = None) -> None:
    """The command `python -m workers.worker`."""
    options = _parse(arguments)
    with explained():
        run = RunFolder.at(options.run).open()
        if stages_for(run.config, options.role):
            worker = _make(run, options)
            asyncio.run(_work(worker, options.parent_pipe))
            if not (worker.stopped or options.parent_pipe):
                print(f"nothing is left to do in run {run.name}")
        else:
            print(f"nothing to do: no stage of {run.name} is for a {options.role} worker")


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = CommandParser(
        prog="python -m workers.worker",
        description="Add a worker to a run; it ends when nothing is left to do.",
    )
    parser.add_version()
    parser.add_argument("--run", required=True, metavar="RUN", help="name or folder of the run")
    parser.add_argument(
        "--role",
        choices=ROLES,
        default="batch",
        help="batch: all stages; speculative: the same, stages with long answers first; "
        "cpu: the stages that need no model (default: batch)",
    )
    parser.add_argument("--worker-id", metavar="ID", help=argparse.SUPPRESS)
    parser.add_argument("--workers", type=int, metavar="N", help=argparse.SUPPRESS)
    parser.add_argument("--parent-pipe", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


def _make(run: RunFolder, options: argparse.Namespace) -> Worker:
    more_may_come = (lambda: True) if options.parent_pipe else run.coordinator_alive
    return Worker(
        run,
        options.role,
        options.worker_id or f"hand-{secrets.token_hex(4)}",
        more_may_come,
        options.workers or _others(run, options.role) + 1,
    )


def _others(run: RunFolder, role: str) -> int:
    """How many workers of a run share memory and chunks with one of this role."""
    beats = filter(None, map(read_heartbeat, run.workers_dir.glob("*.json")))
    living = [beat.role for beat in beats if time.time() - beat.time < _FRESH_S]
    return alike(role, living)


async def _work(worker: Worker, child: bool) -> None:
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
