"""A status snapshot as tests of what people see want one."""

from __future__ import annotations

from workers.observe.status import RecordCounts, RunStatus, StageSpeed, StageStatus
from workers.queue.chunk_folder import ChunkCounts
from workers.run.worker_view import WorkerView

NAMES = ("2_data_filter", "3_data_structurer", "4_domain_classifier")
REASON = "CVE-2021-44228.json: a prompt of 2100 tokens doesn't fit"


def snapshot(
    run: str = "r",
    state: str = "running",
    message: str | None = None,
    chunk: str = "chunk-100000.r10",
) -> RunStatus:
    """A large run with everything in it."""
    chunks = ChunkCounts(5_000, 2, 95_000, 12)
    records = RecordCounts(6_400_000, 5_000_000, 400_000, 17)
    speed = StageSpeed(1234.5, 123.4, 900.1, 99.8, 32, 30, 0.381)
    reasons: tuple[dict[str, int], ...] = ({REASON: 17}, {}, {})
    stages = tuple(
        StageStatus(name, chunks, records, speed, dead_letters)
        for name, dead_letters in zip(NAMES, reasons, strict=True)
    )
    worker = WorkerView(4_000_000, "speculative", "restarting", NAMES[2], chunk, 12_000, 3)
    return RunStatus(run, state, stages, (worker,), 4000.0, 7200.0, message)
