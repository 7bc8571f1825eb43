"""Status: its shape, live and from files, in 80 columns, with nothing a terminal obeys."""

from __future__ import annotations

import io
import json
import os
import time
from pathlib import Path

import pytest

from tests.observe.snapshots import snapshot
from tests.run_tools import decide, make_run, numbered, publish_all, work_off
from workers.core.terminal import duration, plain_text
from workers.observe.meters import Load, LogTail, Meters, Rate, StageMeter, time_left
from workers.observe.progress import PlainDisplay, styled_status
from workers.observe.read_status import read_status, write_status
from workers.observe.status import RecordCounts, RunStatus, StageStatus
from workers.observe.status_lines import plain_status, progress_bar, summary_line
from workers.run.run_folder import RunFolder

HOSTILE = "\x1b]0;owned\x07\u202ename\n\x9b31m\udc80"


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    run = make_run(tmp_path, numbered(30))
    work_off(run.queues[0], decide)
    publish_all(run)
    return run


def test_shape() -> None:
    values = snapshot().to_json()
    assert {"run", "state", "stages", "workers", "eta_s"} <= values.keys()
    stage = values["stages"][0]
    assert {"name", "pending", "claimed", "done", "failed", "records"} <= stage.keys()
    assert {"items_per_s", "tokens_per_s", "batch_size"} <= stage.keys()
    assert {"items_per_s_overall", "tokens_per_s_overall", "batch_rows"} <= stage.keys()
    assert {"acceptance", "dead_letters"} <= stage.keys()
    assert list(stage["records"]) == ["in", "results", "removed", "failed"]
    worker = values["workers"][0]
    assert {"pid", "role", "state", "chunk", "rss_mb", "restarts"} <= worker.keys()
    json.dumps(values)


def test_counted_from_the_files(run: RunFolder) -> None:
    status = read_status(run)
    first, second = status["stages"]
    assert status["state"] == "unfinished"
    assert (first["done"], first["failed"], second["pending"]) == (8, 4, 8)
    assert first["records"] == {"in": 30, "results": 20, "removed": 6, "failed": 4}
    assert second["records"]["in"] == 40


def test_a_snapshot_that_is_out_of_date_is_not_believed(run: RunFolder) -> None:
    write_status(run, RunStatus("test", "running", []))
    assert read_status(run)["stages"][0]["done"] == 8


