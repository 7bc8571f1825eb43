"""Plots as inline SVG, without scripts: lines, bars, stacked bars and lanes over time.

Knows numbers and labels, nothing of runs.  Every label is escaped here.  Invariant: a
chart of nothing, of one point or of zeros is still a chart.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from workers.core.terminal import duration, plain_text

WIDTH, HEIGHT = 420, 200
LEFT, RIGHT, TOP, BOTTOM = 46, 10, 10, 26
PLOT_W, PLOT_H = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
LANE_H = 22
LABEL_W = 86
BAR_LABEL_W = 172
COLOURS = 10  # as many as the page's style sheet has

Points = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Note:
    """A mark at a moment of a chart over time; the text is shown when pointed at."""

    at: float
    text: str
    kind: str = "note"


def line_chart(
    series: Mapping[str, Points],
    seconds: float,
    unit: str,
    notes: Sequence[Note] = (),
    dashed: frozenset[str] = frozenset(),
) -> Markup:
    """Lines over a run's time; `dashed` names those drawn as a limit."""
    highest = nice_ceiling(max((y for points in series.values() for _, y in points), default=0))
    parts = [_y_axis(highest), _time_axis(seconds, HEIGHT - BOTTOM, LEFT, PLOT_W)]
    for index, (name, points) in enumerate(series.items()):
        style = "limit" if name in dashed else "line"
        parts.append(_line(points, seconds, highest, f"{style} s{index % COLOURS}", name, unit))
    parts += [_note(note, seconds) for note in notes]
    return legend(series) + _svg(HEIGHT, parts, f"{', '.join(series)} over time, {unit}")


def _line(
    points: Points, seconds: float, highest: float, style: str, name: str, unit: str
) -> Markup:
    spots = [(_x(x, seconds), _y(y, highest)) for x, y in points]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)
    radius = 2.5 if len(spots) == 1 else 6
    circle = '<circle class="dot {}" cx="{:.1f}" cy="{:.1f}" r="{}"><title>{}</title></circle>'
    dots = Markup("").join(
        Markup(circle).format(
            style, x, y, radius, f"{shown(name, 40)}: {figure(v)} {unit} at {duration(t)}"
        )
        for (x, y), (t, v) in zip(spots, points, strict=True)
    )
    return Markup('<polyline class="{}" points="{}"/>').format(style, path) + dots


def _note(note: Note, seconds: float) -> Markup:
    x = _x(note.at, seconds)
    return Markup(
        '<g class="mark {}"><line x1="{:.1f}" x2="{:.1f}" y1="{}" y2="{}"/>'
        '<path d="M{:.1f} {} l-4 -7 h8 z"/><title>{}</title></g>'
    ).format(
        note.kind,
        x,
        x,
        TOP,
        TOP + PLOT_H,
        x,
        TOP + 7,
        f"{duration(note.at)}: {shown(note.text, 300)}",
    )


def _told(note: Note) -> str:
    return f"{duration(note.at)}: {shown(note.text, 300)}"


def bar_chart(bars: Sequence[tuple[str, float, str]], share: bool = False) -> Markup:
    """Horizontal bars: label, length, and what is written behind; `share`: 1 is full."""
    longest = 1.0 if share else max((length for _, length, _ in bars), default=1) or 1
    room = WIDTH - BAR_LABEL_W - RIGHT - 90
    parts = []
    for row, (label, length, text) in enumerate(bars):
        y = TOP + row * LANE_H
        parts.append(_text(BAR_LABEL_W - 6, y + 15, label, "end", 28))
        bar = '<rect class="bar s0" x="{}" y="{}" width="{:.1f}" height="{}" rx="2"/>'
        width = max(0.5, room * length / longest)
        parts.append(Markup(bar).format(BAR_LABEL_W, y + 4, width, LANE_H - 8))
        parts.append(_text(BAR_LABEL_W + width + 6, y + 15, text, "start", 40))
    described = "; ".join(f"{label}: {text}" for label, _, text in bars)
    return _svg(TOP + len(bars) * LANE_H + 6, parts, described)


def histogram(counts: Mapping[str, int], unit: str) -> Markup:
    """Vertical bars over the lower bounds of buckets."""
    buckets = sorted((int(low), count) for low, count in counts.items() if low.isdigit())
    highest = nice_ceiling(max((count for _, count in buckets), default=0))
    parts = [_y_axis(highest)]
    slot = PLOT_W / max(1, len(buckets))
    every = math.ceil(len(buckets) / 9) or 1
    for index, (low, count) in enumerate(buckets):
        x, y = LEFT + index * slot, _y(count, highest)
        bar = (
            '<rect class="bar s1" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}">'
            "<title>{}</title></rect>"
        )
        text = f"{count} from {low} {unit}"
        parts.append(Markup(bar).format(x + 1, y, max(1.0, slot - 2), TOP + PLOT_H - y, text))
        if index % every == 0:
            parts.append(_text(x, HEIGHT - 8, str(low), "start", 8))
    return _svg(HEIGHT, parts, f"requests by {unit}")


