"""What a measurement holds for: this processor, these versions, so many threads."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from workers.generation import machine
from workers.generation.machine import machine_key, processor, share_of_others


def test_the_same_machine_has_the_same_key() -> None:
    assert machine_key("a", 1) == machine_key("a", 1)
    assert len(machine_key()) == 16
    assert processor()


def test_all_that_changes_a_figure_changes_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MKL_NUM_THREADS", raising=False)
    keys = {machine_key("a"), machine_key("b"), machine_key("a", "b")}
    monkeypatch.setenv("OMP_NUM_THREADS", "77")
    keys.add(machine_key("a"))
    monkeypatch.setattr(machine, "version", lambda package: "99.0")
    keys.add(machine_key("a"))
    monkeypatch.setattr(machine, "processor", lambda: "another one")
    keys.add(machine_key("a"))
    assert len(keys) == 6


class Times(NamedTuple):
    user: float
    idle: float
    iowait: float
    steal: float


def test_the_share_of_others_is_what_neither_idled_nor_was_ours(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    readings = iter([Times(100, 100, 100, 100), Times(106, 110, 102, 102)])
    clocks = iter([1.0, 11.0])
    own = iter([5.0, 8.0])
    monkeypatch.setattr("psutil.cpu_times", lambda: next(readings))
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    monkeypatch.setattr("time.perf_counter", lambda: next(clocks))
    monkeypatch.setattr("time.process_time", lambda: next(own))
    assert share_of_others()() == pytest.approx((6 + 2 - 3) / (10 * 2))
