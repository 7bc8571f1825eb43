"""How the pieces of a list begin, learned from those that were whole, to find the next of them.

Knows JSON's look, not its records.  Invariant: what is found behind damage has the shape of
its neighbours, so that a part of a record is not taken for one.
"""

from __future__ import annotations

import re
from collections import deque

import orjson

_FIRST_KEY = re.compile(rb'\{\s*"((?:[^"\\]|\\.){1,100})"')
_MOST_FIRST_KEYS = 32
_SHARED = 0.6  # of the names of a piece behind damage, and of its neighbour's
_REMEMBERED, _LONGEST_REMEMBERED = 16, 2**20  # pieces, and bytes of one


class Neighbours:
    """The first names in pieces, and the last whole ones."""

    most_tries = 10_000

    def __init__(self) -> None:
        self._first_keys: dict[bytes, None] = {}
        self._whole: deque[bytes] = deque(maxlen=_REMEMBERED)

    @property
    def are_objects(self) -> bool:
        """Whether whole pieces were objects."""
        return bool(self._first_keys)

    def learn(self, data: bytes) -> None:
        """Take note of a whole piece."""
        if len(data) <= _LONGEST_REMEMBERED:
            self._whole.append(data)
        match = _FIRST_KEY.match(data)
        if match and len(self._first_keys) < _MOST_FIRST_KEYS:
            self._first_keys[match[1]] = None

    def pattern(self, keyed: bool) -> re.Pattern[str] | None:
        """What the beginning of a piece looks like; None if that is unknown."""
        if not self._first_keys:
            return None
        keys = "|".join(re.escape(key.decode("utf-8", "replace")) for key in self._first_keys)
        name = r'"[^"\\\n]{1,200}"\s*:\s*' if keyed else ""
        return re.compile(rf'{name}\{{\s*"(?:{keys})"\s*:')

    def alike(self, data: bytes | None) -> bool:
        """Whether a piece has about as many names as whole ones, and most of them in common.

        What lies within a record has fewer; objects of a bundle need not have all the same.
        """
        one = _names(data or b"")
        others = [_names(other) for other in self._whole]
        enough = _SHARED * min((len(other) for other in others), default=1)
        common = max((len(one & other) for other in others), default=0)
        return len(one) >= max(1, enough) and common >= _SHARED * len(one)


def _names(data: bytes) -> set[str]:
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError:
        return set()
    return set(value) if isinstance(value, dict) else set()
