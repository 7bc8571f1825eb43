"""What a worker process logs about itself and the chunks it seals.

Knows the logger and a chunk's outcomes; measures nothing of the model.  Invariant: no
text of a record is logged, only kinds of errors and reasons.
"""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

import psutil

from workers.metrics.session_totals import error_kinds
from workers.performance_logger import PerformanceLogger
from workers.worker.chunk_run import ChunkRun


def worker_logger(folder: Path, worker: str, role: str) -> PerformanceLogger:
    """The log of this process; its account of time begins when the process did."""
    process = psutil.Process()
    started = process.create_time()
    logger = PerformanceLogger(folder, worker, since=started)
    logger.phase("load", time.time() - started)
    logger.event("start", role=role, pid=process.pid)
    return logger


def log_chunk(logger: PerformanceLogger, run: ChunkRun) -> None:
    """The line of a sealed chunk."""
    lines = list(run.chunk.outcomes.values())
    counts = Counter(str(line["outcome"]) for line in lines)
    logger.chunk(
        run.stage.name,
        run.chunk.name,
        len(lines),
        run.seconds,
        counts["result"],
        counts["removed"],
        counts["failed"],
        waited_seconds=round(run.chunk.waited_seconds, 3),
        errors=error_kinds(line["error"] for line in lines if line["outcome"] == "failed"),
        reasons=error_kinds(line["reason"] for line in lines if line["outcome"] == "removed"),
    )
