"""What a shape cuts a document into, before its structure makes a record of it.

Invariant: an item holds a value or a problem, never both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Item:
    """A piece of a document: a JSON-like value, or why there is none.

    `key`: its name, where a mapping names its records; `number`: its line, in line formats.
    """

    place: str
    value: Any = None
    problem: str | None = None
    key: str = ""
    number: int | None = None
