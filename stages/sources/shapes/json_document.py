"""Cuts the records out of a JSON document of any size: an array's elements, a mapping's members.

Knows where records are (by `record_paths`), not what they are; a log that an object keeps of itself
is none of its lists, as in a document that is read whole (`values`).  Invariant: damage costs the
record it is in: the walk goes on at the next piece that begins as its neighbours do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from stages.sources.found import CutShort, Damaged, UnreadablePiece
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
from stages.sources.strict_json import parse_value
from stages.text.objects import MOST_SPOKEN, is_log, may_be_entry

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
        self._broken = False  # somewhere before this place
        self._over = False  # nothing behind the damage can be read

    def __iter__(self) -> Iterator[Cut]:
        """Raises Damaged when the document breaks before its first record."""
        try:
            number = 0
            while first := self._text.next():
                number, before = number + 1, len(self.lists)
                yield from self._value("", (), 0)
                if number > 1 and len(self.lists) == before:
                    yield Cut(f"document {number}", problem="no list of records in this one")
                if first == "[" and self._text.next():
                    raise Damaged("something follows the end", f"byte {self._text.byte}")
        except Damaged as error:
            if self._list is None:
                raise
            if not self._over and not (self._broken and not self._text.next()):
                yield from self._around(self._list, f"after {self._list.last}", error)

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
            self._text.pass_by()

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
                self._text.pass_by()
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
            if self._text.next() not in ("{", "]", "", '"' if records.keyed else "{"):
                self._pass_by()
                return
        before, self._list = self._list, records
        cuts = self._pieces(records, first_key)
        own = self._wanted is None and bool(records.path) and not records.keyed
        begun = _entries(cuts) if own else []
        if own and is_log([_value(one) for one in begun if one.data is not None]):
            self._list = before
            return
        self.lists.append(records.path)
        yield from begun
        yield from cuts

    def _pass_by(self) -> None:
        """Go past an array of anything but objects."""
        while self._text.next() != "]":
            self._text.pass_by()
            if self._text.next() != "]":
                self._text.take(",")
        self._text.take("]")

    def _pieces(self, records: _List, key: str = "") -> Iterator[Cut]:
        end = "}" if records.keyed else "]"
        while True:
            if not key and self._text.next() == end:
                self._text.skip()
                return
            try:
                cut = self._piece(records, key)
            except Damaged as error:
                yield from self._around(records, records.place(key), error)
                return
            yield self._whole(records, cut)
            key = ""
            if self._text.next() == ",":
                self._text.skip()
            elif (found := self._text.next()) != end:
                records.index -= 1
                yield from self._around(
                    records, f"after {records.last}", self._unclosed(found, end)
                )
                return

    def _unclosed(self, found: str, end: str) -> Damaged:
        """What it means that neither a comma nor the list's end follows a piece."""
        place = f"byte {self._text.byte}"
        return (
            Damaged(f"no comma or {end} follows", place) if found else CutShort(_CUT_SHORT, place)
        )

    def _piece(self, records: _List, key: str = "") -> Cut:
        """The next element or member, taken; raises Damaged, standing where it is broken."""
        if records.keyed and not key:
            key = self._text.key()
            self._text.take(":")
        if self._text.next() == "[" and records.neighbours.are_objects:
            # Half of the list may have come within it by one altered byte.
            raise Damaged("an array among objects", f"byte {self._text.byte}")
        data = self._text.cut()
        return Cut(records.place(key), data, key=key, rest=records.rest)

    def _whole(self, records: _List, cut: Cut) -> Cut:
        """Take note of a piece that is whole."""
        records.neighbours.learn(cut.data or b"")
        records.last = cut.place
        records.index += 1
        return cut

    # Going on behind damage

    def _around(self, records: _List, place: str, error: Damaged) -> Iterator[Cut]:
        """What is broken, and the pieces that follow it."""
        self._broken = True
        records.index += 1
        pattern = records.neighbours.pattern(records.keyed)
        lost = "" if pattern or isinstance(error, CutShort) else "; the rest is not read"
        yield Cut(place, problem=located_byte(error) + lost)
        cut = self._next_whole(records, pattern) if pattern else None
        if cut is None:
            self._over = True
            return
        yield self._whole(records, cut)
        if self._text.next() == ",":
            self._text.skip()
        yield from self._pieces(records)

    def _next_whole(self, records: _List, pattern: re.Pattern[str]) -> Cut | None:
        """The next piece that is whole, like those before the damage."""
        for _ in range(records.neighbours.most_tries):
            if not self._text.find(pattern):
                return None
            try:
                cut = self._piece(records)
            except Damaged:
                self._text.skip()
                continue
            follows = self._text.next()
            if follows in (",", "}", "]", "") and records.neighbours.alike(cut.data):
                return cut
        return None


def _entries(cuts: Iterator[Cut]) -> list[Cut]:
    """The pieces that may be a log's entries, all if the list is one; else up to the first that
    is none, or to more than a log has."""
    taken: list[Cut] = []
    for cut in cuts:
        taken.append(cut)
        whole = cut.data is not None
        if len(taken) > MOST_SPOKEN or (whole and not may_be_entry(_value(cut))):
            break
    return taken


def _value(cut: Cut) -> Any:
    """What a piece holds; None, which is no entry beside others, where it can't be read."""
    try:
        return parse_value(cut.data or b"")
    except UnreadablePiece:
        return None


def _after_star(steps: tuple[str, ...]) -> tuple[str, ...]:
    return steps[1:] if steps[:1] == ("*",) else steps


def located_byte(error: Damaged) -> str:
    """The problem with its byte, unless it names one itself."""
    named = not error.place or "byte" in error.problem
    return error.problem if named else f"{error.problem}, at {error.place}"
