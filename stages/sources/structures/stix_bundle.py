"""Joins the objects of a STIX bundle: what mitigates, detects and uses each of them.

Objects and relationships come in any order, so a bundle is read once into a temporary database
of SQLite's, which keeps on disk what does not fit its cache.  Invariant: an object that the
bundle lacks costs its name, not the relationship's own words, and is named.
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from typing import Any

import orjson

from stages.sources.found import Found
from stages.sources.shapes.items import Item
from stages.sources.streams import of_temporary_files
from stages.sources.structures.reading import objects_at, paragraphs, strings_at, text_at
from stages.sources.structures.stix import (
    Joined,
    has_text,
    is_object,
    is_stix,
    public_id,
    read_stix,
    status_of,
    without_citations,
)

# What a database that can't be kept on disk says of it.
_DISK = {
    sqlite3.SQLITE_FULL: errno.ENOSPC,
    sqlite3.SQLITE_IOERR: errno.EIO,
    sqlite3.SQLITE_CANTOPEN: errno.EACCES,
}
_TABLES = """
CREATE TABLE objects (
    number INTEGER PRIMARY KEY, id TEXT, place TEXT, name TEXT, gone INTEGER, body BLOB
);
CREATE TABLE links (kind TEXT, source TEXT, target TEXT, words TEXT, place TEXT);
CREATE TABLE problems (number INTEGER PRIMARY KEY, place TEXT, problem TEXT);
"""
_INDEXES = """
CREATE INDEX by_id ON objects (id);
CREATE INDEX by_source ON links (source);
CREATE INDEX by_target ON links (target);
"""
# What a revoked or deprecated object does to others is no longer held to be so.
_IN_FORCE = "NOT EXISTS (SELECT 1 FROM objects WHERE id = links.{other} AND gone)"
_OF_OBJECT = (
    "SELECT kind, source, words FROM links"
    f" WHERE target = ? AND {_IN_FORCE.format(other='source')} ORDER BY rowid"
)
_BY_OBJECT = (
    "SELECT kind, target, words FROM links"
    " WHERE source = ?"
    f" AND (kind = 'revoked-by' OR {_IN_FORCE.format(other='target')}) ORDER BY rowid"
)
_STRAY = """
SELECT place, kind, source, target FROM links
WHERE NOT EXISTS (SELECT 1 FROM objects WHERE id = links.target) ORDER BY rowid
"""


def is_bundle(first: Item) -> bool:
    """Whether a list's first element says that it is the objects of a STIX bundle, or a list
    of such objects alone."""
    listed = first.place == "[0]" or first.place.endswith("objects[0]")
    return listed and isinstance(first.value, dict) and is_object(first.value)


def read_bundle(items: Iterable[Item]) -> Iterator[Found]:
    """The records of a bundle's objects, in their order.

    Raises OSError, of the folder of temporary files, when they don't fit there.
    """
    try:
        yield from _read(items)
    except sqlite3.OperationalError as error:
        if (number := _DISK.get(error.sqlite_errorcode & 0xFF)) is None:
            raise
        raise of_temporary_files(number) from None


def _read(items: Iterable[Item]) -> Iterator[Found]:
    # An empty name: a database on disk that has no name and goes with its connection.
    with closing(sqlite3.connect("")) as database:
        database.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _TABLES)
        for number, item in enumerate(items):
            _take_in(database, number, item)
        database.executescript(_INDEXES)
        yield from _records(database)
        yield from _strays(database)


def _take_in(database: sqlite3.Connection, number: int, item: Item) -> None:
    value = item.value
    if item.problem is None and not (isinstance(value, dict) and is_stix(value)):
        item = Item(item.place, problem="no STIX object: it needs a type and an id of that type")
    if item.problem is not None:
        database.execute(
            "INSERT INTO problems VALUES (?, ?, ?)", (number, item.place, item.problem)
        )
    elif value["type"] == "relationship":
        row = [text_at(value, name) for name in ("relationship_type", "source_ref", "target_ref")]
        words = without_citations(text_at(value, "description"))
        if value.get("revoked") is not True and value.get("x_mitre_deprecated") is not True:
            database.execute("INSERT INTO links VALUES (?, ?, ?, ?, ?)", (*row, words, item.place))
    else:
        own = (value["id"], item.place, _name(value), status_of(value) != "")
        body = orjson.dumps(value)
        database.execute("INSERT INTO objects VALUES (?, ?, ?, ?, ?, ?)", (number, *own, body))


def _name(value: dict[str, Any]) -> str:
    name, own_id = text_at(value, "name"), public_id(value)[1]
    return f"{name} ({own_id})" if name and own_id else name or own_id


def _records(database: sqlite3.Connection) -> Iterator[Found]:
    rows = database.execute(
        "SELECT number, place, body, NULL FROM objects"
        " UNION ALL SELECT number, place, NULL, problem FROM problems ORDER BY number"
    )
    for _, place, body, problem in rows:
        if problem is not None:
            yield Found(place, problem=problem)
            continue
        value = orjson.loads(body)
        if has_text(value):
            joiner = _Joiner(database)
            record = read_stix(value, joiner.joined(value)).record(value)
            yield Found(place, record, notes=tuple(joiner.notes))


class _Joiner:
    """Looks up what the bundle says of one object; `notes` names what it lacks."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self.notes: list[str] = []

    def joined(self, value: dict[str, Any]) -> Joined:
        own_id = value["id"]
        to_it = self._database.execute(_OF_OBJECT, (own_id,)).fetchall()
        from_it = self._database.execute(_BY_OBJECT, (own_id,)).fetchall()
        return Joined(
            mitigations=self._told(to_it, "mitigates"),
            detections=self._detections(to_it),
            uses=(*self._told(to_it, "uses"), *self._told(from_it, "uses")),
            revoked_by=next(iter(self._told(from_it, "revoked-by")), ""),
            licence=self._licence(value),
            author=self._named(text_at(value, "created_by_ref")),
            analytics=self._analytics(value),
        )

    def _told(self, links: list[tuple[str, str, str]], kind: str) -> tuple[str, ...]:
        """ "Name (T1234): how", for each relationship of a kind."""
        told = [(self._named(other), words) for one, other, words in links if one == kind]
        return tuple(": ".join(part for part in pair if part) for pair in told if any(pair))

    def _named(self, own_id: str) -> str:
        if not own_id:
            return ""
        found = self._database.execute("SELECT name FROM objects WHERE id = ?", (own_id,))
        if (row := found.fetchone()) is None:
            self.notes.append(f"refers to {own_id}, which the bundle lacks")
            return ""
        return str(row[0])

    def _body(self, own_id: str) -> dict[str, Any]:
        found = self._database.execute("SELECT body FROM objects WHERE id = ?", (own_id,))
        row = found.fetchone()
        if row is None:
            self.notes.append(f"refers to {own_id}, which the bundle lacks")
            return {}
        value: dict[str, Any] = orjson.loads(row[0])
        return value

    def _detections(self, links: list[tuple[str, str, str]]) -> tuple[str, ...]:
        """What detects it: data components with words of their own, strategies by analytics."""
        found = []
        for kind, other, words in links:
            if kind == "detects" and other.startswith("x-mitre-detection-strategy--"):
                strategy = self._body(other)
                name = _name(strategy)
                lines = self._analytics(strategy) or ((words,) if words else ())
                found += [f"{name}: {line}" if name else line for line in lines] or [name]
            elif kind == "detects":
                found += self._told([(kind, other, words)], kind)
        return tuple(line for line in found if line)

    def _analytics(self, strategy: dict[str, Any]) -> tuple[str, ...]:
        """The analytics of a detection strategy: for which platforms, what to look for, where."""
        found = []
        for own_id in strings_at(strategy, "x_mitre_analytic_refs"):
            analytic = self._body(own_id)
            platforms = ", ".join(strings_at(analytic, "x_mitre_platforms"))
            text = without_citations(text_at(analytic, "description"))
            prefix = f"{platforms}: " if platforms and text else ""
            found.append(paragraphs(prefix + text, self._logs(analytic)))
        return tuple(text for text in found if text)

    def _logs(self, analytic: dict[str, Any]) -> str:
        """Which logs an analytic reads."""
        sources = [
            " ".join(part for part in (text_at(log, "name"), text_at(log, "channel")) if part)
            for log in objects_at(analytic, "x_mitre_log_source_references")
        ]
        named = ", ".join(dict.fromkeys(source for source in sources if source))
        return f"Log sources: {named}." if named else ""

    def _licence(self, value: dict[str, Any]) -> str:
        """The statements of the object's marking definitions."""
        said = []
        for own_id in strings_at(value, "object_marking_refs"):
            marking = self._body(own_id)
            said.append(text_at(marking, "definition", "statement"))
        return " ".join(dict.fromkeys(text for text in said if text))


def _strays(database: sqlite3.Connection) -> Iterator[Found]:
    """Relationships whose own words have nothing to stand with."""
    for place, kind, source, target in database.execute(_STRAY):
        problem = f"a relationship ({kind} from {source}) to {target}, which the bundle lacks"
        yield Found(place, problem=problem)
