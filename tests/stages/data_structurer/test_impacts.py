"""What comes of a flaw: its own section whole, else a sentence that says what may happen."""

from __future__ import annotations

import pytest

from stages.base import Record
from tests.stages.data_structurer.own_answers_help import answer, flaw

GHSA = "GHSA-2222-3333-4444"
SHARES = "A share opened by a guest gets the notes of the *whole* team. Any guest can copy them."
HOLD = (
    "Shares are open **only if** both hold:\n\n1. `share.deep` is `yes`;\n2. one note has a label."
)


def entry(impact: str) -> Record:
    text = f"### Impact\n{impact}\n\n### Patches\nFixed in 2.4.1."
    return {"ghsa_id": GHSA, "summary": "Lark: deep shares", "description": text}


def test_a_section_on_the_impact_is_told_from_its_beginning_to_its_end() -> None:
    """A sentence torn out of it leaves what "them" is behind, a list its condition."""
    told = answer(entry(f"{SHARES}\n\n{HOLD}"), "vulnerability_impact")
    assert told == (
        "A share opened by a guest gets the notes of the whole team. Any guest can copy them."
        "\n\nShares are open only if both hold:\n\n1. share.deep is yes;\n2. one note has a label."
    )


def test_a_section_that_is_too_long_is_not_told_in_part() -> None:
    more = " ".join(
        f"The note of the bell number {n} can be read by all guests." for n in range(40)
    )
    assert answer(entry(f"{SHARES} {more}"), "vulnerability_impact") is None


def test_a_list_is_told_behind_the_sentence_that_leads_it_in() -> None:
    """Items that say how it comes about are no answer to what comes of it."""
    items = "- the name of a bell is never checked;\n- the bell tower has a key for all bells."
    asked = "_What kind of flaw is it? Who of the harbour is hit by it?_"
    led = "Any guest can have the tower ring *every* bell of a harbour:"
    told = answer(entry(f"{asked}\n\n{led}\n\n{items}"), "vulnerability_impact")
    assert told == f"Any guest can have the tower ring every bell of a harbour:\n\n{items}"


def test_a_list_of_impacts_stays_a_list_and_says_whose_words_it_has() -> None:
    """The first of three items is no heading of the others, and nobody knows who "we" are."""
    told = answer(
        entry("* Guests can copy all of the notes.\n* We found no way to change them, so far."),
        "vulnerability_impact",
    )
    assert told == (
        "- Guests can copy all of the notes.\n"
        "- The maintainers found no way to change them, so far."
    )


def test_one_sentence_of_several_is_not_all_that_comes_of_a_flaw() -> None:
    """Who reads that keys are read does not learn that this takes a switch, or that more can be."""
    first = (
        "The bell service of Lark before 2.1 allows remote attackers to read all keys of a guest."
    )
    assert answer(flaw(first), "vulnerability_impact") is not None
    more = "With the switch in position 2, they can only read names."
    assert answer(flaw(f"{first} {more}"), "vulnerability_impact") is None
    alone = (
        "Lark 2.1 counts bells. A guest of the pier may then ring all of the bells of the harbour."
    )
    assert answer(flaw(alone), "vulnerability_impact", {"A guest": "effect"}) is None


def test_an_order_of_a_commit_is_no_remedy() -> None:
    """Users can't hold a lock of the kernel's code."""
    text = (
        "In the Linux kernel, the following vulnerability has been resolved:\n\nlark: fix a race in"
        " lark_ring()\n\nDisable the timer first, and restart it once all of the bells are set up."
    )
    assert answer(flaw(text), "vulnerability_response", {"Disable": "respond"}) is None


def test_a_list_without_lines_is_not_told_by_its_first_item() -> None:
    """One of three conditions reads as if it were the only one."""
    first = (
        "The product rings a bell of the harbour for a guest whom it has not asked for a name and"
        " for a key, which lets the guest wake the crew."
    )
    more = "Such errors occur when: The bell is old. The guest is not on the list. It is night."
    record = {"id": "CWE-1999", "name": "Loose Bell", "description": first,
              "extended_description": more}  # fmt: skip
    assert answer(record, "weakness_explanation") == first


def test_a_note_on_the_repair_is_no_part_of_an_impact() -> None:
    """What an attacker achieves is not that 2.4.2 was pulled from the store."""
    note = "**Maintainers' note:** 2.4.2 was pulled from the store & has no repair."
    told = answer(entry(f"{SHARES}\n\n{note}"), "vulnerability_impact")
    assert told == SHARES.replace("*", "")
    assert answer(entry(note), "vulnerability_impact") is None


def test_a_list_of_who_is_affected_and_who_is_not_is_no_impact() -> None:
    """Who asks what an attacker achieves learns only for whom to worry."""
    spared = "* **Not** affected: the bell of the tower, guests without a rope."
    listed = "* Towers where ropes can be pulled by people whom nobody knows."
    assert answer(entry(f"{listed}\n{spared}"), "vulnerability_impact") is None
    for effect in ("Guests can ring the bells at night.", "Full takeover of the tower."):
        told = answer(entry(f"* {effect}\n{spared}"), "vulnerability_impact")
        assert told is not None and told.startswith(f"- {effect}")


@pytest.mark.parametrize(
    "effect",
    [
        "Passwords of users who sign in over LDAP are written to the log in plain text.",
        "Anyone who knows a project's number reads its secret tokens.",
        "Servers that accept anonymous binds hand out sessions to every guest.",
        "Guests read the notes of teams that are private.",
        "Towers where guests sign in are open at night.",
        "Anyone who asks at the gate is let in at night.",
    ],
)
@pytest.mark.parametrize("spared", ["Not affected: users of SAML.", "Unaffected: users of SAML."])
def test_an_effect_behind_a_relative_clause_is_an_impact(effect: str, spared: str) -> None:
    """It was taken for one more line on who is affected, and was lost."""
    told = answer(entry(f"{effect}\n\n{spared}"), "vulnerability_impact")
    assert told is not None and told.startswith(effect)


@pytest.mark.parametrize(
    "listed",
    [
        "All users who sign in over LDAP.",
        "Servers that use LDAP",
        "Towers where bells can be rung by guests less known than their hosts.",
        "Any tower where the bell is pulled by guests.",
    ],
)
def test_whom_a_flaw_concerns_is_no_impact(listed: str) -> None:
    spared = "* Not affected: users of SAML."
    assert answer(entry(f"* {listed}\n{spared}"), "vulnerability_impact") is None
