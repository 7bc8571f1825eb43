"""Tables as lines that a reader would write: a measure with its owner, an entry of a log."""

from __future__ import annotations

import pytest

from stages.text.markdown_tables import rows_as_lines


@pytest.mark.parametrize(
    ("table", "lines"),
    [
        ("| a | b |\n|---|:--:|\n| 1 | 2 |\n| 3 |", "a: 1; b: 2.\na: 3."),
        (
            "| # | **Action** | Owner |\n|--|--|--|\n| 1 | Lock it. | Ida |\n| 2 | Look | |",
            "1. Lock it (owner: Ida).\n2. Look.",
        ),
        (
            "| Measure | Who | Due |\n|--|--|--|\n| Lock it | Ida | 3 May |",
            "- Lock it (who: Ida; due: 3 May).",
        ),
        (
            "| Time | What |\n|--|--|\n| 03:12 | Alarm |\n| 03:20 | Who is it? |",
            "- 03:12: Alarm.\n- 03:20: Who is it?",
        ),
        ("| # | Pier |\n|--|--|\n| 1 | North |", "#: 1; Pier: North."),
        ("| Action | Risk |\n|--|--|\n| Cut | High |", "Action: Cut; Risk: High."),
    ],
)
def test_each_row_is_a_line(table: str, lines: str) -> None:
    assert rows_as_lines(f"Above.\n\n{table}\n\nBelow.") == f"Above.\n\n{lines}\n\nBelow."
