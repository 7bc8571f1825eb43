"""Lines about reviewers' decisions: written at once, read in the order of time."""

from __future__ import annotations

from pathlib import Path

from workers.metrics.metric_lines import log_files
from workers.metrics.review_lines import ReviewLine, append, log_of, read_reviews

FIRST = ReviewLine(10.0, "0:1", "reject", 4.0, 2.5, reason="wrong")
SECOND = ReviewLine(11.0, "0:2", "accept", 5.0, rule="words>3")


def test_lines_of_several_reviewers_come_in_the_order_of_time(tmp_path: Path) -> None:
    one, other = log_of(tmp_path, "one"), log_of(tmp_path, "two")
    append(one, SECOND)
    append(other, FIRST)
    assert read_reviews(tmp_path) == [FIRST, SECOND]
    assert log_files(tmp_path) == []  # a person is no worker with phases and memory


def test_a_torn_line_costs_itself(tmp_path: Path) -> None:
    assert read_reviews(tmp_path) == []
    log = log_of(tmp_path, "one")
    append(log, FIRST)
    with log.path.open("ab") as file:
        file.write(b'{"time": 12, "pair"')
    append(log, SECOND)
    assert read_reviews(tmp_path) == [FIRST, SECOND]


def test_a_log_that_cannot_be_written_costs_nothing(tmp_path: Path) -> None:
    (tmp_path / "review").write_text("a file where the folder should be")
    append(log_of(tmp_path, "one"), FIRST)
    assert read_reviews(tmp_path) == []
