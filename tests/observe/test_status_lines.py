"""A status as lines of text: 79 columns, every figure, and nothing a terminal obeys."""

from __future__ import annotations

from dataclasses import replace

from tests.observe.snapshots import REASON, snapshot
from tests.observe.test_status import HOSTILE
from workers.observe.status import RunStatus, StageSpeed, StageStatus
from workers.observe.status_lines import (
    compact,
    plain_status,
    progress_bar,
    stage_label,
    status_lines,
    summary_line,
)
from workers.queue.chunk_folder import ChunkCounts
from workers.run.worker_view import WorkerView


def test_eighty_columns_are_enough() -> None:
    message = "disk full: can't write /a/long/path; " + "free some space " * 8
    text = plain_status(snapshot(run="x" * 64, message=message))
    assert max(len(line) for line in text.splitlines()) <= 79
    for part in ("95000", "6.40M", "400k", "1234.5", "123.4", "30 of 32", "38%", "1h06m", "2h00m"):
        assert part in text
    for part in ("100000.r10", "12 GB", "17 x CVE-2021-44228.json: a prompt of 2100 tokens"):
        assert part in text


def test_styles_add_nothing() -> None:
    status = snapshot()
    lines = ["".join(text for text, _ in line).rstrip() for line in status_lines(status)]
    assert "\n".join(lines) == plain_status(status)


def test_nothing_a_terminal_obeys_is_shown() -> None:
    stage = StageStatus(HOSTILE, dead_letters={HOSTILE: 1}, speed=StageSpeed(1.0))
    worker = WorkerView(1, HOSTILE, HOSTILE, HOSTILE, HOSTILE, note=HOSTILE)
    status = RunStatus(HOSTILE, HOSTILE, (stage,), (worker,), message=HOSTILE)
    text = plain_status(status) + "\n" + summary_line(status)
    assert all(line.isprintable() for line in text.split("\n"))


def test_a_bar_shows_every_state_that_a_chunk_is_in() -> None:
    def bar(pending: int, claimed: int, done: int, failed: int) -> str:
        counts = ChunkCounts(pending, claimed, done, failed)
        return "".join(text for text, _ in progress_bar(counts))

    assert bar(0, 0, 0, 0) == "............"
    assert bar(9_000, 1, 998, 1) == "#x>........."
    assert bar(0, 0, 10, 0) == "############"
    assert bar(6, 3, 3, 0) == "###>>>......"


def test_a_run_in_one_line() -> None:
    line = summary_line(snapshot())
    assert line.startswith("running  data_filter 95000/100002")
    assert line.endswith("51 dead letters  about 1h06m left")


def test_what_there_is_none_of_is_not_shown() -> None:
    stage = replace(snapshot().stages[1], speed=StageSpeed())
    text = plain_status(RunStatus("r", "finished", (stage,)))
    assert "items/s" not in text and "pid" not in text and "dead letters" not in text
    assert REASON not in text


def test_many_workers_are_counted() -> None:
    workers = tuple(WorkerView(pid, "cpu", "idle") for pid in range(20))
    assert "and 4 more workers" in plain_status(RunStatus("r", "running", (), workers))


def test_how_a_model_runs_is_said_once_for_all_workers() -> None:
    note = (
        "speculation is off for this model, which runs in mlx-lm's own batches: layer 0 "
        + "and more " * 12
    )
    workers = tuple(WorkerView(pid, "batch", "working", note=note) for pid in range(3))
    text = plain_status(RunStatus("r", "running", (), workers))
    assert text.count("speculation is off for this model") == 1
    assert max(len(line) for line in text.splitlines()) <= 79


def test_short_forms() -> None:
    assert [stage_label(n) for n in ("2_data_filter", "mine", "2_", "x_y")] == [
        *("data_filter", "mine", "2_", "x_y"),
    ]
    numbers = (0, 99_999, 123_456, 6_400_000, 64_000_000)
    assert [compact(n) for n in numbers] == ["0", "99999", "123k", "6.40M", "64M"]
