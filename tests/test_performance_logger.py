"""PerformanceLogger: lines as they come, totals at the end, and no harm to the run."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import orjson
import pytest

from workers import performance_logger
from workers.performance_logger import PerformanceLogger, read_metrics

STAGE = "2_data_filter"


def lines_of(logger: PerformanceLogger) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in logger.lines_path.read_bytes().splitlines() if line]


def test_a_batch_line_holds_figures_rates_and_memory(tmp_path: Path) -> None:
    logger = PerformanceLogger(tmp_path / "run", "w1-0badf00d")
    logger.batch(STAGE, 8, 400, 120, 2.0, first_token_seconds=0.5)
    logger.close()
    [line] = lines_of(logger)
    assert line["kind"] == "batch" and line["worker"] == "w1-0badf00d"
    assert (line["rows"], line["prompt_tokens"], line["generated_tokens"]) == (8, 400, 120)
    assert (line["tokens_per_s"], line["items_per_s"]) == (60.0, 4.0)
    assert line["first_token_seconds"] == 0.5
    assert line["rss_mb"] > 1 and line["available_mb"] > 1
    assert abs(line["time"] - time.time()) < 60


def test_a_chunk_line_tells_how_its_records_ended(tmp_path: Path) -> None:
    logger = PerformanceLogger(tmp_path, "w1")
    logger.chunk(STAGE, "chunk-000001", 10, 4.0, 6, 3, 1)
    logger.close()
    [line] = lines_of(logger)
    assert (line["results"], line["removed"], line["failed"]) == (6, 3, 1)
    assert (line["chunk"], line["items_per_s"]) == ("chunk-000001", 2.5)


def test_a_window_counts_answered_requests_not_rows(tmp_path: Path) -> None:
    logger = PerformanceLogger(tmp_path, "w1")
    logger.batch(STAGE, 8, 400, 120, 2.0, requests_count=3)
    logger.close()
    assert lines_of(logger)[0]["items_per_s"] == 1.5


def test_no_time_gives_no_rate(tmp_path: Path) -> None:
    logger = PerformanceLogger(tmp_path, "w1")
    logger.batch(STAGE, 1, 1, 1, 0.0)
    logger.close()
    assert lines_of(logger)[0]["tokens_per_s"] is None


def test_the_summary_adds_up_by_stage(tmp_path: Path) -> None:
    logger = PerformanceLogger(tmp_path, "w1")
    logger.batch(STAGE, 8, 400, 120, 2.0, forced_tokens=7, peak_mb=900)
    logger.batch(STAGE, 2, 100, 40, 2.0, forced_tokens=1, peak_mb=800)
    logger.batch("3_data_structurer", 1, 10, 5, 1.0)
    logger.chunk(STAGE, "chunk-000001", 10, 4.0, 6, 3, 1)
    logger.event("restart", reason="exit 3")
    logger.close()
    summary = orjson.loads(logger.summary_path.read_bytes())
    totals = summary["stages"][STAGE]
    assert (totals["batches"], totals["rows"], totals["largest_batch"]) == (2, 10, 8)
    assert (totals["mean_batch"], totals["tokens_per_s"], totals["items_per_s"]) == (5.0, 40.0, 2.5)
    assert totals["extras"] == {"forced_tokens": 8}
    assert summary["stages"]["3_data_structurer"]["generated_tokens"] == 5
    assert summary["events"] == {"restart": 1}
    assert summary["peak_rss_mb"] > 1 and summary["lines_dropped"] == 0


def test_lines_wait_until_a_second_has_passed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    logger = PerformanceLogger(tmp_path, "w1")
    logger.event("first")
    assert not logger.lines_path.exists()
    monkeypatch.setattr(performance_logger, "FLUSH_SECONDS", 0.0)
    logger.event("second")
    assert [line["kind"] for line in lines_of(logger)] == ["first", "second"]


def test_a_heartbeat_flushes_an_idle_worker(tmp_path: Path) -> None:
    logger = PerformanceLogger(tmp_path, "w1")
    logger.event("idle")
    logger.flush()
    logger.flush()
    assert [line["kind"] for line in lines_of(logger)] == ["idle"]


def test_a_log_that_cannot_be_written_warns_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "run").write_text("a file where the folder should be")
    logger = PerformanceLogger(tmp_path / "run", "w1")
    for _ in range(3):
        logger.event("lost")
        logger.flush()
    logger.close()
    assert logger.summary()["lines_dropped"] == 3
    warnings = capsys.readouterr().err.splitlines()
    assert len(warnings) == 1 and str(logger.lines_path) in warnings[0]


def test_the_log_returns_when_the_folder_does(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("in the way")
    logger = PerformanceLogger(tmp_path / "run", "w1")
    logger.event("lost")
    logger.flush()
    (tmp_path / "run").unlink()
    logger.event("kept")
    logger.close()
    assert [line["kind"] for line in read_metrics(tmp_path / "run")] == ["kept"]


@pytest.mark.parametrize(
    "value", ["\ud800", 2**70, Path("a"), float("nan"), {1: 2}, b"x", object()]
)
def test_no_value_raises_into_the_run(tmp_path: Path, value: Any) -> None:
    logger = PerformanceLogger(tmp_path, "w1")
    logger.event("odd", value=value)
    logger.close()
    assert next(read_metrics(tmp_path))["kind"] == "odd"


def test_numpy_numbers_are_numbers(tmp_path: Path) -> None:
    import numpy

    logger = PerformanceLogger(tmp_path, "w1")
    logger.event("odd", value=numpy.float32(0.5), many=numpy.arange(2))
    logger.close()
    [line] = lines_of(logger)
    assert (line["value"], line["many"]) == (0.5, [0, 1])


def test_damaged_lines_are_skipped(tmp_path: Path) -> None:
    for worker in ("w1", "w2"):
        logger = PerformanceLogger(tmp_path, worker)
        logger.event("first")
        logger.event("second")
        logger.close()
    path = tmp_path / "w1.jsonl"
    path.write_bytes(b'[1]\n\xff\xfe\n\x00\n{"kind": "to\n' + path.read_bytes()[:-9])
    found = [(line["worker"], line["kind"]) for line in read_metrics(tmp_path)]
    assert found == [("w1", "first"), ("w2", "first"), ("w2", "second")]


def test_a_torn_last_line_does_not_spoil_the_next_session(tmp_path: Path) -> None:
    (tmp_path / "w1.jsonl").write_bytes(b'{"kind": "torn by a cra')
    logger = PerformanceLogger(tmp_path, "w1")
    logger.event("after")
    logger.close()
    assert [line["kind"] for line in read_metrics(tmp_path)] == ["after"]


def test_no_folder_gives_no_metrics(tmp_path: Path) -> None:
    assert list(read_metrics(tmp_path / "absent")) == []


def test_the_logger_knows_what_it_costs(tmp_path: Path) -> None:
    logger = PerformanceLogger(tmp_path, "w1")
    begun = time.perf_counter()
    for _ in range(2000):
        logger.batch(STAGE, 8, 400, 120, 2.0)
    taken = time.perf_counter() - begun
    assert 0 < logger.summary()["logging_seconds"] < taken
    # Measured: 5 microseconds; 200 leaves room for a busy machine and still is < 0.1%
    # of the fastest batch there is.
    assert taken / 2000 < 200e-6


def test_it_needs_no_mlx() -> None:
    code = "import sys, workers.performance_logger; sys.exit('mlx' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[1])
