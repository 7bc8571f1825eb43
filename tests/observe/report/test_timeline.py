"""A run's own time: sessions without the time between them, and amounts that are all kept."""

from __future__ import annotations

import pytest

from workers.observe.report.timeline import BINS, Bins, Session, Timeline


def test_time_between_sessions_is_left_out() -> None:
    line = Timeline.of([Session(100, 110), Session(0, 50), Session(45, 60)])
    assert line.seconds == 70
    assert line.breaks == [60]
    assert [line.at(moment) for moment in (-5, 30, 60, 80, 105, 999)] == [0, 30, 60, 60, 65, 70]


def test_bins_keep_every_amount() -> None:
    bins = Bins(1000.0)
    bins.spread(-5, 2000, 10)
    bins.spread(500, 500, 1)
    bins.spread(3, 700, 2)
    assert bins.count == BINS and sum(bins.amounts) == pytest.approx(13)
    assert sum(rate for _, rate in bins.rates()) * bins.width == pytest.approx(13)


def test_levels_are_means_of_samples_and_skip_what_was_not_sampled() -> None:
    bins = Bins(4.0)
    for at, level in ((0.2, 10), (0.8, 20), (3.5, 7), (99, 9)):
        bins.sample(at, level)
    assert bins.levels() == [(0.5, 15), (3.5, 8)]


def test_a_run_of_no_time_has_one_bin() -> None:
    assert Bins(0.0).rates() == [(0.5, 0.0)]
