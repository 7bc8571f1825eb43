"""A status snapshot as tests of what people see want one."""

from __future__ import annotations

from workers.observe.status import RecordCounts, RunStatus, StageStatus
from workers.pool.pool import WorkerView


def snapshot(run: str = "r", state: str = "running") -> RunStatus:
    counts = RecordCounts(6_400_000, 5_000_000, 400_000, 17)
    stages = [
        StageStatus(name, 5_000, 2, 95_000, 12, counts, 1234.5, 123.4, 900.1, 99.8, 32, 30, 0.381)
        for name in ("2_data_filter", "3_data_structurer", "4_domain_classifier")
    ]
    stages[0].dead_letters = {"a prompt of N tokens doesn't fit": 17}
    worker = WorkerView(
        4_000_000, "speculative", "restarting", stages[2].name, "chunk-100000.r10", 12_000, 3
    )
    return RunStatus(run, state, stages, [worker.to_json()], 4000.0, 7200.0)
