"""What stands in front of a sentence: headings, places, letters; and what only looks like that."""

from __future__ import annotations

import pytest

from stages.data_structurer.labels import front, is_heading
from stages.data_structurer.passages import joined, sentences_of


@pytest.mark.parametrize(
    ("text", "said", "heading"),
    [
        ("Why we moved. We drained the lock and sealed its gate.",
         "We drained the lock and sealed its gate.", "Why we moved"),
        ("Moorings. Two ships lost their ropes at night.",
         "Two ships lost their ropes at night.", "Moorings"),
        ("3. Theft of ropes. Two ships lost theirs at night.",
         "Two ships lost theirs at night.", "Theft of ropes"),
        ("OSTHOLM, Norland (Seapress) - Thieves took the ropes of two ships.",
         "Thieves took the ropes of two ships.", "OSTHOLM, Norland (Seapress)"),
        ("Ostholm, 4 May 2091 – Thieves took the ropes of two ships.",
         "Thieves took the ropes of two ships.", "Ostholm, 4 May 2091"),
        ("A: Replace the rope of every ship at once.",
         "Replace the rope of every ship at once.", ""),
        ("Root cause: The rope was older than the ship.",
         "The rope was older than the ship.", "Root cause"),
        ("IDOR - the number of a ship opens every cabin of all ships.",
         "IDOR - the number of a ship opens every cabin of all ships.", ""),
        ("CSRF - A page can move the ships of whoever looks at it.",
         "CSRF - A page can move the ships of whoever looks at it.", ""),
        # Sentences, however short.
        ("All ropes were cut. Two ships drifted into the lock.",
         "All ropes were cut. Two ships drifted into the lock.", ""),
        ("The rope, e.g. Foo Inc. sells one, was old and thin.",
         "The rope, e.g. Foo Inc. sells one, was old and thin.", ""),
    ],
)  # fmt: skip
def test_the_front_of_a_paragraph(text: str, said: str, heading: str) -> None:
    found = sentences_of(text)
    assert joined(found) == said
    assert {one.heading for one in found} == {heading}


@pytest.mark.parametrize("label", ["Update now", "No", "It broke", "Nobody came", "A ship was hit"])
def test_what_is_no_heading(label: str) -> None:
    assert not is_heading(label)
    assert front(f"{label}. Then two ships left.") == (0, "")


def test_lines_under_a_heading_know_it_until_the_next_one() -> None:
    text = "Fix:\nReplace all the ropes at once.\n\nWho is at risk?\n\nShips of the old kind are.\n"
    found = [(one.text, one.heading) for one in sentences_of(text)]
    assert found == [
        ("Replace all the ropes at once.", "Fix"),
        ("Ships of the old kind are.", "Who is at risk"),
    ]
