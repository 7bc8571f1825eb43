"""Numbers as the text of a cell or a label.

Knows no run.  Invariant: what is not known is "-", and nothing else is.
"""

from __future__ import annotations

from workers.core.terminal import duration
from workers.metrics.batch_figures import per
from workers.observe.status_lines import compact

UNKNOWN = "-"


def figure(value: float) -> str:
    """A number as charts write it: 0.008, 0.81, 12.3, 12,345."""
    whole = value == int(value) or value >= 100
    return f"{value:,.0f}" if whole else _fraction(value)


def number_text(value: float | None) -> str:
    """A number as tables write it, of five characters at most: 0.008, 0.81, 12.3, 12345, 123k."""
    if value is None:
        return UNKNOWN
    return compact(int(value)) if value == int(value) or value >= 1000 else _fraction(value)


def _fraction(value: float) -> str:
    decimals = 1 if value >= 10 else 2 if value >= 0.1 else 3
    return f"{value:.{decimals}f}"


def rate(amount: float, seconds: float) -> str:
    """An amount per second, or in general one number by another."""
    return number_text(per(amount, seconds))


def share(part: float, whole: float) -> str:
    """A part as percent of the whole."""
    return f"{part / whole:.0%}" if whole else UNKNOWN


def seconds_text(value: float | None) -> str:
    """A time: 0.25s, 3.1s, 42s, 3m05s."""
    if value is None:
        return UNKNOWN
    return f"{value:.2g}s" if value < 10 else duration(value)
