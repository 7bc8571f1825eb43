"""Whether a decoded answer fits its own schema, checked once more after decoding.

The grammar keeps an answer inside its schema token by token, but not in every case: a negated
class lets quotes and backslashes through, and an answer cut by its length is closed early.
Invariant: what `checked` returns fits the schema, patterns matched against the whole string; no
file or address that a schema names is opened.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.exceptions import Unresolvable

from stages.base import UnusableAnswer


def checked(value: Any, schema: Mapping[str, Any]) -> Any:
    """The value itself; raises UnusableAnswer, naming the place, when it doesn't fit."""
    try:
        error = next(_validator(json.dumps(schema)).iter_errors(value), None)
    except Unresolvable as missing:
        raise UnusableAnswer(f"its schema refers to {missing.ref}, which it lacks") from missing
    if error is not None:
        raise UnusableAnswer(
            f"the model's answer doesn't fit its schema: {error.json_path}: {error.message[:200]}"
        )
    return value


@lru_cache(maxsize=256)
def _validator(schema: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads(schema), registry=Registry())
