"""The lines of chunk files: names, ids, and outcomes that JSON can't hold."""

from __future__ import annotations

import math
from typing import Any

import pytest

from stages.base import Failed, Outcome, Removed, Result
from workers.core.errors import QueueError
from workers.queue.envelopes import (
    MAX_DEPTH,
    ChunkName,
    Envelope,
    chunk_of_file,
    depth,
    id_order,
    next_envelopes,
    parse_envelopes,
    parse_sealed,
    retry_envelopes,
    sealed_line,
)


@pytest.mark.parametrize(
    "name", ["chunk-1", "chunk-000001.r0", "chunk-000001.rx", "../chunk-000001", "chunk-000001\n"]
)
def test_other_names_are_no_chunks(name: str) -> None:
    assert ChunkName.parse(name) is None
    assert chunk_of_file(f"{name}.jsonl") is None


def test_names_and_ids_are_ordered_by_their_numbers() -> None:
    names = ["chunk-000002", "chunk-000002.r2", "chunk-000002.r10", "chunk-1000000"]
    parsed = [ChunkName.parse(name) for name in names]
    assert [str(name) for name in parsed] == names
    assert parsed == sorted(filter(None, parsed))
    ids = ["0:2", "0:2.0", "0:2.1", "0:2.10", "0:10", "1:1"]
    backwards = ids[::-1]
    assert sorted(backwards, key=id_order) == ids


def nested(levels: int) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for _ in range(levels - 1):
        value = {"a": value}
    return value


@pytest.mark.parametrize(
    "outcome",
    [
        Result({"a": math.nan}),
        Result({"a": [1, {"b": -math.inf}], "c": None}),
        Removed("x", p=math.nan),
        Result({"a": "\ud800"}),
        Result({"a": 2**70}),
        Result({"a": {1, 2}}),
        Result(nested(250)),
        Result(nested(400)),
    ],
)
def test_what_json_cannot_hold_becomes_a_failed_line(outcome: Outcome) -> None:
    line = sealed_line(Envelope("0:1", {"keep": 1}), outcome, 2)
    assert line["outcome"] == "failed"
    assert line["error"].startswith("the outcome can't be written: ")
    assert line["record"] == {"keep": 1}


def test_nulls_and_deep_but_allowed_records_pass() -> None:
    for record in ({"a": None, "b": 1.5}, nested(MAX_DEPTH)):
        line = sealed_line(Envelope("0:1", record), Result(record), 1)
        assert line["records"] == [record]
    assert depth(nested(MAX_DEPTH)) == MAX_DEPTH


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b'{"id":"0:1","record":{}}\n{"id":"0:2","record":{}}', "line 2: cut short"),
        (b'{"id":"0:1","record":{}}\n{"id":\n', "line 2: damaged"),
        (b'{"id":"0:1","record":{}}\n{"id":"x","record":{}}\n', "line 2: damaged, no id"),
        (b'{"id":"0:1","record":{}}\n{"id":"0:2"}\n', "line 2: neither"),
        (b'{"id":"0:1","record":{}}\n{"id":"0:1","record":{}}\n', "line 2: id 0:1 is there twice"),
        (b"[]\n", "line 1: damaged"),
    ],
)
def test_damaged_chunk_files_are_named(data: bytes, problem: str) -> None:
    with pytest.raises(QueueError, match=f"^x.jsonl {problem}"):
        parse_envelopes(data, "x.jsonl")


def test_damaged_sealed_files_are_named() -> None:
    for data, problem in [
        (b'{"id":"0:1","outcome":"maybe"}\n', "outcome is 'maybe'"),
        (b'{"id":"0:1","outcome":"removed"}\n', "without 'reason'"),
    ]:
        with pytest.raises(QueueError, match=f"^x.jsonl line 1: .*{problem}"):
            parse_sealed(data, "x.jsonl")


def test_what_goes_on_and_what_goes_round_again() -> None:
    sealed = [
        sealed_line(Envelope("0:1", {}), Result({"a": 1}), 1),
        sealed_line(Envelope("0:2", {}), Result({"a": 1}, {"a": 2}), 1),
        sealed_line(Envelope("0:3", {}), Removed("x"), 1),
        sealed_line(Envelope("0:4", {"r": 4}), Failed("x"), 1),
        sealed_line(Envelope("0:5", error="line 5: bad"), Failed("line 5: bad"), 1),
    ]
    assert [(e.id, e.record) for e in next_envelopes(sealed)] == [
        ("0:1", {"a": 1}),
        ("0:2.0", {"a": 1}),
        ("0:2.1", {"a": 2}),
    ]
    assert retry_envelopes(sealed) == [
        Envelope("0:4", {"r": 4}),
        Envelope("0:5", error="line 5: bad"),
    ]
