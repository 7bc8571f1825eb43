"""What a first sentence says by name what it is."""

from __future__ import annotations

import pytest

from stages.data_structurer.definitions import defined_in


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
