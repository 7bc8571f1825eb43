"""JSON as records need it: no NaN, no lone surrogates, no number that loses digits, no abyss.

Knows one piece of JSON at a time.  Invariant: what comes back can be written again as it was.
"""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

import orjson

from stages.base import Record
from stages.sources.found import UnreadablePiece
from stages.sources.limits import MAX_DEPTH

_DIGITS_ALIKE = bytes.maketrans(b"123456789", b"0" * 9)
_LONG_NUMBER = b"0" * 19

# What programs write that go by their own language and not by JSON.
_WORD = re.compile(r"-?([A-Za-z]{2,12})\b")
_NOT_JSON = {
    **dict.fromkeys(("nan", "inf", "infinity"), "write null where a number is missing"),
    **dict.fromkeys(("none", "nil", "undefined"), "write null"),
    **{"true": "write true", "false": "write false", "null": "write null"},
}
_IN_WORDS = {"number is infinity when parsed as double": "a number that is too large"}


def parse_value(data: bytes) -> Any:
    """The value of a piece of JSON; raises UnreadablePiece with the reason when there is none."""
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise UnreadablePiece(f"not valid JSON: {_fault(error)}") from None
    if _LONG_NUMBER in data.translate(_DIGITS_ALIKE):
        _refuse_long_numbers(data)
    opened = data.count(b"{") + data.count(b"[")
    if opened > MAX_DEPTH and depth(value) > MAX_DEPTH:
        raise UnreadablePiece(f"nested more than {MAX_DEPTH} levels deep")
    return value


def _fault(error: orjson.JSONDecodeError) -> str:
    """What is wrong and where; a word that other languages have for a value is named."""
    before = error.doc[: error.pos].removesuffix("-")
    at = f"at byte {len(before.encode(errors='replace')) + 1}"
    found = _WORD.match(error.doc, len(before))
    if found and (meant := _NOT_JSON.get(found[1].lower())):
        return f"{found[0]} {at} is not a JSON value: {meant}"
    return f"{_IN_WORDS.get(error.msg, error.msg)} {at}"


def parse_object(data: bytes) -> Record:
    """The object of a piece of JSON; raises UnreadablePiece for any other value."""
    return as_object(parse_value(data))


def as_object(value: Any) -> Record:
    """The value, if it is an object; else raises UnreadablePiece."""
    if not isinstance(value, dict):
        raise UnreadablePiece("not a JSON object")
    return value


def depth(value: Any) -> int:
    """How deeply objects and arrays are nested; 0 for a scalar.  Does not recurse."""
    deepest, level = 0, [value]
    while level := [item for item in level if isinstance(item, dict | list)]:
        deepest += 1
        level = [
            child for item in level for child in (item.values() if isinstance(item, dict) else item)
        ]
    return deepest


def _refuse_long_numbers(data: bytes) -> None:
    def parse_int(text: str) -> int:
        # orjson reads what doesn't fit 64 bits as a float, without a word.
        if len(text) > 20 or not -(2**63) <= int(text) < 2**64:
            _refuse(text)
        return int(text)

    def ignore(value: Any) -> None:
        return None

    try:
        json.loads(data, parse_int=parse_int, parse_float=ignore, object_hook=ignore)
    except RecursionError:
        return  # too deep, which the caller finds out as well


def _refuse(text: str) -> NoReturn:
    raise UnreadablePiece(f"an integer of {len(text)} digits does not fit 64 bits")
