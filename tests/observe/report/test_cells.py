"""Numbers as text: short, and never a lost digit that matters."""

from __future__ import annotations

from workers.observe.report.cells import UNKNOWN, figure, number_text, rate, seconds_text, share


def test_small_numbers_keep_their_digits() -> None:
    assert [number_text(v) for v in (0.004, 0.81, 12.34, 3, 12345, 123_456, None)] == [
        *("0.004", "0.81", "12.3", "3", "12345", "123k", UNKNOWN)
    ]
    assert [figure(v) for v in (0.004, 0.81, 12.34, 100.4, 12345)] == [
        *("0.004", "0.81", "12.3", "100", "12,345")
    ]


def test_nothing_is_not_unknown() -> None:
    assert (share(0, 5), share(1, 3), share(1, 0)) == ("0%", "33%", UNKNOWN)
    assert (rate(0, 5), rate(1, 3), rate(1, 0)) == ("0", "0.33", UNKNOWN)
    assert (seconds_text(0), seconds_text(None)) == ("0s", UNKNOWN)
    assert [seconds_text(v) for v in (0.254, 3.14, 185)] == ["0.25s", "3.1s", "3m05s"]
