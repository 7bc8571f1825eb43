"""Notes taken in haste are told from sentences, and asked for as notes."""

from __future__ import annotations

import pytest

from stages.data_structurer.shorthand import is_shorthand, lacks_rule, with_rule
from tests.stages.data_structurer.own_answers_help import answer
from tests.stages.data_structurer.test_stage import pairs_of

NOTES = (
    "22:40 took over from Ida. Three ropes open, nothing hot.\n"
    "23:15 Lamp on pier 4 broken. Told the guard. Says it was fine at nine.\n"
    "00:20 guard back on the pier, new lamp in place.\n"
    "01:00 lamp on pier 2 flickers, called the firm that made it, which sends a man by nine.\n"
    "02:10 all quiet on the piers. Closed."
)
SENTENCES = (
    "I took over from Ida at night. There were three ropes that nobody had counted. The lamp on"
    " pier 4 was broken. I told the guard, who said that it was fine at nine. He is back now."
)


@pytest.mark.parametrize(
    ("text", "short"),
    [
        (NOTES, True),
        (SENTENCES, False),
        ("Lamp broken. Told guard. Closed it.", False),  # too few to tell
        (f"- {NOTES.replace(chr(10), chr(10) + '- ')}", False),  # a list may be short
        (f"Diagnosis: {NOTES}", True),
    ],
)
def test_notes_are_told_from_sentences(text: str, short: bool) -> None:
    assert is_shorthand(text) is short


def test_rules_lack_their_subject() -> None:
    assert lacks_rule("Finds ropes that were cut.", "Sigma-style rule: ropes")
    assert not lacks_rule("Finds of ropes are rare.", "Sigma-style rule: ropes")
    assert not lacks_rule("Finds ropes that were cut.", "Ropes of the harbour")


def test_a_rule_gets_its_subject_in_its_first_paragraph() -> None:
    text = "Finds cut ropes. Was made in May. Ropes break.\n\nNeeds a lamp."
    said = "This rule finds cut ropes. It was made in May. Ropes break.\n\nNeeds a lamp."
    assert with_rule(text) == said


@pytest.mark.parametrize(("text", "asks"), [(NOTES, "notes"), (SENTENCES, "")])
def test_notes_are_asked_for_as_they_were_written(text: str, asks: str) -> None:
    asked = pairs_of({"title": "Night on the pier", "text": text})["text_summary"]
    assert ("notes" in asked["instruction"]) is bool(asks)
    assert answer({"title": "Night on the pier", "text": text}, "text_summary") == text


def test_a_rule_behind_a_label_is_told_with_its_subject() -> None:
    """An answer began with "What: fires when"."""
    said = "What: fires when a rope is cut. Needs the log of the pier."
    assert lacks_rule(said, "the rule rope_cut")
    assert with_rule(said) == "This rule fires when a rope is cut. It needs the log of the pier."
