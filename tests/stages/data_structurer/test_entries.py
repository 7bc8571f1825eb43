"""Entries of lists: an indicator whose note stands in its place can't be looked for."""

from __future__ import annotations

from typing import Any

import pytest

from stages.data_structurer.entries import entry, sign


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"type": "ip", "value": "192.0.2.7", "note": "seen in May"},
         "ip: 192.0.2.7 (seen in May)"),
        ({"kind": "log", "path": "/var/log/rope.log", "pattern": "cut=.*"},
         "log: /var/log/rope.log (pattern: cut=.*)"),
        ({"domain": "rope.example", "first_seen": "2 May"},
         "Domain: rope.example (first seen: 2 May)"),
        ({"indicator": "rope.exe"}, "rope.exe"),
        ({"time": "09:02", "event": "A rope broke."}, "09:02: A rope broke."),
    ],
)  # fmt: skip
def test_an_indicator_stands_behind_its_type_and_ahead_of_its_note(
    fields: dict[str, Any], line: str
) -> None:
    assert sign(fields) == line


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"product": "Rope 4", "note": "only the red ones"}, "Rope 4 (only the red ones)"),
        ({"train": "4", "from": "4.1", "fixed": "4.9"}, "4 (from: 4.1; fixed: 4.9)"),
        ({"step": "Buy ropes", "details": "They must be red."}, "Buy ropes: They must be red."),
        ({"by": "Ida", "votes": 31, "accepted": True, "text": "It was cut."},
         "Ida (accepted answer): It was cut."),
        ({"by": "Bo", "score": -4, "text": "Burn it."}, "Bo (voted down): Burn it."),
        ({"step": "Buy ropes", "whose": ["They are red.", "They hold.", "ask Bo"]},
         "Buy ropes (whose: They are red. They hold. ask Bo.)"),
        ({"by": "Ida"}, "Ida"),
        ({}, ""),
    ],
)  # fmt: skip
def test_a_note_on_a_thing_stands_behind_it_and_votes_are_not_told(
    fields: dict[str, Any], line: str
) -> None:
    assert entry(fields) == line


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"step": "Stop the spooler", "how": ["Ask the crew.", "run net stop spooler", "Wait."]},
         "Stop the spooler (how: Ask the crew; run net stop spooler; Wait.)"),
        ({"step": "Stop the spooler", "how": ["Ask the crew.", "run net stop spooler"]},
         "Stop the spooler (how: Ask the crew; run net stop spooler)"),
    ],
)  # fmt: skip
def test_no_full_stop_touches_a_command_of_an_entry(fields: dict[str, Any], line: str) -> None:
    """Whoever copies it would stop "spooler.", which there is not."""
    assert entry(fields) == line
