"""The command `python -m workers.cluster`: the bridge's process, started by the coordinator.

Knows flags, signals and exit statuses; the work is the bridge's.  Invariant: whatever ends it,
its last line says why and its status is one that the coordinator knows.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
from pathlib import Path

from workers.cluster.access import Access
from workers.cluster.bridge import Bridge
from workers.cluster.link import PATIENCE_S, Link, SchedulerLost
from workers.core.command_parser import CommandParser
from workers.run.run_folder import RunFolder
from workers.worker.__main__ import explained
from workers.worker.heartbeat import watch_parent


def main(arguments: list[str] | None = None) -> None:
    """The command."""
    options = _parse(arguments)
    with explained():
        access = Access(options.cluster, Path(options.certs) if options.certs else None)
        asyncio.run(_work(options, access))


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = CommandParser(prog="python -m workers.cluster", description="Bridge to a cluster.")
    parser.add_argument("--cluster", required=True, help="address of the scheduler")
    parser.add_argument("--certs", help="folder of certificates")
    parser.add_argument("--run", required=True, help="name or folder of the run")
    parser.add_argument("--role", help="always cluster")
    parser.add_argument("--worker-id", required=True, help="as the journal has it")
    parser.add_argument("--workers", type=int, default=0, help="workers at home")
    parser.add_argument("--parent-pipe", action="store_true", help="end when standard input does")
    return parser.parse_args(arguments)


async def _work(options: argparse.Namespace, access: Access) -> None:
    run = RunFolder(options.run) if "/" in options.run else RunFolder.named(options.run)
    patience = min(PATIENCE_S, run.open().config.worker_timeout)
    bridge = Bridge(
        run,
        options.worker_id,
        access.resolved(),
        lambda: Link.open(access, patience),
        SchedulerLost,
        options.workers,
    )
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, bridge.stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it reaches the coordinator, which tells us
    if options.parent_pipe:
        watch_parent(lambda: loop.call_soon_threadsafe(bridge.stop))
    await bridge.work()


if __name__ == "__main__":
    main()
