"""Charts as inline SVG, drawn by Altair: lines over time, bars, stacked bars and lanes.

Knows numbers and labels, nothing of runs.  A colour is the name of a variable of the page's
style sheet.  Invariant: a chart of nothing, of one point or of zeros is still a chart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any

import altair as alt
from markupsafe import Markup

from workers.core.terminal import duration
from workers.observe.report.axes import (
    coloured,
    downwards,
    from_zero,
    milliseconds,
    over_time,
)
from workers.observe.report.cells import figure
from workers.observe.report.svg import FONT_SIZE, Layer, render, variable
from workers.run.run_state import RunState

LINES_HEIGHT = 190
BAR_HEIGHT = 22
LANE_HEIGHT = 28
AXIS_HEIGHT = 40
TEXT_WIDTH = 96  # pixels for what is written behind the longest bar


@dataclass(frozen=True)
class LineSeries:
    """A named series of (seconds, value)."""

    name: str
    points: Sequence[tuple[float, float]]
    colour: str
    dashed: bool = False


@dataclass(frozen=True)
class Note:
    """Something that happened at a moment, in seconds; `kind` is one of SIGNS."""

    at: float
    text: str
    kind: str
    lane: str = ""


@dataclass(frozen=True)
class Bar:
    """A horizontal bar and what is written behind it."""

    label: str
    length: float
    text: str


@dataclass(frozen=True)
class TimeSpan:
    """A stretch of time in a lane, in seconds."""

    lane: str
    start: float
    end: float
    text: str


@dataclass(frozen=True)
class Key:
    """An entry of a legend; `shape`: line, dashed, square or the shape of a sign."""

    name: str
    colour: str
    shape: str = "square"


@dataclass(frozen=True)
class Chart:
    """A drawing, and the legend that the page puts above it."""

    svg: Markup
    keys: Sequence[Key] = ()


SIGNS = {
    "death": Key("worker died", "bad", "cross"),
    RunState.FAILED: Key("run failed", "bad", "square"),
    "dead_letters": Key("dead letters", "warn", "circle"),
    RunState.PAUSED: Key("paused", "warn", "square"),
    RunState.INTERRUPTED: Key("interrupted", "soft", "square"),
    RunState.WAITING: Key("waiting for review", "soft", "circle"),
    "batch_size": Key("batch limit changed", "accent", "diamond"),
    "break": Key("stopped and resumed", "soft", "triangle"),
}


def line_chart(
    lines: Sequence[LineSeries], seconds: float, unit: str, notes: Sequence[Note] = ()
) -> Chart:
    """Lines over a run's time, and notes along the top."""
    layers = [
        *_lines(lines, seconds, unit),
        _rules(notes, seconds),
        _moments(lines, seconds, unit),
        _signs(notes, seconds, alt.value(0)),
    ]
    keys = [Key(line.name, line.colour, "dashed" if line.dashed else "line") for line in lines]
    described = f"{unit} over time: {', '.join(line.name for line in lines)}"
    return Chart(render(layers, LINES_HEIGHT, described), keys + _meanings(notes))


def _lines(lines: Sequence[LineSeries], seconds: float, unit: str) -> list[Layer]:
    """A line through each series, or a dot where it has one point only."""
    rows: list[dict[str, Any]] = [
        {
            "at": milliseconds(at),
            "value": value,
            "line": number,
            "colour": variable(line.colour),
            "dash": [4, 3] if line.dashed else [1, 0],
        }
        for number, line in enumerate(lines)
        for at, value in line.points
    ]
    highest = max((row["value"] for row in rows), default=0)
    drawn = alt.Chart().encode(
        x=over_time("at", seconds),
        y=from_zero("value", unit, highest),
        color=coloured(),
        detail="line:N",
    )
    dash = alt.StrokeDash("dash:N", scale=None, legend=None)
    lone = [row for row in rows if len(lines[row["line"]].points) == 1]
    return [
        Layer(drawn.mark_line(strokeWidth=1.8, aria=False).encode(strokeDash=dash), rows),
        Layer(drawn.mark_circle(aria=False), lone),
    ]


def _moments(lines: Sequence[LineSeries], seconds: float, unit: str) -> Layer:
    """An invisible strip around each moment that tells all figures of it when pointed at."""
    found: dict[float, list[str]] = {}
    for line in lines:
        for at, value in line.points:
            found.setdefault(at, []).append(f"{line.name} {figure(value)}")
    times = sorted(found)
    edges = [0.0, *((a + b) / 2 for a, b in pairwise(times)), seconds]
    rows = [
        {
            "start": milliseconds(start),
            "end": milliseconds(end),
            "text": f"{duration(at)}: {', '.join(found[at])} {unit}",
        }
        for at, (start, end) in zip(times, pairwise(edges), strict=False)
    ]
    strips = alt.Chart(name="moments").mark_rect(fillOpacity=0)
    x = over_time("start", seconds)
    return Layer(strips.encode(x=x, x2="end:T", description="text:N"), rows)


