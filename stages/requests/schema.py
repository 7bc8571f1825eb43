"""The schema that a request's answer is to fit, from its `response_format`.

Knows that field's three forms.  Invariant: a schema it gives is one by the rules of JSON schema,
and refers to nothing outside itself; whether the engine can keep an answer to it is the engine's to
say.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from stages.requests.fields import Fields

if TYPE_CHECKING:
    from referencing._core import Resolver

_ANY_OBJECT = {"type": "object"}
_DATA = ("const", "enum", "default", "examples")  # keywords behind which there are no schemas


def schema_of(body: Fields) -> dict[str, Any] | None:
    """The schema, or None for any text; raises BadRequest for what is none."""
    given = body.take("response_format", dict)
    if given is None:
        return None
    form = Fields(given, body.named("response_format"))
    kind = form.require("type", str)
    if kind == "json_schema":
        return _named_schema(form)
    form.end()
    if kind == "json_object":
        return _ANY_OBJECT
    if kind != "text":
        raise form.wrong("type", "must be text, json_object or json_schema")
    return None


def _named_schema(form: Fields) -> dict[str, Any]:
    inner = Fields(form.require("json_schema", dict), form.named("json_schema"))
    form.end()
    schema = inner.require("schema", dict)
    inner.pass_over(("name", "description", "strict"))  # an answer is always kept to its schema
    inner.end()
    if problem := _problem(schema):
        raise inner.wrong("schema", problem)
    return schema


def _problem(schema: dict[str, Any]) -> str | None:
    """What is wrong with a schema as such; None for a good one."""
    from jsonschema import Draft202012Validator  # late: it takes a while
    from jsonschema.exceptions import SchemaError

    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        return f"is not a JSON schema: {error.json_path}: {error.message[:200]}"
    return _lost_reference(schema)


def _lost_reference(schema: dict[str, Any]) -> str | None:
    """The first reference that leads nowhere, or out of the schema, where nothing is opened."""
    from referencing import Registry
    from referencing.exceptions import Unresolvable
    from referencing.jsonschema import DRAFT202012

    resolver = Registry().resolver_with_root(DRAFT202012.create_resource(schema))
    for inner, reference in _references(schema, resolver):
        if not reference.startswith("#"):
            return (
                f"$ref {reference[:100]}: it can only refer to a part of the schema itself (#...)"
            )
        try:
            inner.lookup(reference)
        except Unresolvable:
            return f"$ref {reference[:100]}: there is no such part of the schema"
    return None


def _references(part: Any, resolver: Resolver[Any]) -> Iterator[tuple[Resolver[Any], str]]:
    """The references within a part of a schema, each with what resolves it."""
    from referencing.jsonschema import DRAFT202012

    if isinstance(part, dict):
        if isinstance(part.get("$id"), str):
            resolver = resolver.in_subresource(DRAFT202012.create_resource(part))
        yield from (
            (resolver, part[key])
            for key in ("$ref", "$dynamicRef")
            if isinstance(part.get(key), str)
        )
        part = [value for key, value in part.items() if key not in _DATA]
    if isinstance(part, list):
        for value in part:
            yield from _references(value, resolver)
