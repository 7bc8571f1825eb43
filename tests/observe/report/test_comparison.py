"""Runs side by side: each figure, its ratio, and the settings that differ."""

from __future__ import annotations

import dataclasses

from workers.observe.report.comparison import comparison
from workers.observe.report.figures import RunFigures


def test_figures_and_ratios(figures: RunFigures) -> None:
    config = dataclasses.replace(figures.config, batch_size=8)
    other = dataclasses.replace(figures, name="other", config=config)
    other.totals.peak_rss_mb *= 2
    found = comparison([figures, other])
    rows = {row[0]: row[1:] for row in found.rows}
    assert found.head == ("", "test", "other")
    assert rows["run time"] == ["2m30s", "2m30s (1.00)"]
    assert rows["prompt tokens"] == ["800", "800 (1.00)"]
    assert rows["of them cached"] == ["25%", "25% (1.00)"]
    assert rows["draft acceptance"] == ["52%", "52% (1.00)"]
    assert rows["workers that died"] == ["1", "1 (1.00)"]
    assert rows["batch size"] == ["32", "8"] and "model" not in rows


def test_an_unknown_figure_has_no_ratio(figures: RunFigures) -> None:
    other = dataclasses.replace(figures, totals=type(figures.totals)())
    rows = {row[0]: row[1:] for row in comparison([other, figures]).rows}
    assert rows["draft acceptance"] == ["-", "52%"]
    assert rows["prompt tokens"] == ["0", "800"]
