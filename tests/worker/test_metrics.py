"""What a worker logs: since when it works, and how the records of a chunk ended."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import psutil

from stages.base import Failed, LanguageModel, Outcome, Record, Removed, Result, Stage
from tests.engine_tools import metric_lines
from tests.run_tools import STAGES, make_run, numbered
from workers.worker.chunk_run import ChunkRun
from workers.worker.metrics import log_chunk, worker_logger

SECRET = "hunter2"


class Sorting(Stage):
    """Removes even records, fails those that three divides."""

    name = STAGES[0]

    async def process(self, record: Record, llm: LanguageModel | None) -> Outcome:
        if record["n"] % 3 == 0:
            return Failed(f"no text in record {record['n']}")
        return Removed("even") if record["n"] % 2 == 0 else Result(record)


def test_a_workers_account_of_time_begins_with_its_process(tmp_path: Path) -> None:
    age = time.time() - psutil.Process().create_time()
    logger = worker_logger(tmp_path, "w1-00000000", "batch")
    assert logger.summary().wall_seconds >= age - 0.01  # of a clock in ticks
    logger.close()
    (start,) = metric_lines(tmp_path, "start")
    assert (start["role"], start["pid"]) == ("batch", psutil.Process().pid)
    loading = sum(line["phases"]["load"] for line in metric_lines(tmp_path, "time"))
    assert age - 0.1 <= loading <= age + 5


def test_a_sealed_chunk_is_logged_with_counts_and_reasons(tmp_path: Path) -> None:
    run = make_run(tmp_path, [{"n": n["n"], "x": SECRET} for n in numbered(8)], chunk_size=8)
    chunk = run.queues[0].claim("w1-00000000")
    assert chunk is not None
    chunk_run = ChunkRun(chunk, Sorting(), None)
    for group in chunk.groups():
        chunk.begin(group)
        for record_id in group:
            record = chunk.envelope(record_id).record
            assert record is not None
            chunk.record(record_id, _outcome(record))
    logger = worker_logger(tmp_path / "logs", "w1-00000000", "batch")
    log_chunk(logger, chunk_run)
    logger.close()
    (line,) = metric_lines(tmp_path / "logs", "chunk")
    assert (line["stage"], line["chunk"]) == (STAGES[0], chunk.name)
    assert [line[name] for name in ("records", "results", "removed", "failed")] == [8, 3, 2, 3]
    assert SECRET not in str(line) and "even" in str(line["reasons"])
    assert "no text in record" in str(line["errors"])


def _outcome(record: Record) -> Outcome:
    return asyncio.run(Sorting().process(record, None))
