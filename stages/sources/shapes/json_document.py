"""Cuts the records out of a JSON document of any size: an array's elements, a mapping's members.

Knows where records are (by `record_paths`), not what they are.  Invariant: damage costs the
record it is in: the walk goes on at the next piece that begins as its neighbours do.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from stages.sources.found import Damaged
from stages.sources.shapes.json_text import JsonText
from stages.sources.shapes.neighbours import Neighbours
from stages.sources.shapes.record_paths import (
    DEEPEST,
    RecordsAt,
    is_id,
    is_list_key,
    is_wrapper_key,
    joined,
)

_CUT_SHORT = "it ends in the middle: the file is cut short"


@dataclass(frozen=True)
class Cut:
    """The JSON of one record, or the problem at its place; `rest`: steps within it to go."""

    place: str
    data: bytes | None = None
    problem: str | None = None
    key: str = ""
    rest: tuple[str, ...] = ()


@dataclass
class _List:
    """An array or mapping of records that is being read."""

    path: str
    keyed: bool
    rest: tuple[str, ...] = ()
    index: int = 0
    last: str = ""
    neighbours: Neighbours = field(default_factory=Neighbours)

    def place(self, key: str) -> str:
        return joined(self.path, key) if self.keyed else f"{self.path}[{self.index}]"


class JsonDocument:
    """Iterates over the cuts of a stream of JSON.

    `lists` are the places of the lists that were found; `names` the keys that led to none.
    """

    def __init__(self, stream: BinaryIO, records_at: RecordsAt | None = None) -> None:
        self.lists: list[str] = []
        self.names: list[str] = []
        self._text = JsonText(stream)
        self._wanted = records_at
        steps = records_at.steps if records_at else ()
        self._names_first = steps[: steps.index("*")] if "*" in steps else steps
        self._list: _List | None = None  # the one that is being read, or was read last
        self._broken = False

    def __iter__(self) -> Iterator[Cut]:
        """Raises Damaged when the document breaks before its first record."""
        try:
            while first := self._text.next():
                yield from self._value("", (), 0)
                if first == "[" and self._text.next():
                    raise Damaged("something follows the end", f"byte {self._text.byte}")
        except Damaged as error:
            if self._list is None:
                raise
            if not (self._broken and not self._text.next()):  # else it was told already
                yield Cut(f"after {self._list.last}", problem=located_byte(error))
                yield from self._rescued(self._list)

    # Walking to the records

    def _value(self, path: str, steps: tuple[str, ...], depth: int) -> Iterator[Cut]:
        """A value that may hold records; `steps` led to it."""
        first = self._text.next()
        rest = _after_star(self._wanted.steps[len(steps) :]) if self._wanted else ()
        if first == "[":
            yield from self._records(_List(path, keyed=False, rest=rest))
        elif first == "{" and self._wanted and len(steps) == len(self._names_first):
            yield from self._records(_List(path, keyed=True, rest=rest))
        elif first == "{":
            yield from self._object(path, steps, depth)
        else:
            self._text.cut()

    def _object(self, path: str, steps: tuple[str, ...], depth: int) -> Iterator[Cut]:
        self._text.take("{")
        while self._text.next() != "}":
            key = self._text.key()
            self._text.take(":")
            if self._wanted is None and is_id(key) and self._text.next() == "{":
                yield from self._records(_List(path, keyed=True), key)
                return
            if self._leads_on(key, steps, depth):
                yield from self._value(joined(path, key), (*steps, key), depth + 1)
            else:
                self.names += [key] if depth == 0 else []
                self._text.cut()
            if self._text.next() != "}":
                self._text.take(",")
        self._text.take("}")

    def _leads_on(self, key: str, steps: tuple[str, ...], depth: int) -> bool:
        if self._wanted is not None:
            return self._names_first[: len(steps) + 1] == (*steps, key)
        first = self._text.next()
        wanted = is_list_key(key) if first == "[" else is_wrapper_key(key)
        return wanted and first in ("[", "{") and depth < DEEPEST

    # Reading a list of records

    def _records(self, records: _List, first_key: str = "") -> Iterator[Cut]:
        """The list's pieces, from its opening bracket (or its first key) to its end."""
        if not first_key:
            self._text.skip()
            if self._text.next() not in ("{", "]", '"' if records.keyed else "{"):
                self._pass_by()
                return
        self._list = records
        self.lists.append(records.path)
        yield from self._pieces(records, first_key)

    def _pass_by(self) -> None:
        """Go past an array of anything but objects."""
        while self._text.next() != "]":
            self._text.cut()
            if self._text.next() != "]":
                self._text.take(",")
        self._text.take("]")

    def _pieces(self, records: _List, key: str = "") -> Iterator[Cut]:
        end = "}" if records.keyed else "]"
        while True:
            gap = self._text.space()
            if not key and self._text.next() == end:
                self._text.skip()
                return
            try:
                yield self._piece(records, gap, key)
            except Damaged as error:
                yield Cut(records.place(key), problem=located_byte(error))
                records.index += 1
                yield from self._rescued(records)
                return
            records.index += 1
            key = ""
            if self._text.next() == ",":
                self._text.skip()
            elif self._text.next() != end:
                place = f"after {records.last}"
                problem = _CUT_SHORT if not self._text.next() else f"no comma or {end} follows"
                yield Cut(place, problem=f"{problem}, at byte {self._text.byte}")
                yield from self._rescued(records)
                return

    def _piece(self, records: _List, gap: str, key: str = "") -> Cut:
        """The next element or member, taken; raises Damaged, standing where it is broken."""
        if records.keyed and not key:
            key = self._text.key()
            self._text.take(":")
        data = self._text.cut()
        records.neighbours.learn(gap, data)
        records.last = records.place(key)
        return Cut(records.last, data, key=key, rest=records.rest)

    # Going on behind damage

    def _rescued(self, records: _List) -> Iterator[Cut]:
        """The pieces that follow a broken place."""
        self._broken = True
        if cut := self._next_whole(records):
            yield cut
            records.index += 1
            if self._text.next() == ",":
                self._text.skip()
            yield from self._pieces(records)

    def _next_whole(self, records: _List) -> Cut | None:
        pattern = records.neighbours.pattern(records.keyed)
        tries = 0
        while pattern and self._text.find(pattern) and tries < records.neighbours.most_tries:
            tries += 1
            gap = self._text.space()
            try:
                cut = self._piece(records, gap)
            except Damaged:
                self._text.skip()
                continue
            if self._text.next() in (",", "}", "]", "") and records.neighbours.alike(cut.data):
                return cut
        return None


def _after_star(steps: tuple[str, ...]) -> tuple[str, ...]:
    return steps[1:] if steps[:1] == ("*",) else steps


def located_byte(error: Damaged) -> str:
    """The problem with its byte, unless it names one itself."""
    named = not error.place or "byte" in error.problem
    return error.problem if named else f"{error.problem}, at {error.place}"
