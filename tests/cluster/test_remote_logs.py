"""Another machine's log lines: under its name, without its chunks and without rubbish."""

from __future__ import annotations

from pathlib import Path

from workers.cluster.remote_logs import RemoteLogs
from workers.metrics.batch_figures import BatchFigures
from workers.metrics.metric_kinds import SealedChunk
from workers.metrics.metric_lines import read_metrics
from workers.performance_logger import PerformanceLogger


def test_lines_are_kept_under_the_machines_name(tmp_path: Path) -> None:
    there = PerformanceLogger(tmp_path / "there", "w1")
    there.event("start")
    figures = BatchFigures(rows=4, prompt_tokens=9, generated_tokens=60, seconds=1.0)
    there.batch("2_data_filter", figures)
    there.chunk(SealedChunk("2_data_filter", "chunk-000001", 4, 4, 0, 0, seconds=1.0))
    there.flush()
    logs = RemoteLogs(tmp_path / "here", "alpha")
    logs.add("../w1", there.lines_path.read_bytes() + b"\x80rubbish\n{}\n")
    kept = list(read_metrics(tmp_path / "here"))
    assert [line.kind for line in kept] == ["start", "batch"]
    assert {line.worker for line in kept} == {"alpha...-w1"}
    assert [path.parent for path in tmp_path.rglob("alpha*")] == [tmp_path / "here"]
    assert logs.tokens_per_s > 0 and logs.rows == 4
