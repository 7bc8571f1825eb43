"""Axes as a reader sees them: round times, units, and no number that is an error."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import altair as alt
import pytest

from workers.observe.report import axes
from workers.observe.report.svg import Layer, render


def labels(seconds: float) -> list[str]:
    """The texts of a chart with one mark over so many seconds."""
    mark = alt.Chart().mark_point()
    mark = mark.encode(x=axes.over_time("at", seconds), y=axes.from_zero("value", "MiB", 1234))
    root = ElementTree.fromstring(render([Layer(mark, [{"at": 0, "value": 1}])], 190, "test"))
    return [element.text or "" for element in root.iter("text")]


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (50, ["0:00", "0:15", "0:45", "time (min:s)"]),
        (163, ["0:30", "2:30", "time (min:s)"]),
        (3 * 3600, ["0:00", "0:30", "2:30", "time (h:min)"]),
        (50 * 3600, ["0:00", "12:00", "48:00", "time (h:min)"]),
    ],
)
def test_times_are_round_and_say_their_unit(seconds: float, expected: list[str]) -> None:
    found = labels(seconds)
    assert set(expected) <= set(found), found
    assert 3 <= len([label for label in found if re.fullmatch(r"\d+:\d\d", label)]) <= 8


@pytest.mark.parametrize("seconds", [0.0, 1e-9, 1e300])
def test_any_time_has_an_axis(seconds: float) -> None:
    found = labels(seconds)
    assert len([label for label in found if re.fullmatch(r"\d+:\d\d", label)]) >= 1


def test_a_value_starts_at_zero_and_says_its_unit() -> None:
    found = labels(50)
    assert "MiB" in found and {"0", "500", "1,000"} <= set(found)


@pytest.mark.parametrize(
    ("names", "pixels"),
    [([], 0), (["w1"], 12.6), (["w1", "coordinator"], 69.3), (["x" * 1000], axes.LABEL_LIMIT)],
)
def test_long_names_get_room_up_to_a_bound(names: list[str], pixels: float) -> None:
    axis = axes.downwards("lane", names).to_dict()
    assert isinstance(axis, dict) and axis["axis"]["minExtent"] == pytest.approx(pixels)
