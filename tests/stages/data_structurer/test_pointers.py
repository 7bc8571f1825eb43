"""The words by which a sentence points back, beside those of test_passages.py."""

from __future__ import annotations

import pytest

from stages.data_structurer.pointers import points_back


@pytest.mark.parametrize(
    ("text", "points"),
    [("In that letter, the harbour asked for a rope.", True),
     ("In this letter, the harbour asks for a rope.", False),
     ("So the harbour asked for a rope.", True),
     ("So far, the harbour has asked for nothing.", False),
     ("The third rope was cut.", True), ("The third quarter was quiet.", False),
     ("Sailors call it a ghost.", True), ("Sailors call the pier a ghost.", False),
     ("The more serious one cuts a rope.", True), ("The more serious flaw cuts a rope.", False),
     ("If you cannot, use a chain.", True), ("If you cannot sail, use a chain.", False),
     ("There were nine of them on the pier.", True), ("There were nine ropes on it.", False)],
)  # fmt: skip
def test_what_points_back(text: str, points: bool) -> None:
    assert points_back(text) is points
