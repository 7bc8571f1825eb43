"""Sealed lines: outcomes that come back as they were, and those that JSON can't hold."""

from __future__ import annotations

import math

import pytest

from stages.base import Failed, LeftOut, Outcome, Removed, Result
from workers.core.errors import QueueError
from workers.queue.envelopes import Envelope
from workers.queue.sealed import (
    OutcomeCounts,
    SealedLine,
    count_outcomes,
    next_envelopes,
    parse_sealed,
    retry_envelopes,
    sealed_line,
)

LINES = [
    sealed_line(Envelope("0:1", {"r": 1}), Result({"a": 1}), 1),
    sealed_line(Envelope("0:2", {"r": 2}), Result({"a": 1}, {"a": None}), 2),
    sealed_line(Envelope("0:3", {"r": 3}), Removed("x", p=0.5, q=[]), 1),
    sealed_line(Envelope("0:4", {"r": 4}), Failed("x"), 3),
    sealed_line(Envelope("0:5", error="line 5: bad"), Failed("line 5: bad"), 1),
]


def test_lines_come_back_as_they_were() -> None:
    data = b"".join(line.to_bytes() for line in LINES)
    again = parse_sealed(data, "x.jsonl")
    assert again == LINES
    assert b"".join(line.to_bytes() for line in again) == data


def test_what_was_left_out_of_a_result_is_sealed_with_it_and_not_forwarded() -> None:
    outcome = Result({"a": 1}, left_out=[LeftOut({"b": 1}, Removed("thin", words=3))])
    line = sealed_line(Envelope("0:6", {"r": 6}), outcome, 1)
    assert parse_sealed(line.to_bytes(), "x.jsonl") == [line]
    assert line.left_out == outcome.left_out and line.records == ({"a": 1},)
    assert next_envelopes([line]) == [Envelope("0:6", {"a": 1})]
    assert count_outcomes([line]) == OutcomeCounts(results=1)


def test_what_is_kept_of_a_record_depends_on_its_outcome() -> None:
    assert [line.record for line in LINES] == [None, None, {"r": 3}, {"r": 4}, None]
    assert [line.attempts for line in LINES] == [1, 1, 1, 3, 1]


@pytest.mark.parametrize(
    "outcome", [Result({"a": math.nan}), Removed("x", p=math.nan), Result({"a": 2**70})]
)
def test_what_json_cannot_hold_becomes_a_failure(outcome: Outcome) -> None:
    line = sealed_line(Envelope("0:1", {"keep": 1}), outcome, 2)
    assert isinstance(line.outcome, Failed)
    assert line.outcome.error.startswith("the outcome can't be written: ")
    assert (line.record, line.attempts) == ({"keep": 1}, 2)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (b'{"id":"0:1"}', "no 'outcome'"),
        (b'{"id":"0:1","outcome":"maybe"}', "outcome is 'maybe', not one of result, removed"),
        (b'{"id":"0:1","outcome":"result","records":[]}', "a result line without 'records'"),
        (b'{"id":"0:1","outcome":"result","records":[1]}', "'records' is not an object"),
        (b'{"id":"0:1","outcome":"removed","details":{}}', "no 'reason'"),
        (
            b'{"id":"0:1","outcome":"result","records":[{}],"left_out":[{}]}',
            "left_out: no 'record'",
        ),
        (b'{"id":"0:1","outcome":"removed","reason":1,"details":{}}', "'reason' is not text"),
        (b'{"id":"0:1","outcome":"removed","reason":"x","details":{"reason":1}}', "'details'"),
        (b'{"id":"0:1","outcome":"failed","attempts":1}', "no 'error'"),
        (b'{"id":"0:1","outcome":"failed","error":"x","attempts":"1"}', "not a whole number"),
    ],
)
def test_damage_is_named_by_file_and_line(line: bytes, problem: str) -> None:
    with pytest.raises(QueueError, match=f"^x.jsonl line 1: .*{problem}"):
        parse_sealed(line + b"\n", "x.jsonl")


def test_outcomes_are_counted() -> None:
    counts = count_outcomes(LINES)
    assert counts == OutcomeCounts(results=2, removed=1, failed=2)
    assert counts.total == 5 and (counts + counts).removed == 2


def test_what_is_forwarded_and_what_is_requeued() -> None:
    assert next_envelopes(LINES) == [
        Envelope("0:1", {"a": 1}),
        Envelope("0:2.0", {"a": 1}),
        Envelope("0:2.1", {"a": None}),
    ]
    assert retry_envelopes(LINES) == [
        Envelope("0:4", {"r": 4}),
        Envelope("0:5", error="line 5: bad"),
    ]


def test_a_line_is_frozen() -> None:
    with pytest.raises(AttributeError):
        LINES[0].id = "0:9"  # type: ignore[misc]
    assert SealedLine("0:1", Failed("x")).has_failed
