"""Figures from logs: they add up, whatever the logs hold."""

from __future__ import annotations

import pytest

from tests.observe.report.made_logs import FILTER, spent, window, write_log
from workers.core.errors import UsageError
from workers.observe.report.figures import NO_WORKER, RunFigures, read_run, slot_of
from workers.observe.report.tables import outcomes
from workers.run.run_folder import RunFolder


def test_figures_are_those_of_the_logs(figures: RunFigures) -> None:
    assert figures.seconds == 150
    assert figures.timeline.breaks == [100]
    assert figures.sums.prompt_tokens == 800
    assert figures.sums.records == 4
    assert (figures.drafts.proposed, figures.drafts.accepted) == (100, 52)
    assert sum(figures.items["data_filter"].amounts) == pytest.approx(4)
    assert sum(figures.tokens["data_structurer"].amounts) == pytest.approx(100)
    assert figures.rows["w1"].levels()[0][1] == 6
    assert figures.limits["w1"].levels()[0][1] == 16


def test_what_happened_is_in_order_and_a_worker_that_ended_well_is_no_death(
    figures: RunFigures,
) -> None:
    assert [(mark.kind, mark.at, mark.slot) for mark in figures.marks] == [
        ("death", 40, "w1"),
        ("dead_letters", 60, "w1"),
        ("batch_size", 62, "w1"),
        ("paused", 120, "coordinator"),
    ]
    assert len(figures.deaths) == 1
    assert [life.worker for life in figures.lives] == [f"w1-0000000{n}" for n in (1, 2, 3)]


def test_a_run_that_failed_is_not_taken_for_dead_letters(run: RunFolder) -> None:
    failure = {"time": 1090, "kind": "state", "state": "failed", "message": "disk gone"}
    write_log(run.logs_dir, "coordinator-00000003", [failure])
    assert ("failed", "disk gone") in [(mark.kind, mark.text) for mark in read_run(run).marks]


def test_phases_add_up_to_the_runs_time(figures: RunFigures) -> None:
    assert figures.phases["w1"] == {"decode": 60.0, "other": 30.0, NO_WORKER: 60.0}
    assert sum(figures.all_phases().values()) == pytest.approx(figures.seconds)


def test_the_tenth_worker_comes_after_the_ninth(run: RunFolder) -> None:
    for slot in ("w10", "w2", "hand-0000000a"):
        write_log(run.logs_dir, f"{slot}-00000001", [window(1050, FILTER), spent(1080)])
    figures = read_run(run)
    assert list(figures.phases) == ["w1", "w2", "w10", "hand-0000000a-00000001"]
    assert list(dict.fromkeys(life.slot for life in figures.lives)) == list(figures.phases)


def test_damaged_lines_are_counted_and_said(run: RunFolder) -> None:
    for path in run.logs_dir.glob("coordinator-*"):
        path.unlink()
    odd = [{"time": "x", "kind": kind, "phases": 7, "drafts": [1]} for kind in ("batch", "time")]
    write_log(run.logs_dir, "w2-00000001", [*odd, {"kind": "death"}, {"time": 1e300}])
    (run.logs_dir / "w3-00000001.jsonl").write_bytes(b"\x00\xff\n{torn")
    figures = read_run(run)
    assert figures.sums.records == 4 and figures.damaged.count == 6
    assert "6 damaged log lines skipped, the first: " in outcomes(figures).note


def test_a_run_without_logs_says_so(run: RunFolder) -> None:
    for path in run.logs_dir.glob("*.jsonl"):
        path.unlink()
    with pytest.raises(UsageError, match="no performance logs in"):
        read_run(run)


def test_a_slot_is_the_first_part_of_a_workers_name() -> None:
    assert [slot_of(w) for w in ("w1-3f9a", "hand-12ab", "alone")] == ["w1", "hand-12ab", "alone"]
    assert slot_of("node-7.local-12.w1-3f9a") == "node-7.local-12.w1"
