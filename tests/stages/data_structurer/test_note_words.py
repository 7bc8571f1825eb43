"""Words of notes on detections: verbs, articles and first letters."""

from __future__ import annotations

import pytest

from stages.data_structurer.note_words import is_noun_phrase, one_of, small, with_article


@pytest.mark.parametrize(
    ("text", "verbless"),
    [
        ("Use of lp to add queues or rename printers.", True),
        ("Jobs of a host (a script adds them) at night.", True),
        ("Jobs of printers repeatedly send pages.", False),
        ("Tool encodes pages.", False),
        ("An office prints pages.", False),
    ],
)
def test_whether_a_note_has_a_verb(text: str, verbless: bool) -> None:
    assert is_noun_phrase(text) is verbless


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Process creates a queue.", "A process creates a queue."),
        ("Defender correlates logs.", "Defenders should correlate logs."),
        ("Adversary adds a queue.", "An adversary adds a queue."),
        ("Process lists are short.",) * 2,
    ],
)
def test_who_acts_gets_an_article(text: str, said: str) -> None:
    assert with_article(text) == said


def test_one_thing_and_small_letters() -> None:
    assert one_of("firmware utility invoked by night") == "a firmware utility invoked by night"
    assert one_of("utilities invoked by night") == "utilities invoked by night"
    assert small("Unusual jobs") == "unusual jobs" and small("PowerShell jobs") == "PowerShell jobs"
