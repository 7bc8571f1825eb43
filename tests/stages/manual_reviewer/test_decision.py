"""Decisions and the outcomes that follow from them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stages.base import Removed, Result
from stages.manual_reviewer.decision import (
    LONGEST_TEXT,
    Decision,
    failures,
    outcome_of,
    recheck,
)
from stages.manual_reviewer.note import ACCEPT, EDIT, REJECT, DecisionNote
from stages.manual_reviewer.pair import ReviewedPair
from stages.recipe.recipe import shipped
from tests.review_help import pair

SEEN = ReviewedPair(pair(1))
GOOD = "A long header lets a remote attacker run code. Update to the fixed version."


def test_an_accepted_pair_leaves_as_it_came_with_a_note() -> None:
    outcome = outcome_of(Decision(ACCEPT, by="anna"), SEEN)
    assert outcome == Result({**SEEN.record, "review": {"decision": "accept", "by": "anna"}})
    by_rule = outcome_of(Decision(ACCEPT, rule="words>3"), SEEN)
    assert isinstance(by_rule, Result)
    assert by_rule.records[0]["review"] == {"decision": "accept", "rule": "words>3"}


def test_an_edited_pair_says_what_it_was_and_is_measured_again() -> None:
    outcome = outcome_of(Decision(EDIT, response=f" {GOOD}\n"), SEEN)
    assert isinstance(outcome, Result)
    [record] = outcome.records
    assert record["response"] == GOOD and record["instruction"] == SEEN.instruction
    note = {"decision": "edit", "before": {"response": SEEN.response}}
    assert record["review"] == note and record["quality"]["written_by"] == "reviewer"
    [*spans] = record["quality"]["spans"]
    assert [SEEN.source[a:b] for a, b in spans] == ["Update to the fixed version"]
    assert {k: v for k, v in record.items() if k not in ("response", "quality", "review")} == {
        k: v for k, v in SEEN.record.items() if k not in ("response", "quality")
    }


def test_a_rejected_pair_is_removed_with_its_reason() -> None:
    outcome = outcome_of(Decision(REJECT, reason="wrong", by="anna"), SEEN)
    assert outcome == Removed("rejected by a reviewer: wrong", by="anna")
    assert DecisionNote.of(outcome) == DecisionNote("reject", "wrong", "anna")


def test_the_gates_are_asked_again_and_a_failing_edit_says_so() -> None:
    invented = Decision(EDIT, response="It was fixed in 9.9.9 by a team of bananas in June.")
    failed = {one.gate for one in failures(recheck(invented, SEEN), SEEN)}
    assert {"literals", "grounded"} <= failed
    kept = outcome_of(invented, SEEN)
    assert isinstance(kept, Result)
    assert {one["gate"] for one in kept.records[0]["review"]["failed_gates"]} == failed
    assert not failures(recheck(Decision(EDIT, response=GOOD), SEEN), SEEN)
    strict = replace(shipped().bounds, min_verbatim=1.0)
    assert [
        one.gate for one in failures(recheck(Decision(EDIT, response=GOOD), SEEN, strict), SEEN)
    ]


def test_without_a_source_only_the_gates_that_need_none_are_asked() -> None:
    bare = ReviewedPair({"instruction": "What is a worm?", "response": "Malware that spreads."})
    fine = Decision(
        EDIT, response="A worm is malware that copies itself to other machines over a network."
    )
    assert not failures(recheck(fine, bare), bare)
    cut = Decision(EDIT, response="A worm is malware that copies itself over networks to")
    assert "finished" in {one.gate for one in failures(recheck(cut, bare), bare)}
    outcome = outcome_of(fine, bare)
    assert isinstance(outcome, Result) and "quality" not in outcome.records[0]


@pytest.mark.parametrize(
    ("decision", "problem"),
    [
        (Decision("applaud"), "must be one of accept, edit, reject"),
        (Decision(REJECT), "needs a reason"),
        (Decision(REJECT, reason=" "), "needs a reason"),
        (Decision(REJECT, reason="x" * 201), "longer than 200"),
        (Decision(EDIT), "needs an instruction or a response"),
        (Decision(EDIT, response=" \n"), "response must not be empty"),
        (Decision(EDIT, instruction=""), "instruction must not be empty"),
        (Decision(EDIT, response="x" * (LONGEST_TEXT + 1)), "longer than"),
    ],
)
def test_what_is_no_decision_is_said(decision: Decision, problem: str) -> None:
    assert problem in str(decision.problem)


def test_decisions_without_a_problem() -> None:
    for fine in (Decision(ACCEPT), Decision(REJECT, reason="wrong"), Decision(EDIT, response="x")):
        assert fine.problem is None
