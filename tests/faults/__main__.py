"""The command `python -m tests.faults`: makes the faults of the matrix and prints the table.

Invariant: the exit status is 0 only when every row that was run is clean.
"""

from __future__ import annotations

import argparse
import os
import platform
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path

from tests.faults.rig import PROJECT, Rig
from tests.faults.rows import ROWS, Row
from tests.faults.sabotage import SABOTAGES, notice
from tests.faults.tally import Line, Tally, table


def main() -> int:
    """Run the rows that were asked for; prints each as it ends, then the table."""
    # A shell without job control starts what is in the background with SIGINT ignored, and all
    # that this starts would inherit it; what has a handler here has the default there.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    options = _parse()
    if options.broken:
        return _break(options.broken, options)
    wanted = _numbers(options.rows)
    lines, begun = [], time.monotonic()
    with tempfile.TemporaryDirectory(prefix="faults-", dir=options.scratch) as folder:
        rig = Rig(Path(folder), options.project, options.model, options.seed, short=options.share)
        for row in ROWS:
            times = options.times or (row.share if options.share else row.full)
            if not times or (wanted and row.number not in wanted):
                lines.append(Line(row.number, row.fault, None))
                continue
            lines.append(_run(row, times, rig, options.lanes))
            print(" | ".join(lines[-1].cells()), f"({lines[-1].seconds:.0f} s)", flush=True)
    print("\n" + "\n\n".join([_circumstances(time.monotonic() - begun), table(lines)]))
    return 0 if all(line.tally is None or line.tally.clean for line in lines) else 1


def _break(what: str, options: argparse.Namespace) -> int:
    """Point the harness at broken copies; the exit status is 0 when it reports each."""
    missed = 0
    for sabotage in SABOTAGES:
        if what in ("all", sabotage.what):
            with tempfile.TemporaryDirectory(prefix="faults-", dir=options.scratch) as folder:
                found = notice(sabotage, Path(folder), options.seed)
            missed += found is None
            print(f"{sabotage.what}: {found or 'NOT NOTICED'}", flush=True)
    return 1 if missed else 0


def _circumstances(seconds: float) -> str:
    """What a reader of the table has to know: when, on what, of which sources, how long."""
    words = ["git", "describe", "--always", "--dirty", "--abbrev=12"]
    found = subprocess.run(words, cwd=PROJECT, capture_output=True, text=True)
    commit = found.stdout.strip() or "unknown"
    machine = f"{platform.system()} {platform.release().split('-')[0]}, {os.cpu_count()} cores"
    ended = time.strftime("%Y-%m-%d %H:%M")
    return f"{ended}, commit {commit}, {machine}, {seconds / 60:.0f} minutes"


def _run(row: Row, times: int, rig: Rig, lanes: int) -> Line:
    begun = time.monotonic()
    try:
        tally = row.make(rig, times, lanes)
    except Exception as error:
        traceback.print_exc()
        tally = Tally(problems=[f"the harness itself failed: {error!r}"])
    return Line(row.number, row.fault, tally, time.monotonic() - begun)


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--rows", metavar="LIST", help="as in 1,4,12-14 (default: all)")
    parser.add_argument("--share", action="store_true", help="the small counts of make test")
    parser.add_argument("--times", type=int, metavar="N", help="this often, whatever the row says")
    parser.add_argument("--lanes", type=int, default=1, metavar="N", help="this many side by side")
    parser.add_argument("--broken", metavar="WHAT", help="try a broken copy, or all of them")
    parser.add_argument("--project", type=Path, default=PROJECT, help="the copy under test")
    parser.add_argument("--model", help="run the storms with this model instead of by rules alone")
    parser.add_argument("--seed", type=int, default=int(time.time()) % 100_000)
    parser.add_argument(
        "--scratch", type=Path, help="where runs are made (default: the temp folder)"
    )
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    return options


def _numbers(text: str | None) -> set[int]:
    wanted: set[int] = set()
    for part in (text or "").split(","):
        first, _, last = part.partition("-")
        if first:
            wanted |= set(range(int(first), int(last or first) + 1))
    return wanted


if __name__ == "__main__":
    sys.exit(main())
