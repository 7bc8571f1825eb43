"""JSON as records need it: what comes back can be written again as it was."""

from __future__ import annotations

import json
from typing import Any

import pytest

from stages.sources.found import UnreadablePiece
from stages.sources.limits import MAX_DEPTH
from stages.sources.strict_json import as_object, depth, parse_object, parse_value


@pytest.mark.parametrize(
    "value",
    [{"a": [1, 2.5, None, True, "é\u2028"]}, [], "x", 2**64 - 1, -(2**63), {"n": "9" * 50}],
)
def test_values_come_back_as_they_were(value: Any) -> None:
    assert parse_value(json.dumps(value).encode()) == value


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "not valid JSON"),
        (b"NaN", "not valid JSON: NaN at byte 1 is not a JSON value: write null"),
        ('{"é": "ü", "a": -Infinity}'.encode(), "-Infinity at byte 19 is not a JSON value"),
        (b'{"a": [1, nan]}', "nan at byte 11 is not a JSON value: write null where a number is"),
        (b'{"a": None}', "None at byte 7 is not a JSON value: write null$"),
        (b'{"a": True, "b": 1}', "True at byte 7 is not a JSON value: write true$"),
        (b"[1e999]", "not valid JSON: a number that is too large at byte 2"),
        (b'{"a": Never}', "unexpected character, expected a JSON value at byte 7"),
        (b'{"a": 1} {"b": 2}', "not valid JSON: .* at byte"),
        (b'"\\ud800"', "not valid JSON"),
        (b'"\xff"', "not valid JSON"),
        (b"18446744073709551616", "an integer of 20 digits does not fit 64 bits"),
        (b"[-9223372036854775809]", "an integer of 20 digits"),
        (b'{"a": [{"b": 123456789012345678901}]}', "an integer of 21 digits"),
        (b"[" * 129 + b"]" * 129, "nested more than 128 levels deep"),
        (b"[" * 10_000 + b"]" * 10_000, "nested|not valid JSON"),
    ],
)
def test_what_would_not_survive_is_refused(data: bytes, problem: str) -> None:
    with pytest.raises(UnreadablePiece, match=problem):
        parse_value(data)


def test_depth_counts_levels_at_any_width() -> None:
    assert [depth(value) for value in (1, [], {"a": 1}, [[{"b": []}], 1])] == [0, 1, 1, 4]
    at_the_bound = b"[" * MAX_DEPTH + b"]" * MAX_DEPTH
    assert depth(parse_value(at_the_bound)) == MAX_DEPTH
    deep: Any = 1
    for _ in range(50_000):
        deep = [deep]
    assert depth(deep) == 50_000


@pytest.mark.parametrize("value", [[], "text", 7, None, [{}]])
def test_only_objects_are_records(value: Any) -> None:
    with pytest.raises(UnreadablePiece, match="not a JSON object"):
        as_object(value)
    with pytest.raises(UnreadablePiece, match="not a JSON object"):
        parse_object(json.dumps(value).encode())
    assert parse_object(b'{"a": 1}') == {"a": 1}
