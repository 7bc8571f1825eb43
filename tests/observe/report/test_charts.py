"""What a chart shows is what it was given: lengths, tooltips, legends."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from tests.observe.report.made_logs import HOSTILE
from workers.observe.report import charts
from workers.observe.report.charts import SIGNS, Bar, Chart, Key, LineSeries, Note, TimeSpan
from workers.observe.report.svg import WIDTH

PHASES = {"wait": "p1", "decode": "p3"}


def titles(chart: Chart) -> list[str]:
    """Every tooltip, in the order drawn."""
    return [title.text or "" for title in ElementTree.fromstring(chart.svg).iter("title")]


def labels(chart: Chart) -> list[str]:
    return [label.text or "" for label in ElementTree.fromstring(chart.svg).iter("text")]


def extents(chart: Chart, colour: str) -> list[tuple[float, float]]:
    """Start and width of the bars in this colour, in the order drawn."""
    bar = rf'<path d="M([\d.]+),[^h]*h([\d.]+)v[^"]*" fill="var\(--{colour}\)"'
    return [(float(start), float(width)) for start, width in re.findall(bar, chart.svg)]


def widths(chart: Chart, colour: str) -> list[float]:
    return [width for _, width in extents(chart, colour)]


def test_every_moment_of_a_line_chart_tells_its_figures() -> None:
    lines = [
        LineSeries("w1", [(10.0, 0.25), (30.0, 12.5)], "c0"),
        LineSeries("w1 limit", [(10.0, 16.0)], "c0", dashed=True),
    ]
    chart = charts.line_chart(lines, 40, "sequences")
    assert titles(chart) == ["10s: w1 0.25, w1 limit 16 sequences", "30s: w1 12.5 sequences"]
    assert chart.keys == [Key("w1", "c0", "line"), Key("w1 limit", "c0", "dashed")]
    assert 'stroke-dasharray="4,3"' in chart.svg and "sequences" in labels(chart)
    assert "w1, w1 limit" in ElementTree.fromstring(chart.svg).attrib["aria-label"]


def test_lines_rise_with_their_values() -> None:
    chart = charts.line_chart(
        [LineSeries("a", [(0.0, 0.0), (50.0, 10.0), (100.0, 5.0)], "c4")], 100, "x"
    )
    (path,) = re.findall(r'<path d="([^"]+)" stroke="var\(--c4\)"', chart.svg)
    points = [tuple(map(float, point.split(","))) for point in re.split("[ML]", path)[1:]]
    assert [x for x, _ in points] == pytest.approx([0, points[2][0] / 2, points[2][0]], abs=0.1)
    assert points[1][1] == 0 and points[2][1] == pytest.approx(points[0][1] / 2, abs=0.1)


def test_a_single_point_is_a_dot() -> None:
    lone = charts.line_chart([LineSeries("a", [(5.0, 1.0)], "c0")], 10, "x")
    pair = charts.line_chart([LineSeries("a", [(5.0, 1.0), (6.0, 1.0)], "c0")], 10, "x")
    assert 'fill="var(--c0)"' in lone.svg and 'fill="var(--c0)"' not in pair.svg


def test_notes_have_a_sign_a_text_and_a_meaning() -> None:
    notes = [Note(10, "allocation failed", "batch_size"), Note(20, "later", "break")]
    chart = charts.line_chart([], 40, "MiB", notes)
    assert titles(chart) == ["10s: allocation failed", "20s: later"]
    assert chart.keys == [SIGNS["batch_size"], SIGNS["break"]]
    assert 'stroke-dasharray="2,3"' in chart.svg  # the break crosses the whole chart


def test_bars_are_as_long_as_their_numbers() -> None:
    chart = charts.bar_chart([Bar("16\u201331", 10, "10"), Bar("32\u201347", 40, "40")])
    short, long = widths(chart, "c0")
    assert long == pytest.approx(4 * short, rel=0.01)
    assert 170 < long < WIDTH - charts.TEXT_WIDTH  # as long as labels and texts allow
    assert {"16\u201331", "32\u201347", "10", "40"} <= set(labels(chart))


def test_bars_on_a_track_are_a_share_of_it() -> None:
    chart = charts.bar_chart([Bar("a", 0.25, "25%"), Bar("b", 1.0, "100%")], full=1.0)
    tracks = widths(chart, "rule")
    assert widths(chart, "c0") == pytest.approx([tracks[0] / 4, tracks[1]], rel=0.01)


def test_stacked_bars_share_one_scale() -> None:
    rows = {"w1": {"wait": 10.0, "decode": 30.0}, "w2": {"decode": 20.0}}
    chart = charts.stacked_bars(rows, PHASES, 40)
    assert titles(chart) == ["w1: wait 10s", "w1: decode 30s", "w2: wait 0s", "w2: decode 20s"]
    (wait, _), (decode, other) = extents(chart, "p1"), extents(chart, "p3")
    assert wait[0] == other[0] == 0 and decode[0] == pytest.approx(wait[1], abs=0.02)
    assert [decode[1], other[1]] == pytest.approx([3 * wait[1], 2 * wait[1]], rel=0.01)
    assert chart.keys == [Key("wait", "p1"), Key("decode", "p3")]


def test_lanes_have_lives_and_what_happened_in_them() -> None:
    spans = [TimeSpan("w1", 0, 20, "w1-00000001"), TimeSpan("w1", 30, 40, "w1-00000002")]
    notes = [Note(20, "killed", "death", "w1"), Note(25, "stopped", "break")]
    notes += [Note(35, "disk full", "paused", "coordinator")]
    chart = charts.lanes(spans, notes, 40)
    assert titles(chart) == ["w1-00000001", "w1-00000002", "20s: killed", "35s: disk full"]
    assert [label for label in labels(chart) if not label.startswith(("0:", "time"))] == [
        *("w1", "coordinator")
    ]
    assert [key.name for key in chart.keys] == ["worker died", "paused", "stopped and resumed"]


def test_signs_differ_in_more_than_colour() -> None:
    shapes = {(key.shape, key.colour) for key in SIGNS.values()}
    assert len(shapes) == len(SIGNS) and len({key.name for key in SIGNS.values()}) == len(SIGNS)


@pytest.mark.parametrize("seconds", [0.0, 1e-6, 1e300])
def test_nothing_is_still_a_chart(seconds: float) -> None:
    made = [
        charts.line_chart([], seconds, "x"),
        charts.line_chart(
            [LineSeries("a", [], "c0"), LineSeries("b", [(0.0, 0.0)], "c1")], seconds, "x"
        ),
        charts.bar_chart([]),
        charts.bar_chart([Bar("none", 0, "0")], full=1.0),
        charts.stacked_bars({}, {}, seconds),
        charts.stacked_bars({"w1": {}}, PHASES, seconds),
        charts.lanes([], [], seconds),
        charts.lanes([TimeSpan("w1", 0, seconds, "")], [Note(seconds, "", "death", "w1")], seconds),
    ]
    for chart in made:
        assert ElementTree.fromstring(chart.svg).tag == "svg"
        assert not re.search("NaN|Infinity|undefined", chart.svg)


def test_hostile_texts_are_texts() -> None:
    made = [
        charts.line_chart(
            [LineSeries(HOSTILE, [(1.0, 1.0)], "c0")], 5, HOSTILE, [Note(1, HOSTILE, "death")]
        ),
        charts.bar_chart([Bar(HOSTILE, 1, HOSTILE)]),
        charts.stacked_bars({HOSTILE: {HOSTILE: 1.0}}, {HOSTILE: "p1"}, 5),
        charts.lanes([TimeSpan(HOSTILE, 0, 1, HOSTILE)], [Note(1, HOSTILE, "death", HOSTILE)], 5),
    ]
    for chart in made:
        assert "&lt;script&gt;" in chart.svg and "\x1b" not in chart.svg
        tags = {element.tag for element in ElementTree.fromstring(chart.svg).iter()}
        assert tags <= {"svg", "g", "path", "line", "text", "title"}
