"""XML cut into elements: damage costs the element it is in, and entities are refused."""

from __future__ import annotations

import pytest

from tests.source_help import read, refusal
from tests.source_samples import CAPEC, CWE, RSS


@pytest.mark.parametrize(
    ("whole", "broken", "problem"),
    [
        ("</Potential_Mitigations>", "</Potential_Mitigation>", "not well-formed XML: mismatched"),
        ("</Weakness>\n<Weakness ID", "\n<Weakness ID", "its end is missing"),
        ("</Weakness>\n</Weaknesses>", "</Weakness\n</Weaknesses>", "it ends in the middle"),
        ('<Weakness ID="9001"', '<Meakness ID="9001"', "the beginning of this element is missing"),
    ],
)
def test_a_broken_weakness_costs_itself(whole: str, broken: str, problem: str) -> None:
    assert whole in CWE
    found = read(CWE.replace(whole, broken, 1))
    told = [one.problem for one in found if one.problem]
    kept = [one.record["id"] for one in found if one.record]
    assert len(told) == 1 and problem in told[0] and "at byte" in told[0]
    assert kept == ["CWE-9001" if "ends in the middle" in problem else "CWE-9002"]


def test_the_file_cut_at_any_place_gives_what_was_whole_or_is_refused() -> None:
    first_end = CWE.index("</Weakness>", CWE.index("9001")) + len("</Weakness>")
    for end in range(400, len(CWE), 37):
        found = read(CWE[:end])
        kept = [one.record["id"] for one in found if one.record]
        assert kept[:1] == (["CWE-9001"] if end >= first_end else [])
        assert len(kept) == 2 or end < CWE.index("</Weaknesses>")


BOMB = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'


OUTSIDE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("head", [BOMB, OUTSIDE])
@pytest.mark.parametrize("body", [CWE.partition("?>")[2], CAPEC, RSS.partition("?>")[2]])
def test_entities_are_refused(head: str, body: str) -> None:
    assert "declares entities of its own" in refusal(head + body)