def test_a_large_run_that_was_killed_is_not_recounted(
    run: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.observe.read_status.RECOUNTED_CHUNKS", 15)
    counts = RecordCounts(28, 19, 5, 4)
    write_status(run, RunStatus("test", "running", [StageStatus("2_data_filter", records=counts)]))
    os.utime(run.status_file, (1, 1))
    status = read_status(run)
    first, second = status["stages"]
    assert (first["done"], first["records"]["in"], second["pending"]) == (8, 28, 8)
    assert "verify test" in status["message"]
    run.status_file.unlink()
    assert "never counted" in read_status(run)["message"]


def test_what_is_at_rest_is_not_even_listed(
    run: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_status(run, RunStatus("test", "finished", [StageStatus("2_data_filter", done=3)]))
    soon = time.time() + 60
    os.utime(run.status_file, (soon, soon))
    monkeypatch.setattr("workers.observe.read_status._count", lambda folder: pytest.fail("listed"))
    assert read_status(run)["state"] == "finished"
    os.utime(run.queues[0].folder / "done", (soon + 1, soon + 1))
    with pytest.raises(pytest.fail.Exception):
        read_status(run)


def test_a_live_coordinators_snapshot_is_shown_as_it_is(run: RunFolder) -> None:
    write_status(run, snapshot("test"))
    with run.lock_coordinator():
        assert read_status(run)["workers"][0]["restarts"] == 3


def test_after_a_kill_the_state_is_not_running(run: RunFolder) -> None:
    stages = [
        StageStatus("2_data_filter", 0, 0, 8, 4, items_per_s=3.0),
        StageStatus("3_data_structurer", 8, 0, 0, 0),
    ]
    write_status(run, RunStatus("test", "running", stages, [{"pid": 1}], 5.0))
    status = read_status(run)
    assert (status["state"], status["workers"], status["eta_s"]) == ("unfinished", [], None)
    assert status["stages"][0]["items_per_s"] == 0.0


def test_a_damaged_snapshot_is_not_believed(run: RunFolder) -> None:
    run.status_file.write_bytes(b'{"run": 1')
    assert read_status(run)["stages"][0]["done"] == 8


def test_nothing_a_terminal_obeys_is_shown(run: RunFolder) -> None:
    status = snapshot("test")
    status.message = HOSTILE
    status.workers[0]["chunk"] = HOSTILE
    values = status.to_json()
    assert values["message"].isprintable()
    stream = io.StringIO()
    PlainDisplay(stream, every=0).update(status)
    shown = plain_status(values) + stream.getvalue() + rendered(values)
    assert all(line.isprintable() for line in shown.split("\n"))
    write_status(run, status)
    run.status_file.write_bytes(run.status_file.read_bytes().replace(b"restarting", b"\\u001b[2J"))
    with run.lock_coordinator():
        assert "\x1b" not in plain_status(read_status(run))


def rendered(values: dict[str, object], width: int = 80) -> str:
    from rich.console import Console

    stream = io.StringIO()
    Console(file=stream, width=width, force_terminal=False).print(styled_status(values))
    return stream.getvalue()


def test_eighty_columns_are_enough() -> None:
    status = snapshot(run="x" * 64)
    status.message = "no room left for /a/long/path: " + "free some space " * 8
    values = status.to_json()
    text = plain_status(values)
    assert max(len(line) for line in text.splitlines()) <= 79
    shown = rendered(values)
    assert [line.rstrip() for line in shown.splitlines()] == text.splitlines()
    for part in ("95000", "6.40M", "400k", "1234.5", "123.4", "30 of 32", "38%", "1h06m", "2h00m"):
        assert part in text
    for part in ("100000.r10", "12 GB", "17 x a prompt of N tokens"):
        assert part in text


def test_a_bar_shows_every_state_that_a_chunk_is_in() -> None:
    def bar(pending: int, claimed: int, done: int, failed: int) -> str:
        values = {"pending": pending, "claimed": claimed, "done": done, "failed": failed}
        return "".join(text for text, _ in progress_bar(values))

    assert bar(0, 0, 0, 0) == "............"
    assert bar(9_000, 1, 998, 1) == "#x>........."
    assert bar(0, 0, 10, 0) == "############"
    assert bar(6, 3, 3, 0) == "###>>>......"


def test_plain_display_repeats_nothing_and_survives_a_closed_pipe(tmp_path: Path) -> None:
    stream = io.StringIO()
    display = PlainDisplay(stream, every=0)
    display.update(snapshot())
    display.update(snapshot())
    assert stream.getvalue().count("\n") == 1
    assert summary_line(snapshot().to_json()).startswith("running  data_filter 95000/100002")

    class Closed(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError

    PlainDisplay(Closed(), every=0).say("nobody listens")


def test_plain_text() -> None:
    assert plain_text(HOSTILE) == "?]0;owned??name??31m?"
    assert plain_text("x" * 300, 10) == "xxxxxxx..."
    assert plain_text("grüße 漢字") == "grüße 漢字"


def test_durations() -> None:
    assert [duration(s) for s in (None, 4.2, 65, 7500)] == ["-", "4s", "1m05s", "2h05m"]


# Speed and time left


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
    log.write_text('{"kind": "chunk", "stage": "s", "seconds": 99, "records": 1}\n')
    meters = Meters(["s"], tmp_path)
    with log.open("a") as lines:
        lines.write('{"kind": "chunk", "stage": "s", "seconds": 4, "records": 8}\nnot json\n[1]\n')
        lines.write('{"kind": "batch", "stage": "s", "generated_tokens": 50}\n{"kind": "chu')
    meters.read_logs()
    assert meters.stages["s"].seconds_per_record() == 0.5
    assert meters.stages["s"].seconds_per_record(in_flight=16) == 0.25
    assert meters.stages["s"].tokens.per_second() == 50.0
    with log.open("a") as lines:
        lines.write('nk", "stage": "s", "seconds": 4, "records": 8}\n')
    meters.read_logs()
    assert meters.stages["s"].records.total == 16
    assert list(LogTail(tmp_path / "none").lines()) == []


def test_a_meter_describes_its_stage() -> None:
    meter = StageMeter()
    for accepted in (3, 1):
        drafts = {"suffix": {"drafts": 1, "proposed": 4, "accepted": accepted}, "odd": [1]}
        figures = {"rows": 7, "batch_limit": 16, "generated_tokens": 60, "seconds": 2.0}
        meter.take({"kind": "batch", "drafts": drafts, **figures})
    meter.items.add(30)
    status = StageStatus("s", batch_size=32)
    meter.describe(status, elapsed=10.0)
    assert (status.batch_rows, status.batch_size, status.acceptance) == (7, 16, 0.5)
    assert (status.items_per_s_overall, status.tokens_per_s_overall) == (3.0, 12.0)
    assert (status.items_per_s, status.tokens_per_s) == (30.0, 120.0)


def test_cost_is_that_of_late() -> None:
    now = [0.0]
    meter = StageMeter()
    for rate in (meter.records, meter.model_seconds):
        rate.clock = lambda: now[0]
    for seconds in (40.0, 10.0):
        meter.take({"kind": "batch", "seconds": seconds})
        meter.take({"kind": "chunk", "records": 10, "seconds": 99})
        now[0] += 200
    assert meter.seconds_per_record() == 1.0  # the first chunk is more than five minutes old
    now[0] += 1000
    assert meter.seconds_per_record() == 2.5  # nothing of late: all there was


def test_time_left() -> None:
    # 10 records at 1 s; half of them come out, join 5 that wait, and take 2 s each.
    loads = [Load(10, 0.5, 1.0), Load(5, 1.0, 2.0)]
    assert time_left(loads, workers=2) == 15.0
    assert time_left([Load(10, 1.0, None)], 2) is None
    assert time_left([Load(10, 1.0, 1.0), Load(0, 1.0, None)], 1) == 20.0
