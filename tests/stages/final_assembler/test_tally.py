"""What a dataset holds: every pair is counted once, and figures are made of numbers only."""

from __future__ import annotations

from typing import Any

import pytest

from stages.base import Record
from stages.final_assembler.pairs import facts_of
from stages.final_assembler.tally import RunningMean, Tally, is_reviewed, needs_review


def pair(**more: object) -> Record:
    source = {"source": "feed", "kind": "tool", "licence": "MIT"}
    return {"instruction": "What is it?", "response": "A tool.", "source_data": source, **more}


def tally_of(*records: Record, side: int = 0) -> Tally:
    tally = Tally()
    for record in records:
        tally.keep(side, record, facts_of(record))
    return tally


def test_a_mean_is_of_the_numbers_alone() -> None:
    assert RunningMean().mean is None
    figure = RunningMean()
    for value in (1, 0.5, True, "9", None, [9], {"a": 9}):
        figure.add(value)
    assert figure.count == 2 and figure.mean == pytest.approx(0.75)


def test_a_pair_counts_as_what_it_says_and_else_as_unknown() -> None:
    stated = pair(primary_domain="malware", type="what", quality={"written_by": "record"})
    said = tally_of(stated, pair(), side=2).to_json()
    assert (said["kept"], said["sides"]) == (2, {"test": 2})
    assert said["domains"] == {"malware": 1, "unknown": 1} and said["types"]["what"] == 1
    assert (said["kinds"], said["sources"]) == ({"tool": 2}, {"feed": 2})
    assert said["writers"] == {"record": 1, "not stated": 1}
    assert (said["licences"], said["words_of_answers"]) == ({"feed": {"MIT": 2}}, 2)


@pytest.mark.parametrize("quality", [None, "high", [0.9], {}, {"grounded": "0.9"}])
def test_quality_of_another_shape_is_no_figure(quality: Any) -> None:
    tally = tally_of(pair(quality=quality), pair(quality={"grounded": 0.5, "verbatim": 0.25}))
    assert (tally.grounded.mean, tally.verbatim.mean, tally.kept) == (0.5, 0.25, 2)


def test_of_a_source_the_five_licences_of_most_pairs_are_shown() -> None:
    licences = ["last", *("abcd" * 2), "most", "most", "most"]
    sources = ({"source": "feed", "licence": one} for one in licences)
    tally = tally_of(*(pair(source_data=one) for one in sources))
    assert tally.licences_of("feed") == "most; a; b; c; d"
    assert tally.licences_of("other") == "not stated"


@pytest.mark.parametrize(
    ("record", "reviewed", "asked"),
    [
        ({}, False, False),
        ({"review": {"by": "me"}}, True, False),
        ({"review": {"rule": "all"}}, False, False),
        ({"review": "yes"}, False, False),
        ({"review_required": True}, False, True),
        ({"source_data": {"review_required": True}}, False, True),
        ({"security_flags": {"review_required": True}}, False, True),
        ({"security_flags": ["review_required"], "review_required": "no"}, False, False),
    ],
)
def test_who_decided_and_who_is_asked_for(record: Record, reviewed: bool, asked: bool) -> None:
    assert (is_reviewed(record), needs_review(record)) == (reviewed, asked)


def test_a_pair_that_was_decided_on_waits_for_nobody() -> None:
    waiting = pair(review_required=True)
    tally = tally_of(waiting, {**waiting, "review": {"by": "me"}})
    assert (tally.to_review, tally.reviewed) == (1, 1)
