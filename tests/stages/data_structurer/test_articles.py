"""The article that a note leaves out, for kinds of products and people only."""

from __future__ import annotations

import pytest

from stages.data_structurer.articles import (
    lacks_article,
    of_kind,
    with_article,
    with_articles,
    without_numbers,
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Product reads a length.", "A product reads a length."),
        ("FTP server allows reading.", "An FTP server allows reading."),
        ("Attacker can read it.", "An attacker can read it."),
        ("User can read it.", "A user can read it."),
        ("Python library doesn't check it.", "A Python library doesn't check it."),
        ("chain: web browser does not check it.", "A web browser does not check it."),
        ("Composite: weak keys can be guessed.", "Weak keys can be guessed."),
        (
            "ABC. POP3 server allows it. Might be resultant from another flaw.",
            "A POP3 server allows it.",
        ),
        ("Web server allows it. CWE-705 (Flow) -> CWE-561 (Code).", "A web server allows it."),
        (
            "Web server allows it. Overlaps other checks. This is not quite CWE-9901, but close.",
            "A web server allows it.",
        ),
        ("chain: libfoo reads a length.", "Libfoo reads a length."),
    ],
)
def test_a_kind_gets_its_article(text: str, said: str) -> None:
    assert with_article(text) == said


@pytest.mark.parametrize(
    "text",
    ["Acme server allows reading.", "The server allows reading.", "Server crashes are frequent.",
     "Servers allow reading.", "Lark 2.1 has a flaw."],
)  # fmt: skip
def test_any_other_text_stays(text: str) -> None:
    assert with_article(text) == text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("It does not warn user when document contains macros.",
         "It does not warn the user when a document contains macros."),
        ("It stores database file under the root.", "It stores a database file under the root."),
        ("It lets a user of that document in the script read it.",) * 2,
        ("It is sent to servers of another user, via HTTPS.",) * 2,
    ],
)  # fmt: skip
def test_nouns_within_a_note_get_theirs(text: str, said: str) -> None:
    assert with_articles(text) == said


def test_a_kind_of_actor_gets_its_article() -> None:
    assert of_kind("Lark Gull is criminal group that sails.") == (
        "Lark Gull is a criminal group that sails."
    )
    for stays in ("Lark is a group that sails.", "Lark is part of the group.", "Lark is new."):
        assert of_kind(stays) == stays


def test_marks_of_a_catalog() -> None:
    text = "Use an accept known good list (CWE-9901, CWE-9902) of names."
    assert without_numbers(text) == 'Use an "accept known good" list of names.'
    assert without_numbers("An Adversary-in-the-Middle AITM attack.") == (
        "An Adversary-in-the-Middle (AITM) attack."
    )


@pytest.mark.parametrize(
    ("note", "lacks"),
    [
        ("A product checks names in FTP server.", True),
        ("A product does not check argument of a command.", True),
        ("A port sends letters via request to a guest.", True),
        ("A lamp is lit for web browser and reads letters.", True),
        ("A product checks the names in its FTP server.", False),
        ("A product reads names of other files by mail.", False),
        ("A product keeps letters in memory after an error.", False),
    ],
)
def test_a_note_that_lacks_an_article_is_known(note: str, lacks: bool) -> None:
    """It is quoted as the entry has it, and never told as English of ours."""
    assert lacks_article(note) == lacks


def test_a_blank_before_a_full_stop_goes() -> None:
    assert (
        without_numbers("Call an old function . It is slow.") == "Call an old function. It is slow."
    )
