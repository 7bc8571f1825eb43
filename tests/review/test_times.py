"""How long pairs waited and were looked at: measured while a desk is used."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from stages.manual_reviewer.decision import Decision
from stages.manual_reviewer.note import ACCEPT, REJECT
from stages.manual_reviewer.rules import accept_rule
from tests.review_help import flagged, pair, review_queue
from workers.metrics.review_lines import ReviewLine, read_reviews
from workers.review import times as times_module
from workers.review.desk import Desk
from workers.review.times import ReviewTimes


class Clock:
    """Stands still but where a test moves it."""

    def __init__(self) -> None:
        self.now = 2_000_000_000.0

    def time(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(times_module, "time", made)
    return made


def test_decisions_are_logged_with_their_times(tmp_path: Path, clock: Clock) -> None:
    queue = review_queue(tmp_path, [*map(pair, range(4)), flagged(5)], per_chunk=5)
    os.utime(queue.folder / "pending" / "chunk-000001.jsonl", (clock.now, clock.now))
    desk = Desk(queue, times=ReviewTimes(tmp_path / "logs"))
    desk.take()
    desk.show("0:1")
    clock.now += 15
    desk.show("0:1")  # drawn again after a key that does nothing
    clock.now += 5
    desk.decide("0:1", 0, Decision(ACCEPT))
    desk.show("0:2")
    desk.show("0:3")  # a second tab
    clock.now += 5
    desk.decide("0:2", 0, Decision(REJECT, reason="wrong"))
    clock.now += 4
    desk.decide("0:3", 0, Decision(ACCEPT))
    desk.undo("0:3", 1)
    desk.show("0:4")
    clock.now += 3600  # away
    desk.decide("0:4", 0, Decision(ACCEPT))
    desk.close()
    clock.now += 1
    Desk(queue, [accept_rule("grounded>=0")], times=ReviewTimes(tmp_path / "logs")).take()
    lines = [
        (line.pair, line.decision, line.looked_seconds, line.waited_seconds)
        for line in read_reviews(tmp_path / "logs")
    ]
    assert lines == [
        ("0:1", "accept", 20.0, 20.0),
        ("0:2", "reject", 5.0, 25.0),
        ("0:3", "accept", 4.0, 29.0),
        ("0:3", "undo", None, 29.0),
        ("0:4", "accept", None, 3629.0),
        ("0:3", "accept", None, 3630.0),
    ]
    last: ReviewLine = read_reviews(tmp_path / "logs")[-1]
    assert last.rule == "grounded>=0"
