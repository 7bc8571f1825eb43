"""Rates, costs and the time that is left, from the workers' logs as they grow."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from workers.metrics.batch_figures import BatchFigures, Drafts
from workers.metrics.metric_kinds import ModelBatch, SealedChunk
from workers.observe.meters import Load, LogTail, Meters, Rate, StageMeter, time_left
from workers.observe.status import StageSpeed

HEAD = {"time": 1.0, "worker": "w1"}


def line(kind: str, **fields: Any) -> bytes:
    return orjson.dumps({**HEAD, "kind": kind, "stage": "s", **fields}) + b"\n"


def chunk(records: int, seconds: float) -> SealedChunk:
    return SealedChunk("s", "c", records, records, 0, 0, seconds, seconds)


def test_a_rate_forgets() -> None:
    now = [0.0]
    rate = Rate(clock=lambda: now[0])
    assert rate.per_second() == 0.0
    for _ in range(10):
        rate.add(5)
        now[0] += 1
    assert rate.per_second() == 5.0
    now[0] += 100
    assert rate.per_second() == 0.0


def test_logs_are_read_as_they_grow(tmp_path: Path) -> None:
    log = tmp_path / "w1.jsonl"
    log.write_bytes(line("chunk", seconds=99, records=1))
    meters = Meters(["s"], tmp_path)
    torn = line("chunk", seconds=4, records=8)
    with log.open("ab") as lines:
        lines.write(line("chunk", seconds=4, records=8) + b"not json\n[1]\n")
        lines.write(line("batch", generated_tokens=50) + line("time", phases=7) + torn[:9])
    meters.read_logs()
    assert meters.stages["s"].seconds_per_record() == 0.5
    assert meters.stages["s"].seconds_per_record(in_flight=16) == 0.25
    assert meters.stages["s"].tokens.per_second() == 50.0
    with log.open("ab") as lines:
        lines.write(torn[9:])
    meters.read_logs()
    assert meters.stages["s"].records.total == 16
    assert list(LogTail(tmp_path / "none").lines()) == []


def test_lines_of_other_stages_are_nobodys(tmp_path: Path) -> None:
    meters = Meters(["s"], tmp_path)
    (tmp_path / "w1.jsonl").write_bytes(line("chunk", seconds=4, records=8).replace(b'"s"', b'"t"'))
    meters.read_logs()
    assert meters.stages["s"].records.total == 0


def test_a_meter_tells_the_speed_of_its_stage() -> None:
    meter = StageMeter()
    for accepted in (3, 1):
        drafts = {"suffix": Drafts(1, 4, accepted)}
        meter.add(ModelBatch("s", BatchFigures(7, 0, 60, 2.0, drafts=drafts, batch_limit=16)))
    meter.items.add(30)
    assert meter.speed(elapsed=10.0, batch_size=32) == StageSpeed(
        items_per_s=30.0,
        tokens_per_s=120.0,
        items_per_s_overall=3.0,
        tokens_per_s_overall=12.0,
        batch_size=16,
        batch_rows=7,
        acceptance=0.5,
    )
    assert StageMeter().speed(elapsed=0.0, batch_size=32) == StageSpeed(batch_size=32)


def test_the_cost_is_the_recent_one() -> None:
    now = [0.0]
    meter = StageMeter()
    for rate in (meter.records, meter.model_seconds):
        rate.clock = lambda: now[0]
    for seconds in (40.0, 10.0):
        meter.add(ModelBatch("s", BatchFigures(1, 0, 0, seconds)))
        meter.add(chunk(10, 99.0))
        now[0] += 200
    assert meter.seconds_per_record() == 1.0  # the first chunk is more than five minutes old
    now[0] += 1000
    assert meter.seconds_per_record() == 2.5  # nothing of late: all there was


def test_without_a_model_the_time_of_chunks_counts() -> None:
    meter = StageMeter()
    assert meter.seconds_per_record() is None
    meter.add(chunk(10, 5.0))
    assert meter.seconds_per_record() == 0.5


def test_time_left() -> None:
    # 10 records at 1 s; half of them come out, join 5 that wait, and take 2 s each.
    loads = [Load(10, 0.5, 1.0), Load(5, 1.0, 2.0)]
    assert time_left(loads, workers=2) == 15.0
    assert time_left([Load(10, 1.0, None)], 2) is None
    assert time_left([Load(10, 1.0, 1.0), Load(0, 1.0, None)], 1) == 20.0


@pytest.mark.parametrize("workers", [0, 1])
def test_without_workers_or_costs_nothing_is_foretold(workers: int) -> None:
    cost = None if workers else 1.0
    assert time_left([Load(10, 1.0, cost)], workers) is None
