"""What a worker process logs about itself and the chunks it seals.

Knows the logger and a chunk's outcomes; measures nothing of the model.  Invariant: of a
record nothing is logged but why it failed or was removed.
"""

from __future__ import annotations

import time
from pathlib import Path

import psutil

from stages.base import Failed, Removed
from workers.metrics.reasons import MOST_KINDS, Reasons
from workers.performance_logger import PerformanceLogger, SealedChunk
from workers.queue.sealed import count_outcomes
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
    counts = count_outcomes(lines)
    outcomes = [line.outcome for line in lines]
    errors = Reasons.of(end.error for end in outcomes if isinstance(end, Failed))
    reasons = Reasons.of(end.reason for end in outcomes if isinstance(end, Removed))
    logger.chunk(
        SealedChunk(
            run.stage.name,
            run.chunk.name,
            *(counts.total, counts.results, counts.removed, counts.failed),
            seconds=run.seconds,
            waited_seconds=round(run.chunk.waited_seconds, 3),
            errors=errors.most_common(MOST_KINDS),
            reasons=reasons.most_common(MOST_KINDS),
        )
    )
