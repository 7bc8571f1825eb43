"""Reads an object of a request field by field, each checked and named where it is wrong.

Knows JSON values and their names; knows no field.  Invariant: a field that nobody has read is
refused by name, never passed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from stages.requests.problems import BadRequest, Code

T = TypeVar("T")
_IN_WORDS: Mapping[type, str] = {
    str: "text",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    dict: "an object",
    list: "a list",
}


class Fields:
    """The fields of an object; `name` stands before theirs in messages.  null counts as absent."""

    def __init__(self, value: Any, name: str) -> None:
        if not isinstance(value, dict):
            raise BadRequest(Code.INVALID_REQUEST, f"{name}: must be an object")
        self._left = {key: field for key, field in value.items() if field is not None}
        self._name = name

    def named(self, field: str) -> str:
        """A field as messages call it."""
        return f"{self._name}.{field}" if self._name else field

    def take(self, field: str, kind: type[T]) -> T | None:
        """The value of a field, or None where there is none."""
        value = self._left.pop(field, None)
        if value is None:
            return None
        if kind is float and type(value) is int:
            value = float(value)
        if type(value) is not kind:
            raise self.wrong(field, f"must be {_IN_WORDS[kind]}")
        return value

    def require(self, field: str, kind: type[T]) -> T:
        """The value of a field that has to be there."""
        value = self.take(field, kind)
        if value is None:
            raise self.wrong(field, "is missing")
        return value

    def within(self, field: str, kind: type[T], low: float, high: float) -> T | None:
        """A number from `low` to `high`."""
        value: Any = self.take(field, kind)
        if value is not None and not low <= value <= high:
            raise self.wrong(field, f"{value} is not from {low:g} to {high:g}")
        return value  # type: ignore[no-any-return]

    def take_any(self, field: str) -> Any:
        """The value of a field, whatever it is."""
        return self._left.pop(field, None)

    def pass_over(self, names: Iterable[str]) -> None:
        """These fields can't change an answer."""
        for name in names:
            self._left.pop(name, None)

    def allow_only(self, values: Mapping[str, tuple[Any, ...]]) -> None:
        """Fields that nothing here heeds: only values that ask for nothing are taken."""
        for field, allowed in values.items():
            value = self._left.pop(field, None)
            if value is not None and value not in allowed:
                raise self.unsupported(field)

    def end(self) -> None:
        """Refuse what is left."""
        for field in self._left:
            raise self.unsupported(field)

    def wrong(self, field: str, problem: str) -> BadRequest:
        return BadRequest(Code.INVALID_REQUEST, f"{self.named(field)}: {problem}")

    def unsupported(self, field: str, problem: str = "this engine can't do that") -> BadRequest:
        return BadRequest(Code.UNSUPPORTED, f"{self.named(field)}: {problem}")
