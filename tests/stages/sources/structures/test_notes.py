"""Which notes of an advisory are prose about it."""

from __future__ import annotations

import pytest

from stages.sources.structures.notes import tells


@pytest.mark.parametrize(
    ("category", "title", "told"),
    [
        ("summary", "", True),
        ("Summary", "Topic", True),
        ("general", "Details", True),
        ("General", "General Recommendations", False),
        ("general", "", False),
        ("details", "Patchnames", False),
        ("legal_disclaimer", "Summary", False),
        ("", "", False),
    ],
)
def test_a_note_tells_by_its_category_or_its_title(category: str, title: str, told: bool) -> None:
    assert tells(category, title, ("summary", "details")) is told
