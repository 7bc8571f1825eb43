"""The schema of an answer, from each form of `response_format`."""

from __future__ import annotations

from typing import Any

import pytest

from stages.requests.fields import Fields
from stages.requests.problems import BadRequest
from stages.requests.schema import schema_of

LEVEL = {"type": "object", "properties": {"level": {"enum": ["low", "high"]}}}


def found(form: Any) -> dict[str, Any] | None:
    return schema_of(Fields({"response_format": form}, "body"))


def named(**inner: Any) -> dict[str, Any]:
    return {"type": "json_schema", "json_schema": inner}


def test_every_form_is_read() -> None:
    assert found({"type": "text"}) is None and found(None) is None
    assert found({"type": "json_object"}) == {"type": "object"}
    assert found(named(name="level", strict=True, schema=LEVEL)) == LEVEL


def test_a_schema_may_refer_to_its_own_parts() -> None:
    tree = {"$defs": {"a": {"items": {"$ref": "#/$defs/a"}}, "b": {"$anchor": "b"}}}
    inner = {"$id": "urn:inner", "$defs": {"c": {}}, "items": {"$ref": "#/$defs/c"}}
    whole = {**tree, "$ref": "#/$defs/a", "properties": {"$ref": {"$ref": "#b"}, "in": inner}}
    whole["const"] = {"$ref": "data"}
    assert found(named(schema=whole)) == whole


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"type": "xml"}, "response_format.type: must be"),
        (named(name="x"), "response_format.json_schema.schema: is missing"),
        (named(schema={"type": 3}), "schema: is not a JSON schema"),
        (named(schema=LEVEL, flavour=1), "json_schema.flavour"),
        ({"type": "json_object", "schema": LEVEL}, "response_format.schema"),
        (named(schema={"$ref": "http://127.0.0.1:1/x"}), "can only refer to a part of the schema"),
        (named(schema={"items": {"$ref": "file:///etc/hostname"}}), "can only refer to a part"),
        (named(schema={"$defs": {"a": {"$ref": "#/nowhere"}}}), "no such part of the schema"),
    ],
)
def test_any_other_is_refused(form: Any, said: str) -> None:
    with pytest.raises(BadRequest, match=said):
        found(form)