def bar_chart(bars: Sequence[Bar], full: float | None = None) -> Chart:
    """Horizontal bars; with `full`, each on a track of that length."""
    longest = full or max((bar.length for bar in bars), default=0) or 1
    rows = [{"label": x.label, "length": x.length, "text": x.text, "full": longest} for x in bars]
    scale = alt.Scale(domain=[0, longest], range=[0, alt.expr(f"width - {TEXT_WIDTH}")])
    length, end = (alt.X(f"{field}:Q", scale=scale, axis=None) for field in ("length", "full"))
    base = alt.Chart().encode(y=downwards("label", [bar.label for bar in bars]))
    text = base.mark_text(align="left", dx=6, fontSize=FONT_SIZE, color=variable("ink"), aria=False)
    marks = [
        base.mark_bar(height=10, color=variable("c0"), aria=False).encode(x=length),
        text.encode(x=end if full else length, text="text:N"),
    ]
    if full:
        marks.insert(0, base.mark_bar(height=10, color=variable("rule"), aria=False).encode(x=end))
    layers = [Layer(drawn, rows) for drawn in marks]
    described = "; ".join(f"{bar.label}: {bar.text}" for bar in bars)
    return Chart(render(layers, BAR_HEIGHT * max(1, len(bars)) + 4, described))


def stacked_bars(
    rows: Mapping[str, Mapping[str, float]], colours: Mapping[str, str], whole: float
) -> Chart:
    """A bar for each row, at most `whole` seconds long, of parts in these colours."""
    longest = max([whole, *(sum(seconds.values()) for seconds in rows.values())])
    parts = [part for label, seconds in rows.items() for part in _parts(label, seconds, colours)]
    bars = alt.Chart().mark_bar(height=18)
    bars = bars.encode(
        x=over_time("start", longest),
        x2="end:T",
        y=downwards("label", list(rows)),
        color=coloured(),
        description="text:N",
    )
    height = LANE_HEIGHT * max(1, len(rows)) + AXIS_HEIGHT
    described = f"time of {', '.join(rows)} by phase: {', '.join(colours)}"
    keys = [Key(name, colour) for name, colour in colours.items()]
    return Chart(render([Layer(bars, parts)], height, described), keys)


def _parts(
    label: str, seconds: Mapping[str, float], colours: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    ends = accumulate(seconds.get(name, 0.0) for name in colours)
    for (name, colour), end in zip(colours.items(), ends, strict=True):
        spent = seconds.get(name, 0.0)
        yield {
            "label": label,
            "start": milliseconds(end - spent),
            "end": milliseconds(end),
            "colour": variable(colour),
            "text": f"{label}: {name} {duration(spent)}",
        }


def lanes(spans: Sequence[TimeSpan], notes: Sequence[Note], seconds: float) -> Chart:
    """Who was there when, and what happened in each lane; breaks cross all of them."""
    inside = [note for note in notes if note.lane]
    names = list(dict.fromkeys([*(span.lane for span in spans), *(note.lane for note in inside)]))
    rows = [
        {
            "lane": span.lane,
            "start": milliseconds(span.start),
            "end": milliseconds(max(span.end, span.start + seconds / 300)),
            "text": span.text,
        }
        for span in spans
    ]
    x, y = over_time("start", seconds), downwards("lane", names)
    bars = alt.Chart().mark_bar(height=10, cornerRadius=2, color=variable("c0"))
    layers = [
        _rules(notes, seconds),
        Layer(bars.encode(x=x, x2="end:T", y=y, description="text:N"), rows),
        _signs(inside, seconds, y),
    ]
    height = LANE_HEIGHT * max(1, len(names)) + AXIS_HEIGHT
    return Chart(render(layers, height, f"events over time: {', '.join(names)}"), _meanings(notes))


def _rules(notes: Sequence[Note], seconds: float) -> Layer:
    """An upright line where the run was stopped."""
    rows = [{"at": milliseconds(note.at)} for note in notes if note.kind == "break"]
    rules = alt.Chart().mark_rule(color=variable("soft"), strokeDash=[2, 3], aria=False)
    return Layer(rules.encode(x=over_time("at", seconds)), rows)


def _signs(notes: Sequence[Note], seconds: float, y: Any) -> Layer:
    rows = [
        {
            "at": milliseconds(note.at),
            "lane": note.lane,
            "text": f"{duration(note.at)}: {note.text}",
            "shape": SIGNS[note.kind].shape,
            "colour": variable(SIGNS[note.kind].colour),
        }
        for note in notes
    ]
    points = alt.Chart(name="signs").mark_point(
        filled=True, size=80, opacity=1, stroke=variable("card"), strokeWidth=1
    )
    points = points.encode(
        x=over_time("at", seconds),
        y=y,
        shape=alt.Shape("shape:N", scale=None, legend=None),
        color=coloured(),
        description="text:N",
    )
    return Layer(points, rows)


def _meanings(notes: Sequence[Note]) -> list[Key]:
    kinds = {note.kind for note in notes}
    return [sign for kind, sign in SIGNS.items() if kind in kinds]
