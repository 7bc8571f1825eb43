"""Answers of several ways as one: nothing twice, and both where a question asks for both."""

from __future__ import annotations

from typing import Any

import pytest

from stages.data_structurer.answers import RECORD, Answer
from stages.data_structurer.joint_answers import joint
from stages.recipe.asks import CLAUSE, FIELDS, FIX, FORM, LEAD, ROLE, KindQuestion, Way
from tests.stages.data_structurer.own_answers_help import answer, flaw

LED, FORMED, PLAYED = Way(LEAD), Way(FORM, "fixed"), Way(ROLE, "respond")
STATED, AROUND, FIXED = Way(FIELDS, "Solution"), Way(FIELDS, "Workaround"), Way(CLAUSE, FIX)
TEXTS = {
    LED: "A port lets gulls read letters.",
    FORMED: "CVE-1 is an example of X (Y):",
    PLAYED: "Update it.",
    STATED: "Install it.",
    AROUND: "As a workaround, stop it.",
    FIXED: "CVE-1 is fixed in 2.1.",
}


def said(*ways: Way, found: tuple[Way, ...] = ()) -> Any:
    question = KindQuestion("x", ("{name}?",), ways, "what", joined=True)
    answers = {way: Answer(TEXTS[way], RECORD) for way in found or ways}
    answer = joint(question, answers)
    return answer and answer.text


@pytest.mark.parametrize(
    ("ways", "found", "text"),
    [
        ((FORMED, LED), (), "CVE-1 is an example of X (Y): a port lets gulls read letters."),
        ((FORMED, LED), (FORMED,), None),
        ((LED, FORMED), (LED,), None),
        ((STATED, FIXED, AROUND, PLAYED), (), "Install it. As a workaround, stop it."),
        ((STATED, FIXED, AROUND, PLAYED), (FIXED, AROUND),
         "CVE-1 is fixed in 2.1. As a workaround, stop it."),
        ((STATED, FIXED, AROUND, PLAYED), (FIXED, PLAYED), "Update it."),
        ((STATED, FIXED, AROUND, PLAYED), (FIXED,), None),
        ((STATED, FIXED, AROUND, PLAYED), (AROUND,), None),  # no repair, which is asked for
    ],
)  # fmt: skip
def test_joint(ways: tuple[Way, ...], found: tuple[Way, ...], text: str | None) -> None:
    assert said(*ways, found=found) == text


def test_a_version_is_not_told_again_behind_the_order_to_update_to_it() -> None:
    question = KindQuestion("x", ("{name}?",), (STATED, FORMED), "respond", joined=True)
    order, version = "Update Lark Mail to 2.1.", "CVE-1 is fixed in version 2.1."
    for fields, text in ((order, order), ("Stop it.", f"Stop it. {version}")):
        answers = {STATED: Answer(fields, RECORD), FORMED: Answer(version, RECORD)}
        answer = joint(question, answers)
        assert answer is not None and answer.text == text


def test_what_has_to_be_done_first_is_said_beside_a_field() -> None:
    question = KindQuestion("x", ("{name}?",), (STATED, PLAYED), "what", joined=True)
    first = "Upgrade the agents to 1.14.0 before the server."
    answers = {STATED: Answer("Update lark to 1.14.0.", RECORD), PLAYED: Answer(first, RECORD)}
    answer = joint(question, answers)
    assert answer is not None and answer.text == f"Update lark to 1.14.0. {first}"


@pytest.mark.parametrize(
    ("own", "text"),
    [
        ("Upgrade to 2.1 and rotate keys.", "Upgrade lark to 2.1 and rotate keys."),
        ("Upgrade to 2.1.4 and rotate keys.", "Update lark to 2.1."),
    ],
)
def test_an_order_of_the_text_names_the_package_of_the_feed(own: str, text: str) -> None:
    question = KindQuestion("x", ("{name}?",), (STATED, PLAYED), "what", joined=True)
    found = {STATED: Answer("Update lark to 2.1.", RECORD), PLAYED: Answer(own, RECORD)}
    answer = joint(question, found)
    assert answer is not None and answer.text == text


def test_a_description_that_only_repeats_its_weakness_is_no_example_of_it() -> None:
    """ "... of CWE-78 (OS command injection): OS command injection in ..." says nothing twice."""
    record = flaw("OS command injection in the bell menu of all Lark HX-2 routers.")
    told = str(
        answer(record | {"cwe": "CWE-78: OS Command Injection"}, "vulnerability_explanation")
    )
    assert "is an example of" not in told


def test_other_names_that_a_text_lists_are_not_told_again_behind_it() -> None:
    question = KindQuestion("x", ("{name}?",), (LED, FORMED), "what", joined=True)
    names = "Mud Lark is also known as Reed Nest, TG-8 and Elk."
    listed, few = "It robs gulls.\n\nAliases: Reed Nest, TG-8 and Elk.", "Elks call it TG-8."
    for lead, text in ((listed, listed), (few, f"{few} {names}")):
        answers = {LED: Answer(lead, RECORD), FORMED: Answer(names, RECORD)}
        answer = joint(question, answers)
        assert answer is not None and answer.text == text
