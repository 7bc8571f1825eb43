"""What is known of duplicates while the input is split: read beside it, record by record.

Knows two files in a run's folder, each in the order of the input.  Invariant: memory holds one
line of each file, and the same files give the same marks at every split.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from stages.base import Record
from stages.sources.joined import join
from workers.core.errors import QueueError
from workers.core.json_fields import JsonFields

DUPLICATES, JOINED = "duplicates.jsonl", "joined.jsonl"


@dataclass(frozen=True)
class DuplicateOf:
    """The record that stays in place of one: its id, how they are alike, and how much.

    `how`: "exact" (the same words), "near", or "id" (another record of the same thing).
    """

    of: str
    how: str
    similarity: float
    source: str = ""

    def to_json(self) -> dict[str, Any]:
        """As in envelopes, and as the details of the removal."""
        said = {"of": self.of, "how": self.how, "similarity": self.similarity}
        return {**said, "source": self.source} if self.source else said


@dataclass(frozen=True)
class Mark:
    """What becomes of a record: it goes for another, or others are joined to it, or neither."""

    duplicate: DuplicateOf | None = None
    joined: tuple[tuple[Record, bool], ...] = ()

    def applied(self, record: Record) -> Record:
        """The record with all that is joined to it."""
        for other, alike in self.joined:
            record = join(record, other, alike)
        return record


_NONE = Mark()


class Marks:
    """The marks of a run, asked for in the order of the input."""

    def __init__(self, folder: Path) -> None:
        self._duplicates = _Lines(folder / DUPLICATES)
        self._joined = _Lines(folder / JOINED)

    def of(self, record_id: str) -> Mark:
        """The mark of a record."""
        if (line := self._duplicates.take(record_id)) is not None:
            return Mark(parse_duplicate(line))
        joined: list[tuple[Record, bool]] = []
        while (line := self._joined.take(record_id)) is not None:
            joined.append((line.read("record", dict), line.read("alike", bool)))
        return Mark(joined=tuple(joined)) if joined else _NONE


def parse_duplicate(fields: JsonFields) -> DuplicateOf:
    """The inverse of `to_json`; raises the error of `fields`."""
    return DuplicateOf(
        fields.read("of", str),
        fields.read("how", str),
        fields.read("similarity", float),
        fields.read_or("source", str, ""),
    )


class _Lines:
    """A file whose lines are taken one by one, each by its id."""

    def __init__(self, path: Path) -> None:
        self._lines = _read(path)
        self._next = next(self._lines, None)

    def take(self, record_id: str) -> JsonFields | None:
        """The next line, if it is about this record."""
        line = self._next
        if line is None or line.values.get("id") != record_id:
            return None
        self._next = next(self._lines, None)
        return line


def _read(path: Path) -> Iterator[JsonFields]:
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            where = f"{path} line {number}"
            try:
                yield JsonFields(orjson.loads(line), where, QueueError)
            except orjson.JSONDecodeError:
                raise QueueError(f"{where}: damaged, not valid JSON") from None
