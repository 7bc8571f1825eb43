"""What a first sentence says by name what it is."""

from __future__ import annotations

import pytest

from stages.data_structurer.definitions import are_doubted, defined_in


@pytest.mark.parametrize(
    ("sentence", "name", "kind"),
    [
        ("Ropecutter is a loader for Windows, written in Nim.", "Ropecutter", "malware"),
        ("Ropecutter is a passive backdoor for the mail of ports.", "Ropecutter", "malware"),
        ("The Rope Crew (also called RC-4) is an extortion group.", "Rope Crew", "threat_group"),
        ("The trojan Ropecutter, a stealer of ropes, is old.", "Ropecutter", "malware"),
        ("Wet Rope was a campaign against ports.", "Wet Rope", "campaign"),
        ("Ropecutter is a mail server with a flaw.", "", ""),
        ("It is a loader for Windows.", "", ""),
        ("This is a group of ports.", "", ""),
        ("A rope is a tool.", "", ""),
        ("Ropecutter was used by a group of thieves.", "", ""),
    ],
)
def test_definitions(sentence: str, name: str, kind: str) -> None:
    found = defined_in(sentence)
    assert (found.name, found.kind) == (name, kind) if found else not name


@pytest.mark.parametrize(
    ("said", "doubted"),
    [
        ("Others call it Wet Rope, which we think is right.", False),
        ("Others call it Wet Rope, but we don't think so.", True),
        ("We carry the name as an alias, though the link is weak.", True),
        ("The lock was weak.", False),
    ],
)
def test_whether_other_names_are_doubted(said: str, doubted: bool) -> None:
    assert are_doubted(["Wet Rope"], [said]) is doubted
