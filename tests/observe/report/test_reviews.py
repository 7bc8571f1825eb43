"""Decisions of reviewers in the report: by what was decided last, and the time it took."""

from __future__ import annotations

from workers.metrics.review_lines import ReviewLine, append, log_of
from workers.observe.report.figures import read_run
from workers.observe.report.reviews import ReviewFigures
from workers.observe.report.tables import decisions
from workers.run.run_folder import RunFolder

LINES = [
    ReviewLine(1.0, "0:1", "accept", 60.0, 10.0),
    ReviewLine(2.0, "0:2", "reject", 60.0, 30.0, reason="wrong"),
    ReviewLine(3.0, "0:1", "undo", 62.0, 1.0),
    ReviewLine(4.0, "0:1", "accept", 64.0, 2.0),
    ReviewLine(5.0, "0:3", "accept", 66.0, rule="words>3"),
    ReviewLine(6.0, "0:4", "accept", 66.0, 4.0),
    ReviewLine(7.0, "0:5", "edit", 66.0, 5.0),
    ReviewLine(8.0, "0:5", "undo", 66.0),
]


def test_a_pair_counts_by_what_was_decided_last() -> None:
    found = ReviewFigures.of(LINES)
    counts = {name: one.pairs for name, one in found.decisions.items()}
    assert counts == {"accepted": 2, "rejected: wrong": 1, "accepted by rule": 1}
    assert found.seconds == 52.0 and found.decisions["accepted"].looked == [2.0, 4.0]


def test_the_report_has_a_line_for_each_decision(run: RunFolder) -> None:
    assert decisions(read_run(run)).rows == []
    for line in LINES:
        append(log_of(run.logs_dir, "anna"), line)
    table = decisions(read_run(run))
    assert table.rows == [
        ["accepted", "2", "50%", "3s", "1m05s"],
        ["accepted by rule", "1", "25%", "-", "1m06s"],
        ["rejected: wrong", "1", "25%", "30s", "1m00s"],
    ]
    assert "52s in all" in table.note
