"""Values of fields as lines: whole, with times and names of things as they are, or not at all."""

from __future__ import annotations

from typing import Any

import pytest

from stages.data_structurer.values import MOST_ITEMS, is_query, written
from stages.text import field_names


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"07:10": "a rope is cut", "2099-01-02 08:00": "it is mended"},
         "- 07:10: a rope is cut\n- 2099-01-02 08:00: it is mended"),
        ({"ROPE-4": "old", "red_ropes": "new"}, "- ROPE-4: old\n- Red ropes: new"),
        (["Bo", "Ida"], "Bo and Ida"),
        (["It was cut.", "It was mended."], "- It was cut.\n- It was mended."),
        ({"good": ["No ship sank.", "All ropes held."], "bad": ["The lamp, though, was out."]},
         "Good:\n- No ship sank.\n- All ropes held.\nBad: The lamp, though, was out."),
        ({"crew": ["Bo", "Ida"], "harbour_master": "Kim"},
         "- Crew: Bo, Ida\n- Harbour master: Kim"),
        (["rope"] * (MOST_ITEMS + 1), ""),
        ({"ropes": {"deep": ["a"]}}, ""),
        (None, ""),
    ],
)  # fmt: skip
def test_values(value: Any, text: str) -> None:
    assert written(value, field_names.TOLD) == text


def test_a_query_is_told_as_it_is() -> None:
    query = 'index=ropes | where name="*cut*"\n  | stats count'
    assert is_query(query) and written(query, field_names.OTHER) == query
    assert not is_query("Select the ropes of the pier from among all of them.")
