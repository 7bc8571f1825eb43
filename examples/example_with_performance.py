"""A stage of your own, measured with PerformanceLogger: a block, a decorated function, events.

Runs by itself, without a model: `python examples/example_with_performance.py`.  It reads a
few log lines, tells attacks from noise, and shows what was measured.  The same logger writes
the lines that `status` and `report` read.  Invariant: nothing is left behind but the folder
that is named on the command line.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # so that it also runs as `python examples/...`

from workers.performance_logger import PerformanceLogger, read_metrics  # noqa: E402

LINES = (
    "sshd: Failed password for root from 203.0.113.7 port 51022",
    "cron: session opened for user backup",
    "sshd: Failed password for admin from 203.0.113.7 port 51024",
    "kernel: usb 1-2: new high-speed device",
    "nginx: GET /../../etc/passwd HTTP/1.1 400",
    "garbled \ufffd\ufffd line",
)
SIGNS = ("Failed password", "/etc/passwd")


def main(argv: Sequence[str] | None = None) -> int:
    """Work, measure, show."""
    parser = argparse.ArgumentParser(description="A stage of your own, measured.")
    parser.add_argument("--logs", type=Path, metavar="FOLDER", help="keep the logs here")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.logs or Path(scratch)
        logger = PerformanceLogger(folder, "my-stages")
        try:
            work(logger)
        finally:
            logger.close()  # writes what waits, and the session summary
        show(folder, logger)
    return 0


def work(logger: PerformanceLogger) -> None:
    """Three ways to measure."""
    # 1. A block: say how many items it takes; add fields, or correct the number, inside.
    with logger.measure("parse", items=len(LINES)) as block:
        parsed = [line for line in LINES if "\ufffd" not in line]
        block.fields["unreadable"] = len(LINES) - len(parsed)

    # 2. A function: every call is a block of one item.  It may be a coroutine.
    @logger.measured("classify")
    async def classify(line: str) -> str:
        await asyncio.sleep(0.3)  # where a real stage would wait for a model
        return "attack" if any(sign in line for sign in SIGNS) else "noise"

    async def classify_all(lines: Iterable[str]) -> list[str]:
        return await asyncio.gather(*(classify(line) for line in lines))

    verdicts = asyncio.run(classify_all(parsed))

    # 3. Anything worth a line of its own.
    logger.event("alarm", attacks=verdicts.count("attack"), at=time.strftime("%H:%M:%S"))

    # An error inside a block is counted by its type, and goes on to the caller.
    try:
        with logger.measure("export"):
            raise PermissionError("the share is read-only")
    except PermissionError:
        pass


def show(folder: Path, logger: PerformanceLogger) -> None:
    """The lines that were written, and the summary's figures."""
    print(f"lines in {logger.lines_path.name}:")
    for line in read_metrics(folder):
        print(f"  {line.kind}: {line.body.to_fields()}")
    print(f"\n{'stage':<10} {'blocks':>6} {'items':>6} {'seconds':>8}  errors")
    summary = logger.summary()
    for name, stage in summary.stages.items():
        work, errors = stage.sums, ", ".join(stage.errors) or "-"
        print(
            f"{name:<10} {work.work_blocks:>6} {work.work_items:>6} {work.work_seconds:>8.3f}  "
            f"{errors}"
        )
    print(f"\nlogging took {summary.logging_share or 0:.2%} of {summary.wall_seconds:.1f} s")


if __name__ == "__main__":
    sys.exit(main())
