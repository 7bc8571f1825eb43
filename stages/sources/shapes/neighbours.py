"""How the pieces of a list begin, learned from those that were whole, to find the next of them.

Knows JSON's look, not its records.  Invariant: what is found behind damage has the shape of
its neighbours, so that a part of a record is not taken for one.
"""

from __future__ import annotations

import re

import orjson

_FIRST_KEY = re.compile(rb'\{\s*"((?:[^"\\]|\\.){1,100})"')
_MOST_FIRST_KEYS = 32
_SHARED = 0.5  # of its neighbour's names that a piece behind damage has to have


class Neighbours:
    """The blanks before pieces, the first names in them, and the last whole one."""

    most_tries = 10_000

    def __init__(self) -> None:
        self._gap: str | None = None
        self._first_keys: dict[bytes, None] = {}
        self._last = b""

    def learn(self, gap: str, data: bytes) -> None:
        """Take note of a whole piece and the blanks before it."""
        self._gap = gap
        self._last = data
        match = _FIRST_KEY.match(data)
        if match and len(self._first_keys) < _MOST_FIRST_KEYS:
            self._first_keys[match[1]] = None

    def pattern(self, keyed: bool) -> re.Pattern[str] | None:
        """What the beginning of a piece looks like, with the blanks before it; None if unknown."""
        if not self._first_keys:
            return None
        keys = "|".join(re.escape(key.decode("utf-8", "replace")) for key in self._first_keys)
        gap = re.escape(self._gap) if self._gap and "\n" in self._gap else r"[ \t\r\n]*"
        name = r'"[^"\\\n]{1,200}"\s*:\s*' if keyed else ""
        return re.compile(rf'{gap}{name}\{{\s*"(?:{keys})"\s*:')

    def alike(self, data: bytes | None) -> bool:
        """Whether a piece has many of the names that the last whole one has."""
        one, other = _names(data or b""), _names(self._last)
        return bool(one) and len(one & other) >= _SHARED * min(len(one), len(other))


def _names(data: bytes) -> set[str]:
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError:
        return set()
    return set(value) if isinstance(value, dict) else set()
