"""Text for terminals: printable, bounded, and readable all the same."""

from __future__ import annotations

import pytest

from workers.core.terminal import duration, megabytes, plain_text, plain_values

HOSTILE = "\x1b]0;owned\x07\u202ename\n\x9b31m\udc80"


def test_what_a_terminal_would_obey_becomes_a_question_mark() -> None:
    assert plain_text(HOSTILE) == "?]0;owned??name??31m?"
    assert plain_text("grüße 漢字") == "grüße 漢字"
    assert plain_text(None) == "None"


@pytest.mark.parametrize("length", [9, 10, 11, 300])
def test_long_text_is_cut(length: int) -> None:
    text = plain_text("x" * length, 10)
    assert len(text) == min(length, 10) and text.endswith("...") == (length > 10)


def test_every_string_inside_is_made_plain() -> None:
    values = plain_values({HOSTILE: [HOSTILE, 1, None, {"a": (HOSTILE,)}]})
    plain = plain_text(HOSTILE)
    assert values == {plain: [plain, 1, None, {"a": [plain]}]}


def test_durations_and_sizes() -> None:
    assert [duration(s) for s in (None, 4.2, 65, 7500)] == ["-", "4s", "1m05s", "2h05m"]
    assert megabytes(1234 * 2**20) == "1,234 MB"
