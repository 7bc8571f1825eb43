"""PerformanceLogger: lines as they come, totals at the end, and no harm to the run."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import jsonschema
import orjson
import pytest

from workers import performance_logger
from workers.metrics.metric_kinds import PhaseTimes
from workers.metrics.session_totals import Totals
from workers.performance_logger import (
    BatchFigures,
    Drafts,
    FirstTokens,
    PerformanceLogger,
    SealedChunk,
    read_metrics,
)

STAGE = "2_data_filter"
SCHEMA_FILE = Path(__file__).parents[1] / "docs" / "session_summary.schema.json"


def lines_of(logger: PerformanceLogger) -> list[dict[str, Any]]:
    """All but the account of time, which every session ends with."""
    lines = [orjson.loads(line) for line in logger.lines_path.read_bytes().splitlines() if line]
    return [line for line in lines if line["kind"] != "time"]


def kinds_in(folder: Path) -> list[tuple[str, str]]:
    found = [(line.worker, line.kind) for line in read_metrics(folder)]
    return [(worker, kind) for worker, kind in found if kind != "time"]


def figures(rows: int, prompt: int, generated: int, seconds: float, **more: Any) -> BatchFigures:
    return BatchFigures(rows, prompt, generated, seconds, **more)


def test_a_batch_line_holds_figures_rates_and_memory(tmp_path: Path) -> None:
    logger = PerformanceLogger(tmp_path / "run", "w1-0badf00d")
    logger.batch(STAGE, figures(8, 400, 120, 2.0, first_tokens=FirstTokens.of([0.5, 0.25])))
    logger.close()
    [line] = lines_of(logger)
    assert line["kind"] == "batch" and line["worker"] == "w1-0badf00d"
    assert (line["rows"], line["prompt_tokens"], line["generated_tokens"]) == (8, 400, 120)
    assert (line["tokens_per_s"], line["items_per_s"]) == (60.0, 4.0)
    assert line["first_token"] == {"count": 2, "seconds": 0.75, "slowest_s": 0.5}
    assert "drafts" not in line and "forced_tokens" not in line
    assert line["rss_mb"] > 1 and line["available_mb"] > 1
    assert abs(line["time"] - time.time()) < 60


def test_a_chunk_line_tells_how_its_records_ended(tmp_path: Path) -> None:
    logger = PerformanceLogger(tmp_path, "w1")
    logger.chunk(SealedChunk(STAGE, "chunk-000001", 10, 6, 3, 1, seconds=4.0))
    logger.close()
    [line] = lines_of(logger)
    assert (line["results"], line["removed"], line["failed"]) == (6, 3, 1)
    assert (line["chunk"], line["items_per_s"]) == ("chunk-000001", 2.5)


def test_a_window_counts_answered_requests_not_rows(tmp_path: Path) -> None:
    logger = PerformanceLogger(tmp_path, "w1")
    logger.batch(STAGE, figures(8, 400, 120, 2.0, requests=3))
    logger.close()
    assert lines_of(logger)[0]["items_per_s"] == 1.5


def test_no_time_gives_no_rate(tmp_path: Path) -> None:
    logger = PerformanceLogger(tmp_path, "w1")
    logger.batch(STAGE, figures(1, 1, 1, 0.0))
    logger.close()
    assert lines_of(logger)[0]["tokens_per_s"] is None


def worked_session(folder: Path) -> PerformanceLogger:
    logger = PerformanceLogger(folder, "w1")
    drafts = {"suffix": Drafts(2, 8, 5), "grammar": Drafts(1, 3, 3)}
    memory = {"mlx_active_mb": 500, "mlx_cache_mb": 20, "mlx_peak_mb": 900}
    logger.batch(STAGE, figures(8, 400, 120, 2.0, forced_tokens=7, drafts=drafts, memory=memory))
    later = {"suffix": Drafts(1, 4, 1)}
    logger.batch(STAGE, figures(2, 100, 40, 2.0, forced_tokens=1, drafts=later, prefix_tokens=60))
    logger.batch("3_data_structurer", figures(1, 10, 5, 1.0))
    more: dict[str, Any] = {"waited_seconds": 2.5, "errors": {"E": 1}}
    logger.chunk(SealedChunk(STAGE, "chunk-000001", 10, 6, 3, 1, seconds=4.0, **more))
    logger.event("restart", reason="exit 3")
    logger.phase("decode", 0.25)
    logger.close()
    return logger


def test_the_summary_adds_up_by_stage(tmp_path: Path) -> None:
    summary = orjson.loads(worked_session(tmp_path).summary_path.read_bytes())
    totals = summary["stages"][STAGE]
    assert (totals["batches"], totals["rows"], totals["largest_batch"]) == (2, 10, 8)
    assert (totals["mean_batch"], totals["tokens_per_s"], totals["items_per_s"]) == (5.0, 40.0, 2.5)
    assert (totals["forced_tokens"], totals["prefix_tokens"]) == (8, 60)
    assert totals["drafts"]["suffix"] == {
        "drafts": 3,
        "proposed": 12,
        "accepted": 6,
        "acceptance": 0.5,
        "mean_length": 2.0,
    }
    assert totals["tokens_saved"] == 9
    assert (totals["waited_seconds"], totals["errors"]) == (2.5, {"E": 1})
    assert summary["stages"]["3_data_structurer"]["generated_tokens"] == 5
    assert summary["events"] == {"restart": 1}
    assert summary["peak_rss_mb"] > 1 and summary["peak_mlx_mb"] == 900
    assert summary["lines_dropped"] == 0


def test_the_lines_add_up_to_the_summary(tmp_path: Path) -> None:
    logger = worked_session(tmp_path)
    again = Totals()
    for line in read_metrics(tmp_path):
        again.add(line)
    summary = logger.summary()
    assert {name: stage.summary() for name, stage in again.stages.items()} == summary.stages
    assert (again.phases, again.events) == (summary.phases, summary.events)
    assert (again.peak_rss_mb, again.peak_mlx_mb) == (summary.peak_rss_mb, summary.peak_mlx_mb)


def test_the_summary_fits_its_schema(tmp_path: Path) -> None:
    schema = orjson.loads(SCHEMA_FILE.read_bytes())
    summary = orjson.loads(worked_session(tmp_path).summary_path.read_bytes())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(summary, schema)
    del summary["stages"][STAGE]["tokens_saved"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(summary, schema)


def test_phases_add_up_to_the_time_there_was(tmp_path: Path) -> None:
    logger = PerformanceLogger(tmp_path, "w1", since=time.time() - 2)
    with logger.in_phase("wait"):
        time.sleep(0.02)
    logger.phase("decode", 2.5)  # more than there was: the next window has less left over
    logger.close()
    time.sleep(0.6)
    logger.close()
    bodies = [line.body for line in read_metrics(tmp_path)]
    spent = [body for body in bodies if isinstance(body, PhaseTimes)]
    assert spent[0].phases["wait"] >= 0.02 and spent[0].phases["other"] == 0
    whole = sum(times.seconds for times in spent)
    assert whole == pytest.approx(logger.summary().wall_seconds, abs=0.1) and whole >= 2.6
    assert sum(sum(times.phases.values()) for times in spent) == pytest.approx(whole, abs=0.01)


# A user's own stages


def test_a_block_is_measured_and_its_error_goes_on(tmp_path: Path) -> None:
    logger = PerformanceLogger(tmp_path, "mine")
    with logger.measure("parse", items=3) as work:
        work.items += 1
        work.fields["source"] = "feed"
    with pytest.raises(ZeroDivisionError), logger.measure("parse"):
        raise ZeroDivisionError
    logger.close()
    good, bad = lines_of(logger)
    assert (good["items"], good["source"], "error" in good) == (4, "feed", False)
    assert bad["error"] == "ZeroDivisionError"
    parse = logger.summary().stages["parse"]
    assert (parse.sums.work_blocks, parse.sums.work_items) == (2, 5)
    assert parse.errors == {"ZeroDivisionError": 1}


def test_a_decorated_function_is_measured_plain_or_awaited(tmp_path: Path) -> None:
    logger = PerformanceLogger(tmp_path, "mine")

    @logger.measured("double")
    def double(value: int) -> int:
        return 2 * value

    @logger.measured("later")
    async def later(value: int) -> int:
        await asyncio.sleep(0.02)
        return value

    assert double(4) == 8 and double.__name__ == "double"
    assert asyncio.run(later(3)) == 3
    stages = logger.summary().stages
    assert stages["double"].sums.work_blocks == 1
    assert stages["later"].sums.work_seconds >= 0.02


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
    assert logger.summary().lines_dropped == 3
    logger.close()
    warnings = capsys.readouterr().err.splitlines()
    assert len(warnings) == 1 and str(logger.lines_path) in warnings[0]
    assert warnings[0].startswith("warning: performance log")


def test_the_log_returns_when_the_folder_does(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("in the way")
    logger = PerformanceLogger(tmp_path / "run", "w1")
    logger.event("lost")
    logger.flush()
    (tmp_path / "run").unlink()
    logger.event("kept")
    logger.close()
    assert kinds_in(tmp_path / "run") == [("w1", "kept")]


@pytest.mark.parametrize(
    "value", ["\ud800", 2**70, Path("a"), float("nan"), {1: 2}, b"x", object()]
)
def test_no_value_raises_into_the_run(tmp_path: Path, value: Any) -> None:
    logger = PerformanceLogger(tmp_path, "w1")
    logger.event("odd", value=value)
    logger.close()
    assert next(read_metrics(tmp_path)).kind == "odd"


def test_numpy_numbers_are_numbers(tmp_path: Path) -> None:
    import numpy

    logger = PerformanceLogger(tmp_path, "w1")
    logger.event("odd", value=numpy.float32(0.5), many=numpy.arange(2))
    logger.close()
    [line] = lines_of(logger)
    assert (line["value"], line["many"]) == (0.5, [0, 1])


def test_a_torn_last_line_does_not_spoil_the_next_session(tmp_path: Path) -> None:
    (tmp_path / "w1.jsonl").write_bytes(b'{"kind": "torn by a cra')
    logger = PerformanceLogger(tmp_path, "w1")
    logger.event("after")
    logger.close()
    assert kinds_in(tmp_path) == [("w1", "after")]


def test_the_logger_knows_what_it_costs(tmp_path: Path) -> None:
    logger = PerformanceLogger(tmp_path, "w1")
    window = figures(
        8, 400, 120, 2.0, drafts={"suffix": Drafts(1, 4, 3)}, first_tokens=FirstTokens.of([0.1])
    )
    begun, worked = time.perf_counter(), time.process_time()
    for _ in range(2000):
        logger.batch(STAGE, window)
    assert 0 < logger.summary().logging_seconds < time.perf_counter() - begun
    # Measured: 5 microseconds; 200 still are < 0.1% of the fastest batch there is.
    assert (time.process_time() - worked) / 2000 < 200e-6


def test_it_needs_no_mlx() -> None:
    code = "import sys, workers.performance_logger; sys.exit('mlx' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[1])
