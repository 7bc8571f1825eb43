"""What comes of a flaw: its own section whole, else a sentence that says what may happen."""

from __future__ import annotations

import pytest

from stages.base import Record
from tests.stages.data_structurer.test_own_answers import answer, flaw

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


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("When a boat of the fleet is sunk, its bells are meant to keep its crew awake.", None),
        ("Lark 2.1 has a flaw. A guest of the pier may then ring all of the bells of the harbour.",
         "A guest of the pier may then ring all of the bells of the harbour."),
    ],
)  # fmt: skip
def test_an_effect_says_what_may_happen(text: str, said: str | None) -> None:
    roles = {"When a boat": "effect", "A guest": "effect"}
    assert (
        answer(flaw(f"Lark 2.1 counts its bells twice. {text}"), "vulnerability_impact", roles)
        == said
    )


def test_what_one_of_several_flaws_does_is_not_the_effect_of_all() -> None:
    one = (
        "CVE-2099-0003 Open door: The door of the lamp is open. This could allow a guest to enter."
    )
    two = "CVE-2099-0004 Old bell: The bell rings when it is struck. All of the crew wakes up then."
    record = {"id": "RHSA-2099:1", "title": "Two flaws of the lamp",
              "text": f"The lamp of the pier has two flaws.\n{one}\n{two}"}  # fmt: skip
    assert answer(record, "advisory_impact", {"CVE-2099-0003": "effect", "This": "effect"}) is None


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
