"""The schema that a request's answer is to fit, from its `response_format`.

Knows that field's three forms.  Invariant: a schema it gives is one by the rules of JSON schema;
whether the engine can keep an answer to it is the engine's to say.
"""

from __future__ import annotations

from typing import Any

from stages.requests.fields import Fields

_ANY_OBJECT = {"type": "object"}


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
        return f"is no JSON schema: {error.json_path}: {error.message[:200]}"
    return None