def stacked_bars(
    rows: Mapping[str, Mapping[str, float]], colours: Mapping[str, int], whole: float
) -> Markup:
    """A bar for each row, at most as long as `whole`, of parts in these colours; seconds."""
    room = WIDTH - LABEL_W - RIGHT
    parts = []
    for index, (label, seconds) in enumerate(rows.items()):
        y, x = TOP + index * (LANE_H + 4), float(LABEL_W)
        parts.append(_text(LABEL_W - 6, y + 15, label, "end", 15))
        scale = room / max(whole, sum(seconds.values()), 1e-9)
        for name, colour in colours.items():
            width = seconds.get(name, 0.0) * scale
            bar = (
                '<rect class="bar {}" x="{:.1f}" y="{}" width="{:.2f}" height="{}">'
                "<title>{}</title></rect>"
            )
            title = f"{label}: {name} {duration(seconds.get(name))}"
            parts.append(Markup(bar).format(f"s{colour % COLOURS}", x, y, width, LANE_H, title))
            x += width
    bottom = TOP + len(rows) * (LANE_H + 4) + 4
    parts.append(_time_axis(whole, bottom, LABEL_W, room))
    return _legend(colours) + _svg(bottom + BOTTOM, parts, "seconds by phase and worker")


def lanes(
    lives: Sequence[tuple[str, float, float, str]],
    notes: Sequence[tuple[str, Note]],
    seconds: float,
) -> Markup:
    """Who lived when: (lane, start, end, title), and what happened in a lane."""
    names = sorted({lane for lane, *_ in lives} | {lane for lane, _ in notes})
    row = {name: TOP + index * LANE_H for index, name in enumerate(names)}
    room = WIDTH - LABEL_W - RIGHT
    scale = room / max(seconds, 1e-9)
    parts = [_text(LABEL_W - 6, y + 15, name, "end", 15) for name, y in row.items()]
    for lane, start, end, title in lives:
        bar = (
            '<rect class="bar s0" x="{:.1f}" y="{}" width="{:.1f}" height="{}" rx="2">'
            "<title>{}</title></rect>"
        )
        x, width = LABEL_W + start * scale, max(1.0, (end - start) * scale - 1)
        parts.append(Markup(bar).format(x, row[lane] + 5, width, LANE_H - 10, title))
    for lane, note in notes:
        x, y = LABEL_W + note.at * scale, row[lane] + LANE_H / 2
        radius = 3 if note.kind == "failed" else 5
        spot = '<g class="mark {}"><circle cx="{:.1f}" cy="{}" r="{}"/><title>{}</title></g>'
        parts.append(Markup(spot).format(note.kind, x, y, radius, _told(note)))
    bottom = TOP + len(names) * LANE_H + 4
    parts.append(_time_axis(seconds, bottom, LABEL_W, room))
    return _svg(bottom + BOTTOM, parts, "workers, deaths and errors over time")


def legend(names: Iterable[str]) -> Markup:
    """Name and colour of each series."""
    return _legend({name: index for index, name in enumerate(names)})


def _legend(colours: Mapping[str, int]) -> Markup:
    items = Markup("").join(
        Markup('<li><i class="s{}"></i>{}</li>').format(colour % COLOURS, shown(name, 40))
        for name, colour in colours.items()
    )
    return Markup('<ul class="legend">{}</ul>').format(items)


# Axes and text


def nice_ceiling(value: float) -> float:
    """The next 1, 2, 2.5 or 5 times a power of ten, so that an axis ends on a round number."""
    if value <= 0 or not math.isfinite(value):
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= value)


def _y_axis(highest: float) -> Markup:
    parts = []
    for step in range(5):
        value = highest * step / 4
        y = _y(value, highest)
        line = '<line class="grid" x1="{}" x2="{}" y1="{:.1f}" y2="{:.1f}"/>'
        parts.append(Markup(line).format(LEFT, WIDTH - RIGHT, y, y))
        if step % 2 == 0:
            parts.append(_text(LEFT - 6, y + 4, figure(value), "end", 8))
    return Markup("").join(parts)


def _time_axis(seconds: float, y: float, left: float, width: float) -> Markup:
    step = time_step(seconds)
    parts = [
        Markup('<line class="axis" x1="{}" x2="{}" y1="{}" y2="{}"/>').format(
            left, left + width, y, y
        )
    ]
    for tick in range(int(seconds / step) + 1 if seconds > 0 else 1):
        x = left + tick * step / max(seconds, 1e-9) * width
        anchor = "middle" if tick else "start"
        if x <= left + width - 24 or not tick:
            parts.append(_text(x, y + 16, _clock(tick * step), anchor, 8))
    return Markup("").join(parts)


def time_step(seconds: float) -> float:
    """Seconds between ticks: at most six of them."""
    steps = (1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400, 43200, 86400)
    return next((float(step) for step in steps if seconds / step <= 6), seconds / 6)


def _clock(seconds: float) -> str:
    whole = int(seconds)
    if whole < 60:
        return f"{whole}s"
    if whole < 3600:
        return f"{whole // 60}:{whole % 60:02d}"
    return f"{whole // 3600}h{whole % 3600 // 60:02d}"


def figure(value: float) -> str:
    """A number of at most about four digits."""
    if value >= 10_000:
        return f"{value / 1000:.3g}k"
    if value >= 100 or value == int(value):
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2g}"


def shown(text: object, limit: int) -> str:
    """Text for a page: controls and what reorders it taken out."""
    return plain_text(text, limit)


def _text(x: float, y: float, text: str, anchor: str, limit: int) -> Markup:
    return Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>').format(
        x, y, anchor, shown(text, limit)
    )


def _x(at: float, seconds: float) -> float:
    return LEFT + PLOT_W * min(1.0, at / seconds if seconds > 0 else 0.0)


def _y(value: float, highest: float) -> float:
    return TOP + PLOT_H * (1 - value / highest)


def _svg(height: float, parts: Iterable[Markup], described: str) -> Markup:
    head = '<svg viewBox="0 0 {} {:.0f}" role="img" aria-label="{}">'
    return (
        Markup(head).format(WIDTH, height, shown(described, 300))
        + Markup("").join(map(escape, parts))
        + Markup("</svg>")
    )
