"""The command `python -m workers.worker`: joins a run as one more worker."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import secrets
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

from workers.core.command_parser import CommandParser
from workers.core.errors import ModelError, PoolError, QueueError
from workers.core.files import NO_ROOM
from workers.run.run_folder import RunFolder
from workers.worker.heartbeat import watch_parent
from workers.worker.loop import Worker
from workers.worker.roles import ROLES

EXIT_NO_MODEL = 3
EXIT_QUEUE = 4
EXIT_DISK = 5
EXIT_MEMORY = 6


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
    except MemoryError:
        print("error: out of memory", file=sys.stderr, flush=True)
        sys.exit(EXIT_MEMORY)
    except OSError as error:
        print(f"error: {error}", file=sys.stderr, flush=True)
        sys.exit(EXIT_DISK if error.errno in NO_ROOM else EXIT_QUEUE)


def main(arguments: list[str] | None = None) -> None:
    """The command `python -m workers.worker`."""
    parser = CommandParser(
        prog="python -m workers.worker", description="Join a run as one more worker."
    )
    parser.add_argument("--run", required=True, metavar="RUN", help="name or folder of the run")
    parser.add_argument("--role", choices=ROLES, default="batch", help="what to work on")
    parser.add_argument("--worker-id", metavar="ID", help=argparse.SUPPRESS)
    parser.add_argument("--workers", type=int, metavar="N", help=argparse.SUPPRESS)
    parser.add_argument("--parent-pipe", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    with explained():
        name = options.run
        run = (RunFolder(Path(name)) if "/" in name else RunFolder.named(name)).open()
        worker_id = options.worker_id or f"hand-{secrets.token_hex(4)}"
        workers = options.workers or len(list(run.workers_dir.glob("*.json"))) + 1
        child = options.parent_pipe
        more_may_come = (lambda: True) if child else run.coordinator_alive
        asyncio.run(_run(Worker(run, options.role, worker_id, more_may_come, workers), child))


async def _run(worker: Worker, child: bool) -> None:
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
