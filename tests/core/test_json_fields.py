"""Typed reading of JSON objects: the type that was asked for, or an error that says where."""

from __future__ import annotations

from typing import Any

import pytest

from workers.core.errors import QueueError
from workers.core.json_fields import JsonFields

VALUES: dict[str, Any] = {
    "text": "x",
    "whole": 3,
    "part": 0.5,
    "yes": True,
    "null": None,
    "inside": {"a": 1},
    "list": ["a", "b"],
    "objects": [{"a": 1}, {"a": 2}],
    "counts": {"x": 1, "y": 2},
    "by_key": {"k": {"a": 1}},
}


@pytest.fixture
def fields() -> JsonFields:
    return JsonFields(VALUES, "f.json line 3", QueueError)


def test_values_of_their_types(fields: JsonFields) -> None:
    assert fields.read("text", str) == "x" and fields.read("whole", int) == 3
    assert fields.read("whole", float) == 3 and fields.read("part", float) == 0.5
    assert fields.read("yes", bool) is True
    assert fields.inner("inside").read("a", int) == 1
    assert fields.list_of("list", str) == ("a", "b")
    assert [item.read("a", int) for item in fields.inner_list("objects")] == [1, 2]
    assert fields.mapping_of("counts", int) == {"x": 1, "y": 2}
    assert fields.inner_by_key("by_key")["k"].read("a", int) == 1


def test_what_is_missing_or_null_may_have_a_default(fields: JsonFields) -> None:
    assert [fields.read_or(name, int, 7) for name in ("gone", "null", "whole")] == [7, 7, 3]
    assert fields.read_or("gone", str, None) is None
    assert (fields.list_of("gone", str), fields.mapping_of("gone", int)) == ((), {})
    assert fields.inner("gone").values == {} and fields.inner_list("gone") == ()


@pytest.mark.parametrize(
    ("name", "kind", "problem"),
    [
        ("gone", str, "no 'gone'"),
        ("null", str, "'null' is not text"),
        ("text", int, "'text' is not a whole number"),
        ("part", int, "'part' is not a whole number"),
        ("yes", int, "'yes' is not a whole number"),
        ("yes", float, "'yes' is not a number"),
        ("whole", bool, "'whole' is not true or false"),
        ("list", dict, "'list' is not an object"),
        ("inside", list, "'inside' is not a list"),
    ],
)
def test_another_type_is_named(fields: JsonFields, name: str, kind: type, problem: str) -> None:
    with pytest.raises(QueueError, match=f"^f.json line 3: {problem}$"):
        fields.read(name, kind)


def test_errors_inside_name_the_way_there(fields: JsonFields) -> None:
    with pytest.raises(QueueError, match="^f.json line 3: inside: no 'b'$"):
        fields.inner("inside").read("b", int)
    with pytest.raises(QueueError, match="'counts' is not text"):
        fields.mapping_of("counts", str)
    with pytest.raises(QueueError, match="list: not a JSON object"):
        fields.inner_list("list")
    with pytest.raises(ValueError, match="^here: not a JSON object$"):
        JsonFields([1], "here")
