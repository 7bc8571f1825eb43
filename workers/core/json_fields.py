"""Reads the fields of a JSON object by name and type.

Knows nothing of what the fields mean.  Invariant: a value that is handed out has the type
that was asked for; any other is an error that says where it stands.
"""

from __future__ import annotations

from typing import Any, TypeVar, cast

T = TypeVar("T")
D = TypeVar("D")

_IN_WORDS: dict[type, str] = {
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    dict: "an object",
    list: "a list",
}


class JsonFields:
    """One JSON object.

    Parameters
        where: file and line, or whatever else names the object in an error.
        error: what is raised for a value that is missing or of another type.
    """

    def __init__(self, value: object, where: str, error: type[Exception] = ValueError) -> None:
        self.where = where
        self._error = error
        if not isinstance(value, dict):
            raise self.problem("not a JSON object")
        self.values: dict[str, Any] = value

    def problem(self, what: str) -> Exception:
        """The error to raise for this object."""
        return self._error(f"{self.where}: {what}")

    def read(self, name: str, kind: type[T]) -> T:
        """A field that has to be there."""
        if name not in self.values:
            raise self.problem(f"no {name!r}")
        return self._checked(name, self.values[name], kind)

    def read_or(self, name: str, kind: type[T], default: D) -> T | D:
        """A field, or `default` where it is missing or null."""
        value = self.values.get(name)
        return default if value is None else self._checked(name, value, kind)

    def inner(self, name: str) -> JsonFields:
        """An object inside this one; empty where it is missing."""
        return self._inside(name, self.read_or(name, dict, {}))

    def inner_list(self, name: str) -> tuple[JsonFields, ...]:
        """A list of objects; empty where it is missing."""
        return tuple(self._inside(name, item) for item in self.read_or(name, list, []))

    def inner_by_key(self, name: str) -> dict[str, JsonFields]:
        """An object of objects; empty where it is missing."""
        inside = self.read_or(name, dict, {})
        return {key: self._inside(name, item) for key, item in inside.items()}

    def list_of(self, name: str, kind: type[T]) -> tuple[T, ...]:
        """A list of values of one type; empty where it is missing."""
        return tuple(self._checked(name, item, kind) for item in self.read_or(name, list, []))

    def mapping_of(self, name: str, kind: type[T]) -> dict[str, T]:
        """An object whose values are all of one type; empty where it is missing."""
        values = self.read_or(name, dict, {})
        return {key: self._checked(name, value, kind) for key, value in values.items()}

    def _inside(self, name: str, value: object) -> JsonFields:
        return JsonFields(value, f"{self.where}: {name}", self._error)

    def _checked(self, name: str, value: Any, kind: type[T]) -> T:
        if _is_a(value, kind):
            return cast(T, value)
        raise self.problem(f"{name!r} is not {_IN_WORDS[kind]}")


def _is_a(value: object, kind: type) -> bool:
    if isinstance(value, bool):
        return kind is bool
    return isinstance(value, (int, float) if kind is float else kind)
