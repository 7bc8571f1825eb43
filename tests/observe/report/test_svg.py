"""The SVG that is put into the page: part of it, and nothing more than a drawing."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import altair as alt

from tests.observe.report.made_logs import HOSTILE
from workers.observe.report.axes import coloured
from workers.observe.report.svg import WIDTH, Layer, render, variable


def drawn(text: str, description: str = "what it shows") -> str:
    row = {"name": text, "value": 1.23456789, "colour": variable("c3")}
    bars = alt.Chart(name="bars").mark_bar()
    bars = bars.encode(x="value:Q", y="name:N", color=coloured(), description="name:N")
    return render([Layer(bars, [row])], 120, description)


def test_it_fits_a_column_and_tells_screen_readers_what_it_is() -> None:
    root = ElementTree.fromstring(drawn("w1", 'speed of "w1" <&'))
    assert root.attrib == {
        "viewBox": f"0 0 {WIDTH} 120",
        "role": "img",
        "aria-label": 'speed of "w1" <&',
    }
    assert [title.text for title in root.iter("title")] == ["w1"]


def test_colours_and_fonts_are_the_pages() -> None:
    svg = drawn("w1")
    assert 'fill="var(--c3)"' in svg and "font-family" not in svg
    assert set(re.findall(r'(?:fill|stroke)="(?!none|transparent)([^"]+)"', svg)) <= {
        *(variable(name) for name in ("c3", "soft", "rule"))
    }


def test_it_needs_nothing_and_runs_nothing() -> None:
    svg = drawn(HOSTILE, HOSTILE)
    root = ElementTree.fromstring(svg)
    assert {element.tag for element in root.iter()} <= {"svg", "g", "path", "line", "text", "title"}
    assert not re.search(r"xmlns|href|url\(|<script|<img|\x1b", svg)
    for element in root.iter():
        assert not [name for name in element.attrib if name.startswith("on") or name == "id"]


def test_class_names_and_short_numbers() -> None:
    svg = drawn("w1")
    assert "bars_marks" in svg
    paths = re.findall(r' (?:d|transform)="([^"]+)"', svg)
    assert paths and not any(re.search(r"\.\d{3}", path) for path in paths)


def test_no_character_ends_the_process() -> None:
    text = "".join(map(chr, (*range(0x20), 0x7F, 0x202E, 0x2028, 0xD800, 0xFFFE, 0x1F600, 0x5D0)))
    bars = alt.Chart().mark_bar()
    bars = bars.encode(x=alt.X("value:Q").title(text), y="name:N", description="name:N")
    drawn = render([Layer(bars, [{"name": text, "value": 1}])], 120, text)
    (title,) = ElementTree.fromstring(drawn).iter("title")
    assert title.text == "?" * 37 + "\U0001f600\u05d0"
