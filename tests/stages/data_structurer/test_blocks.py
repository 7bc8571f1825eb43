"""Objects as blocks: a form's fields in a row, "No: 1 Level: High", are no text for a reader."""

from __future__ import annotations

from typing import Any

import pytest

from stages.data_structurer.blocks import MOST_BLOCKS, blocks_of, flaws_of

CUT = "Nine of the ropes were cut by night."


@pytest.mark.parametrize(
    ("items", "text"),
    [
        ([{"ref": "A", "grade": "Major", "condition": CUT, "action": "Buy ropes.", "yes": "Yes"}],
         f"Finding A (grade: Major):\nCondition: {CUT}\nAction: Buy ropes."),
        ([{"item": "Ropes of the pier", "minute": CUT}, {"item": "Lamps", "minute": "None."}],
         None),
        ([{"item": "Ropes", "minute": CUT}, {"item": "Rain", "minute": CUT},
          {"item": "Lamps", "minute": "-"}], f"Ropes:\n{CUT}\n\nRain:\n{CUT}"),
        ([{"topic": "Ropes", "summary": CUT, "advice": ["Buy some.", "Count them."]}],
         f"Ropes:\nSummary: {CUT}\nAdvice:\n- Buy some.\n- Count them."),
        ([{"heading": "Who cuts ropes?", "poster": "ida", "text": CUT}], f"Who cuts ropes?\n{CUT}"),
        ([{"Q": "1. Who cuts ropes?", "A": CUT}], f"1. Who cuts ropes?\n{CUT}"),
        ([{"heading": "Called so", "text": CUT}], CUT),
        ([{"id": 1, "level": "High"}], None),
        ([CUT], None),
        ([{"text": CUT}] * (MOST_BLOCKS + 1), None),
    ],
)  # fmt: skip
def test_blocks(items: list[Any], text: str | None) -> None:
    assert blocks_of("findings", items, {"Called so"}) == (text or "")


def test_flaws_are_told_by_their_ids() -> None:
    """Elsewhere a bulletin calls them by the ends of these, "4711 is worse"."""
    flaws = [{"id": "CVE-2099-4711", "what": "ropes are cut", "score": 7.1},
             {"cve": "CVE-2099-4712", "product": "Lamp", "note": "It goes. No fix."}]  # fmt: skip
    assert flaws_of(flaws) == (
        "- CVE-2099-4711: ropes are cut (score: 7.1)\n- CVE-2099-4712 (Lamp): It goes. No fix."
    )
    assert flaws_of([*flaws, {"id": "R-1", "what": "ropes"}]) == flaws_of("CVE-2099-1") == ""
