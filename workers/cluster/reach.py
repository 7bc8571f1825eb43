"""The command `python -m workers.cluster.reach`: whether a machine can join, and why not.

Started by `workers.cluster_worker` before Dask's worker is, which would say it in a hundred lines.
Knows exit statuses; the check is the coordinator's own.  Invariant: one line, or none.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from workers.cluster.access import Access, NobodyThere, check, for_machines
from workers.core.command_parser import CommandParser
from workers.core.errors import UsageError
from workers.core.exit_status import ExitStatus


def main(arguments: list[str] | None = None) -> int:
    """0: it can; 1: nobody is there yet; 2: it can't, and waiting does not help."""
    options = _parse(arguments)
    try:
        facts = check(Access(options.scheduler, options.certs))
    except UsageError as error:
        print(for_machines(str(error)))
        return ExitStatus.FAILED if isinstance(error, NobodyThere) else ExitStatus.USAGE
    if options.name in facts.names:  # it may be ours, which the scheduler takes to be there still
        print(
            f"{facts.address}: another machine is there as {options.name}; give this one another "
            "--name, unless that one leaves"
        )
        return ExitStatus.FAILED
    return ExitStatus.FINISHED


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = CommandParser(prog="python -m workers.cluster.reach", description="Ask a scheduler.")
    parser.add_argument("scheduler", help="its address, or its file")
    parser.add_argument("--certs", type=Path, help="folder of certificates")
    parser.add_argument("--name", help="of the machine")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
