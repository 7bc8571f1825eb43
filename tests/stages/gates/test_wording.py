"""The last word of a text tells whether it was cut."""

from __future__ import annotations

import pytest

from stages.gates.wording import ends_open


@pytest.mark.parametrize(
    ("text", "is_open"),
    [("It affects the.", True), ("It ends with a", True), ("It affects Acme Router A.", False),
     ("It ends (with)", True), ("It was sent to LAS AN.", False), ("", False), ("...", False)],
)  # fmt: skip
def test_a_name_that_is_spelled_as_a_word_ends_a_text(text: str, is_open: bool) -> None:
    """Else each answer that names "Router A" is lost."""
    assert ends_open(text) is is_open
