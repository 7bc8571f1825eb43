"""Sentences that need the one before them, and those that only look so."""

from __future__ import annotations

import pytest

from stages.data_structurer.pointers import points_back


@pytest.mark.parametrize(
    "text",
    [
        "It reads the queue.",
        "This lets guests print.",
        "Until then, keep the printers off.",
        "If you find it, call us.",
        "Most of them are old.",
        "In such offices nobody looks.",
        "As soon as the printer is on, it sends the list.",
    ],
)
def test_what_points_back(text: str) -> None:
    assert points_back(text)


@pytest.mark.parametrize(
    "text",
    [
        "This flaw lets guests print.",
        "In this paper we print less.",
        "The second quarter was quiet.",
        "Lark 2.1 reads the queue.",
        "It is recommended to keep the printers off.",
        "Both printers were off.",
    ],
)
def test_what_stands_alone(text: str) -> None:
    assert not points_back(text)
