"""What stands behind the last sentence of a text, and is told with it or not."""

from __future__ import annotations

import pytest

from tests.stages.data_structurer.test_wholes import ROPES, told


@pytest.mark.parametrize(
    ("behind", "said"),
    [
        (" no need to count the ropes", " no need to count the ropes."),
        ("\n\nQ: who saw them? A: only those who\nwere on the pier.",
         "\n\nQ: who saw them? A: only those who were on the pier."),
        (" Replace all.", " Replace all."),
        (" Replace all.\n\nIda Kay", " Replace all."),
        (" Two were fine.", " Two were fine."),
        (" Take care.", ""),
        ("\n\nWere the lamps cut as well? No. They are of glass.",
         "\n\nWere the lamps cut as well? No. They are of glass."),
        (" Was it a gale? Somebody asked on the pier. No. A strong gale could wear a rope out.",
         " Was it a gale? Somebody asked on the pier. No. A strong gale could wear a rope out."),
        ("\n\nWould a lamp have been of help? With a guard, yes. Without one, no.",
         "\n\nWould a lamp have been of help? With a guard, yes. Without one, no."),
        ("\n\nWe found none.", "\n\nWe found none."),
        ("\n\nWe thank you.", ""),
        (" Who cut them?", " Who cut them?"),
        (" Questions?", ""),
        (" Regards.", ""),
        (" no need to count the", ""),  # cut off
        (" Ida Kay, Pier Guard", ""),
        ("\n\nIda Kay", ""),
        (" They ask: (a) Give us lamps. (b) Lamps to be lit by the crew. (c) No guard.",
         " They ask: (a) Give us lamps. (b) Lamps to be lit by the crew. (c) No guard."),
        (" It was cut so:\n\n```\ncut --rope /srv/pier\n```",
         " It was cut so:\n\ncut --rope /srv/pier"),
    ],
)  # fmt: skip
def test_words_behind_the_last_sentence(behind: str, said: str) -> None:
    assert told(ROPES + behind) == ROPES + said


def test_a_sentence_goes_on_behind_its_code() -> None:
    """It ended in "/f.", which no shell takes, and the address behind it was lost."""
    text = (
        "A thief took ropes from four ships.\nHe then ran:\n\n{}reg add HKCU\\Ropes\\Pier /v id"
        " /t REG_SZ /d 1 /f\n\nand called 192.0.2.1 on port 4444."
    )
    assert told(text.format("    ")) == text.format("")


@pytest.mark.parametrize(
    ("third", "said"),
    [
        ("(3) Regard is had to Art. 33 of the\nRegulation", ""),
        ("(3) Regard is had to Art. 33 of the\nRegulation on ropes.",
         "\n\n(3) Regard is had to Art. 33 of the\nRegulation on ropes."),
        ("(3) Ropes are dear. Regard is had to Art. 33 of the\nRegulation",
         "\n\n(3) Ropes are dear."),
        ("(3) Ropes are dear.\n\n(4) Regard is had to Art.\n33 of the Regulation.",
         "\n\n(3) Ropes are dear.\n\n(4) Regard is had to Art.\n33 of the Regulation."),
    ],
)  # fmt: skip
def test_no_numbered_paragraph_ends_at_an_abbreviation(third: str, said: str) -> None:
    """An answer ended with "(3) Regard is had to Art."."""
    first = f"(1) Foo Ropes has 30 ropes. {ROPES}\n\n(2) It may ask the court for ropes. It did so."
    assert told(f"{first}\n\n{third}") == first + said
