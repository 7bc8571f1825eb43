"""A sentence is turned round by a prefix, by an opposite, and by two that change places."""

from __future__ import annotations

import pytest

from stages.gates.opposites import turned_words
from stages.gates.words import tokens


@pytest.mark.parametrize(
    ("said", "told", "turned"),
    [
        (
            "An authenticated attacker reads mail",
            "An unauthenticated attacker reads mail",
            ["authenticated"],
        ),
        ("All versions are unaffected", "All versions are affected", ["unaffected"]),
        ("The nonpublic part is valid", "The part is invalid", ["valid"]),
        ("A local attacker reads mail", "A remote attacker reads mail", ["local"]),
        ("It decrypts the files", "It encrypts the files", ["decrypts"]),
        (
            "Enable the export where the log is disabled",
            "Disable the export where the log is enabled",
            ["enable", "disabled"],
        ),
        ("Versions after 2.1 are affected", "Versions before 2.1 are affected", ["after"]),
    ],
)
def test_opposites_are_found(said: str, told: str, turned: list[str]) -> None:
    assert turned_words(tokens(said), [tokens(told)]) == turned


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Remote attackers read mail", "An unauthenticated remote attacker reads mail"),
        (
            "Where a log is enabled, disable the export",
            "Disable the export if a log is enabled",
        ),
        ("A local user and a remote one log in", "A remote user logs in, as does a local user"),
        ("The form informs the user", "The form is shown to the user"),
        ("It runs inside the process", "It is on the side of the process"),
        ("Discover the cause", "A cover hides the cause"),
    ],
)
def test_what_says_the_same_is_not_turned(said: str, told: str) -> None:
    assert turned_words(tokens(said), [tokens(told)]) == []
