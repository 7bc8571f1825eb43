"""Lines with ids, and the values that JSON can't hold unchanged."""

from __future__ import annotations

import math
from typing import Any

import pytest

from workers.core.errors import QueueError
from workers.queue.json_lines import MAX_DEPTH, depth, id_order, lines_with_ids, unwritable


def nested(levels: int) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for _ in range(levels - 1):
        value = {"a": value}
    return value


def test_ids_are_ordered_by_their_numbers() -> None:
    ids = ["0:2", "0:2.0", "0:2.1", "0:2.10", "0:10", "1:1"]
    assert sorted({*ids}, key=id_order) == ids


def test_lines_come_with_their_place() -> None:
    lines = lines_with_ids(b'{"id":"0:1"}\n{"id":"0:2.1","a":1}\n', "x.jsonl")
    assert [(line.values, line.where) for line in lines] == [
        ({"id": "0:1"}, "x.jsonl line 1"),
        ({"id": "0:2.1", "a": 1}, "x.jsonl line 2"),
    ]
    assert list(lines_with_ids(b"", "x.jsonl")) == []


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b'{"id":"0:1"}\n{"id":"0:2"}', "line 2: truncated"),
        (b'{"id":"0:1"}\n{"id":\n', "line 2: damaged, not valid JSON"),
        (b'{"id":"0:1"}\n{"id":"x"}\n', "line 2: damaged, no id"),
        (b'{"id":"0:1"}\n\n', "line 2: damaged"),
        (b'{"id":"0:1"}\n{"id":"0:1"}\n', "line 2: id 0:1 is duplicated"),
        (b"[]\n", "line 1: damaged"),
    ],
)
def test_damage_is_named(data: bytes, problem: str) -> None:
    with pytest.raises(QueueError, match=f"^x.jsonl {problem}"):
        list(lines_with_ids(data, "x.jsonl"))


@pytest.mark.parametrize(
    "value",
    [math.nan, [1, {"b": -math.inf}], "\ud800", 2**70, {1, 2}, nested(250), nested(400)],
)
def test_what_json_cannot_hold(value: Any) -> None:
    assert unwritable({"a": value})


def test_nulls_and_deep_but_allowed_values_can_be_written() -> None:
    values: list[dict[str, Any]] = [{"a": None, "b": 1.5}, nested(MAX_DEPTH), {"a": ["null"]}]
    assert [unwritable(value) for value in values] == [None] * 3
    shallow: list[Any] = [1, {}, [[]], nested(MAX_DEPTH)]
    assert [depth(value) for value in shallow] == [0, 1, 2, MAX_DEPTH]
