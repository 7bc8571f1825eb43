"""The last clause of a sentence as an answer, no stronger than it stands there."""

from __future__ import annotations

import pytest

from tests.stages.data_structurer.own_answers_help import answer, flaw


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("The product does not check a depth, potentially leading to a crash of the parser.",
         "CWE-9902 may lead to a crash of the parser."),
        ("The product does not check a depth, which can result in a loss of data.",
         "CWE-9902 may result in a loss of data."),
        ("The product keeps a lock for too long, causing threads to end in a deadlock.",
         "CWE-9902 causes threads to end in a deadlock."),
        ("The product uses no salt. This makes it easier for attackers to guess passwords.",
         "CWE-9902 makes it easier for attackers to guess passwords."),
        # A definition, and what only says that there may be something.
        ("The product, which reads files of users, does not check their names.", None),
        ("The product shows its version. While this is no risk, it might cause problems.", None),
    ],
)  # fmt: skip
def test_what_a_weakness_leads_to(text: str, said: str | None) -> None:
    weakness = {"id": "CWE-9902", "name": "Lax", "description": text}
    assert answer(weakness, "weakness_consequences") == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Lark 2.1 reads beyond a buffer. Fixed in 2.1.1.", "CVE-2099-0001 is fixed in 2.1.1."),
        ("Lark 2.1 reads beyond a buffer. Fixed in 2.1.1 and, for the older branch, in 1.9.7.",
         "CVE-2099-0001 is fixed in 2.1.1 and, for the older branch, in 1.9.7."),
        ("Lark 2.1 reads beyond a buffer. Fixed in a later version.", None),
    ],
)  # fmt: skip
def test_where_a_flaw_is_fixed(text: str, said: str | None) -> None:
    assert answer(flaw(text), "vulnerability_response") == said


def test_a_clause_that_leans_on_what_it_leaves_out_is_none() -> None:
    said = "Lark 2.1 runs what a variable names, which lets local users run {} by setting {}."
    whole = "CVE-2099-0001 lets local users run any program by setting a variable."
    assert answer(flaw(said.format("any program", "a variable")), "vulnerability_impact") == whole
    assert answer(flaw(said.format("programs", "the variable")), "vulnerability_impact") is None
    goes_on = said.format("programs", "the variable using a script")
    assert answer(flaw(goes_on), "vulnerability_impact") is None
