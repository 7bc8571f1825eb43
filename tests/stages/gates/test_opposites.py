"""A sentence is turned round by a prefix, by an opposite, and by two that change places; not by
words that only say the same in another order."""

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
        (
            "Hosts should have SMBv1 enabled and disable SMB signing",
            "Hosts should disable SMBv1 and enable SMB signing",
            ["enabled", "disable"],
        ),
        ("Allow port 22 and block port 80", "Allow port 80 and block port 22", ["allow", "block"]),
        ("Allow port 80 and allow port 22", "Allow port 80 and block port 22", ["allow"]),
        (
            "The worm encrypts files before it deletes the copies",
            "The worm deletes the copies before it encrypts files",
            ["before"],
        ),
        ("It works if the debug option is off", "It works if the debug option is on", ["off"]),
        (
            "Set the parse option to false and the log option to true",
            "Set the parse option to true and the log option to false",
            ["false", "true"],
        ),
        (
            "Guests write logs and read settings",
            "Guests read logs and write settings",
            ["write", "read"],
        ),
        ("The flaw will lead to a crash", "The flaw may lead to a crash", ["will"]),
        ("A user must delete the files", "A user can delete the files", ["must"]),
        (
            "The patch raises it from 90 to 30 seconds",
            "The patch raises it from 30 to 90 seconds",
            ["from"],
        ),
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
        (
            "SMBv1 should be disabled and SMB signing be enabled on hosts",
            "Hosts should disable SMBv1 and enable SMB signing",
        ),
        ("Port 22 is blocked, and port 80 is allowed", "Allow port 80 and block port 22"),
        (
            "The worm encrypts files after it deletes the copies",
            "The worm deletes the copies before it encrypts files",
        ),
        (
            "The debug option is off by default",
            "It works if the debug option is on, the default is off",
        ),
        ("It grants read access to files", "It grants read and write access to files"),
        ("It reads crash reports", "It writes crash reports"),
        ("The flaw can lead to a crash", "The flaw may lead to a crash"),
        ("Attackers from the network read files", "It lets attackers from the network read files"),
    ],
)
def test_what_says_the_same_is_not_turned(said: str, told: str) -> None:
    assert turned_words(tokens(said), [tokens(told)]) == []
