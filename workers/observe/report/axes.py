"""Axes and other channels that the report's charts share, for Altair.

Knows a run's time and the page's colours, no chart.  Invariant: any number of seconds has
an axis.
"""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt

LABEL_LIMIT = 160  # pixels
CHARACTER_WIDTH = 6.3  # pixels, mean, of a wide font at the size of a label
_LONGEST_S = 1e11  # a damaged log may hold any time; Vega's dates end at 8.6e12 s


def milliseconds(seconds: float) -> int:
    """Seconds as the time axis has them."""
    return round(min(seconds, _LONGEST_S) * 1000)


def over_time(field: str, seconds: float) -> alt.X:
    """The axis of a run of `seconds`, in minutes and seconds or in hours and minutes."""
    unit, small, title = (60_000, "%S", "min:s") if seconds < 3600 else (3_600_000, "%M", "h:min")
    axis = alt.Axis(
        title=f"time ({title})",
        grid=False,
        tickCount=5,
        labelExpr=f"floor(datum.value / {unit}) + ':' + utcFormat(datum.value, '{small}')",
    )
    scale = alt.Scale(type="utc", domain=[0, milliseconds(max(seconds, 1.0))], nice=False)
    return alt.X(f"{field}:T", axis=axis, scale=scale)


def from_zero(field: str, unit: str, highest: float) -> alt.Y:
    """The axis of a value; the unit stands above it."""
    axis = alt.Axis(
        title=unit,
        titleAngle=0,
        titleAlign="left",
        titleX=0,
        titleY=-8,
        domain=False,
        ticks=False,
        tickCount=4,
    )
    return alt.Y(f"{field}:Q", axis=axis, scale=alt.Scale(domain=[0, highest or 1], nice=True))


def downwards(field: str, labels: Sequence[str]) -> alt.Y:
    """Rows by name in the order given, with room for the widest label in any usual font."""
    room = min(LABEL_LIMIT, CHARACTER_WIDTH * max(map(len, labels), default=0))
    axis = alt.Axis(
        title=None,
        domain=False,
        ticks=False,
        labelPadding=5,
        minExtent=room,
        labelLimit=LABEL_LIMIT,
    )
    return alt.Y(f"{field}:N", sort=None, axis=axis)


def coloured(field: str = "colour") -> alt.Color:
    """The field's value is the colour itself."""
    return alt.Color(f"{field}:N", scale=None, legend=None)
