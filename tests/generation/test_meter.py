"""The engine's meter: each token in one line, shared out by stage, with MLX's memory."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from workers.generation import meter as meter_module
from workers.generation.meter import Meter
from workers.performance_logger import PerformanceLogger, read_metrics

FILTER, STRUCTURER = "2_data_filter", "3_data_structurer"


def lines(logger: PerformanceLogger, kind: str = "batch") -> list[dict[str, Any]]:
    logger.close()
    found = read_metrics(logger.lines_path.parent)
    return [line.body.to_fields() for line in found if line.kind == kind]


def test_time_and_passes_are_shared_out_by_tokens(tmp_path: Path) -> None:
    logger = PerformanceLogger(tmp_path, "w1")
    meter = Meter(logger)
    meter.answered(FILTER, 30, 0)
    meter.answered(STRUCTURER, 40, 50)
    for _ in range(8):
        meter.step(6, 0.25, batch_limit=16)
    meter.flush()
    first, second = lines(logger)
    assert (first["stage"], first["seconds"], first["steps"], first["rows"]) == (FILTER, 0.5, 2, 6)
    assert (second["seconds"], second["steps"]) == (1.5, 6)
    assert first["prompt_lengths"] == {"16": 1} and "answer_lengths" not in first
    assert (second["answer_lengths"], second["batch_limit"]) == ({"48": 1}, 16)
    assert second["mlx_peak_mb"] >= second["mlx_active_mb"] >= 0


def test_drafts_prefixes_and_first_tokens(tmp_path: Path) -> None:
    logger = PerformanceLogger(tmp_path, "w1")
    meter = Meter(logger)
    meter.drafted(STRUCTURER, "suffix", 4, 3)
    meter.drafted(STRUCTURER, "suffix", 4, 0)
    meter.drafted(STRUCTURER, "grammar", 2, 2)
    meter.forced(STRUCTURER, 2)
    meter.prefix(STRUCTURER, 71)
    meter.first_token(STRUCTURER, 0.5)
    meter.flush()
    [line] = lines(logger)
    assert line["drafts"] == {
        "suffix": {"drafts": 2, "proposed": 8, "accepted": 3},
        "grammar": {"drafts": 1, "proposed": 2, "accepted": 2},
    }
    assert (line["forced_tokens"], line["prefix_tokens"], line["requests"]) == (2, 71, 0)
    assert line["first_token"]["count"] == 1


def test_a_line_every_two_seconds_and_none_for_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meter_module, "_EVERY", 0.0)
    logger = PerformanceLogger(tmp_path, "w1")
    meter = Meter(logger)
    meter.step(4, 1.0)  # nothing ended yet: its time goes to the next line
    meter.answered(FILTER, 10, 10)
    meter.step(4, 1.0)
    meter.step(4, 1.0)
    meter.flush()
    assert [line["seconds"] for line in lines(logger)] == [2.0]


def test_time_waits_for_the_answers_it_went_into(tmp_path: Path) -> None:
    logger = PerformanceLogger(tmp_path, "w1")
    meter = Meter(logger)
    meter.drafted(STRUCTURER, "suffix", 4, 3)
    meter.step(4, 1.0)
    meter.flush()
    meter.answered(STRUCTURER, 10, 10)
    meter.step(4, 0.5)
    meter.flush()
    first, second = lines(logger)
    assert (first["seconds"], first["rows"], "steps" in first) == (0.0, 4, False)
    assert (second["seconds"], second["steps"]) == (1.5, 2)


def test_phases_reach_the_log(tmp_path: Path) -> None:
    logger = PerformanceLogger(tmp_path, "w1")
    meter = Meter(logger)
    meter.phase("prefill", 0.001)
    with meter.in_phase("decode"):
        pass
    [line] = lines(logger, "time")
    assert {"prefill", "decode", "other"} == set(line["phases"])


def test_without_a_logger_nothing_is_kept() -> None:
    meter = Meter(None)
    meter.answered(FILTER, 1, 1)
    meter.phase("wait", 1.0)
    meter.step(1, 1.0)
    meter.flush()
