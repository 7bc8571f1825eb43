"""Objects as blocks: a form's fields in a row, "No: 1 Level: High", are no text for a reader."""

from __future__ import annotations

from typing import Any

import pytest

from stages.data_structurer.blocks import MOST_BLOCKS, blocks_of, fixes_of, flaws_of
from stages.data_structurer.telling import sections_of

CUT = "Nine of the ropes were cut by night."


@pytest.mark.parametrize(
    ("items", "text"),
    [
        ([{"ref": "A", "grade": "Major", "condition": CUT, "action": "Buy ropes.", "yes": "Yes"}],
         f"Finding A (grade: Major):\nCondition: {CUT}\nAction: Buy ropes."),
        ([{"no": 1, "observation": CUT, "risk": "Ships that drift in the dark.", "owner": "Bo"},
          {"no": 2, "observation": CUT, "owner": "-", "due": "n/a"}],
         f"Finding 1 (owner: Bo):\nObservation: {CUT}\nRisk: Ships that drift in the dark.\n\n"
         f"Finding 2:\n{CUT}"),
        ([{"item": "Ropes of the pier", "minute": CUT}, {"item": "Lamps", "minute": "None."}],
         None),
        ([{"item": "Ropes", "minute": CUT}, {"item": "Rain", "minute": CUT},
          {"item": "Lamps", "minute": "-"}], f"Ropes:\n{CUT}\n\nRain:\n{CUT}"),
        ([{"topic": "Ropes", "summary": CUT, "advice": ["Buy some.", "Count them."]}],
         f"Ropes:\nSummary: {CUT}\nAdvice:\n- Buy some.\n- Count them."),
        ([{"n": 1, "h": "Short", "text": CUT}, {"n": 2, "h": "Long", "text": CUT}],
         f"Short:\n{CUT}\n\nLong:\n{CUT}"),
        ([{"h": "Ropes, badly", "p": CUT}, {"h": "Lamps", "p": CUT}],
         f"Ropes, badly:\n{CUT}\n\nLamps:\n{CUT}"),
        ([{"n": "1", "t": "Ropes", "m": f"{CUT} [Ida left.]"}], f"Ropes:\n{CUT} [Ida left.]"),
        ([{"model": "R5", "software": "5.0", "fix": "5.7, out"},
          {"model": "R3", "software": "3.8", "fix": "3.9, planned for May, no longer for March"},
          {"model": "R2", "software": "2.1", "fix": "none will come for it, as the maker says"}],
         "R5 (software: 5.0; fix: 5.7, out).\n\n"
         "R3 (software: 3.8):\nFix: 3.9, planned for May, no longer for March\n\n"
         "R2 (software: 2.1):\nFix: none will come for it, as the maker says"),
        ([{"heading": "Who cuts ropes?", "poster": "ida", "text": CUT}], f"Who cuts ropes?\n{CUT}"),
        ([{"Q": "1. Who cuts ropes?", "A": CUT}], f"1. Who cuts ropes?\n{CUT}"),
        ([{"heading": "Called so", "text": CUT}], CUT),
        ([{"id": 1, "level": "High"}], None),
        ([CUT], None),
        ([{"text": CUT}] * (MOST_BLOCKS + 1), None),
    ],
)  # fmt: skip
def test_blocks(items: list[Any], text: str | None) -> None:
    assert blocks_of("findings", items, {"Called so"}) == (text or "")


def test_all_blocks_of_a_list_are_called_alike() -> None:
    """Those of few words went by these, and lost the numbers that the end of a report speaks of."""
    items = [{"number": 1, "asked": "Buy new ropes for all of the piers", "found": CUT},
             {"number": 2, "asked": "Light the lamps", "found": CUT}]  # fmt: skip
    assert blocks_of("Advice by advice", items) == (
        f"Advice 1:\nAsked: Buy new ropes for all of the piers\nFound: {CUT}\n\n"
        f"Advice 2 (asked: Light the lamps):\n{CUT}"
    )


def test_flaws_are_told_by_their_ids() -> None:
    """Elsewhere a bulletin calls them by the ends of these, "4711 is worse"."""
    flaws = [{"id": "CVE-2099-4711", "what": "ropes are cut", "score": 7.1},
             {"cve": "CVE-2099-4712", "product": "Lamp", "note": "It goes. No fix."}]  # fmt: skip
    assert flaws_of(flaws) == (
        "- CVE-2099-4711: ropes are cut (score: 7.1)\n- CVE-2099-4712 (Lamp): It goes. No fix."
    )
    assert flaws_of([*flaws, {"id": "R-1", "what": "ropes"}]) == flaws_of("CVE-2099-1") == ""


def test_a_flaw_is_told_with_its_description() -> None:
    """A list of titles tells nobody how ropes are cut."""
    flaws = [{"cve": "CVE-2099-4711", "title": "Lamp Rope Flaw", "severity": "High",
              "description": "The lamp burns a rope.\n\nIt falls then."},
             {"cve": "CVE-2099-4712", "title": "Lamp Flaw",
              "description": "- a lamp\n- a rope."}]  # fmt: skip
    assert flaws_of(flaws) == (
        "- CVE-2099-4711: Lamp Rope Flaw (severity: High): The lamp burns a rope. It falls then.\n"
        "- CVE-2099-4712: Lamp Flaw"
    )


def test_a_release_that_is_not_mended_says_so_plainly() -> None:
    """ "First fixed: not vulnerable" is no version."""
    fixes = [{"train": "2.0", "firstFixed": "Move to 3."}, {"train": "3", "firstFixed": "3.1"},
             {"train": "4", "firstFixed": "Not vulnerable"}]  # fmt: skip
    assert fixes_of(fixes) == "- 2.0: move to 3\n- 3: fixed in 3.1\n- 4: not vulnerable"
    assert fixes_of([{"product": "Lamp", "step": "Update to 3.1."}]) == ""  # is advice


def test_a_note_on_a_repaired_release_stands_behind_its_version() -> None:
    """ "Needs 4.1 first" without the 4.2 that needs it has a reader stay on 4.1."""
    fixes = [{"release": "4", "fixedIn": "4.2", "notes": "Needs 4.1 first."},
             {"release": "3", "fixedIn": "n/a", "models": "L-3", "notes": "Move to 4."},
             {"release": "5", "from": "5.0.0", "fixedIn": "5.0.1", "notes": ""}]  # fmt: skip
    assert fixes_of(fixes) == (
        "- 4: fixed in 4.2. Needs 4.1 first.\n- 3 (models: L-3): Move to 4.\n"
        "- 5 (from: 5.0.0): fixed in 5.0.1"
    )
    assert fixes_of(fixes[:1]) == "4: fixed in 4.2. Needs 4.1 first."
    assert fixes_of([*fixes, {"notes": "Ropes."}]) == fixes_of(fixes[2:]) == fixes_of("4.2") == ""


def test_objects_of_several_sentences_are_too_much_for_a_line_each() -> None:
    results = [{"no": 1, "observation": CUT, "action": "Buy ropes.", "owner": "Ida"}] * 2
    record = {"text": CUT, "results": results}
    (told,) = [one.shown for one in sections_of(record) if one.label == "Results"]
    block = f"Result 1 (owner: Ida):\nObservation: {CUT}\nAction: Buy ropes."
    assert told == f"Results:\n{block}\n\n{block}"


def test_a_number_is_no_name_of_a_finding() -> None:
    """ "1 (grade: A):" says nothing."""
    results = [{"item": 1, "grade": "A", "condition": CUT, "cause": "Nobody counts ropes here."}]
    assert blocks_of("results", results).startswith("Result 1 (grade: A):\nCondition: ")
