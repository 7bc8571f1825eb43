"""CSV and TSV with a header: each row an object of its columns' names.

Knows delimiters and quotes; the rows' meaning is their structure's.  Invariant: a row that is
broken costs the line it begins in: the lines behind that are read again as rows.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from stages.sources.document import Document, Head
from stages.sources.found import Found, NotUnderstood, printable
from stages.sources.limits import MAX_RECORD_BYTES
from stages.sources.shapes.items import Item
from stages.sources.structures.registry import found_in, wanted_structure
from stages.text.record_text import plain_key
from stages.text.text_fields import BODY_KEYS, TITLE_KEYS

_DELIMITERS = ",\t;|"
_ALONE = "\x1f"  # in place of a delimiter, where there is one column
_SEP = re.compile(r"sep=(.)\s*$", re.IGNORECASE)
_DATA = re.compile(r"[\d.,:/-]+|https?://.*|CVE-\d+-\d+", re.IGNORECASE)  # no column's name
_SAMPLE_ROWS = 20
_LONGEST_NAME = 80
_KNOWN = frozenset((*TITLE_KEYS, *BODY_KEYS, "id", "cveid", "cve", "cweid", "url", "link", "date"))


@dataclass(frozen=True)
class Dialect:
    """How a table is written: its delimiter, and its columns' names."""

    delimiter: str
    names: tuple[str, ...]


def sniff_csv(head: Head) -> float:
    return _sniff(head, ",;|" + _ALONE, (".csv",))


def sniff_tsv(head: Head) -> float:
    return _sniff(head, "\t", (".tsv", ".tab"))


def _sniff(head: Head, delimiters: str, endings: tuple[str, ...]) -> float:
    dialect = dialect_of(head)
    if dialect is None or dialect.delimiter not in delimiters:
        return 0.0
    if head.suffix in endings:
        return 0.9
    return 0.7 if _known(dialect) and len(dialect.names) > 1 else 0.0


def _known(dialect: Dialect) -> bool:
    return any(plain_key(name) in _KNOWN for name in dialect.names)


def dialect_of(head: Head) -> Dialect | None:
    """The delimiter that gives the first rows as many fields as the header has names."""
    lines = head.text.splitlines()[: 40 * _SAMPLE_ROWS]
    if not head.complete and len(lines) > 1:
        lines.pop()
    match = _SEP.match(lines[0]) if lines else None
    if match:
        return _with(lines[1:], match[1])
    lines = [line for line in lines if line.strip()]
    while lines and lines[0].startswith("#"):
        lines.pop(0)
    tried = (_with(lines, delimiter) for delimiter in _DELIMITERS)
    found = max((d for d in tried if d), key=lambda d: len(d.names), default=None)
    return found or _one_column(lines)


def _one_column(lines: list[str]) -> Dialect | None:
    """A table of texts alone, under the name of a text."""
    name = lines[0].strip().strip('"') if len(lines) > 1 else ""
    return Dialect(_ALONE, (name,)) if plain_key(name) in BODY_KEYS else None


def _with(lines: list[str], delimiter: str) -> Dialect | None:
    rows = _sample(lines, delimiter)
    names = tuple(name.strip() for name in rows[0]) if rows else ()
    given = [name for name in names if name]
    if len(names) < 2 or len(given) * 2 <= len(names) or len(max(given, key=len)) > _LONGEST_NAME:
        return None
    same = sum(len(row) == len(names) for row in rows[1:])
    dialect = Dialect(delimiter, _each_once(names)) if same * 2 >= len(rows) - 1 else None
    # Prose has the same word twice more often than a table has a name twice or none.
    plain = len(set(given)) == len(given) and "" not in names[:-1]
    return dialect if dialect and (plain or _known(dialect)) else None


def _each_once(names: tuple[str, ...]) -> tuple[str, ...]:
    """A name that is there again gets its number: "text", "text 2"."""
    seen: Counter[str] = Counter()
    found = []
    for name in names:
        seen[name] += 1
        found.append(f"{name} {seen[name]}" if name and seen[name] > 1 else name)
    return tuple(found)


def _sample(lines: list[str], delimiter: str) -> list[list[str]]:
    """The first rows, as far as they can be read."""
    rows: list[list[str]] = []
    try:
        for row in csv.reader((line + "\n" for line in lines), delimiter=delimiter):
            rows.append(row)
            if len(rows) > _SAMPLE_ROWS:
                break
    except csv.Error:
        pass
    return rows[:-1] if 1 < len(rows) <= _SAMPLE_ROWS and len(lines) > len(rows) else rows


def read(document: Document) -> Iterator[Found]:
    dialect = dialect_of(document.head)
    if dialect is None:
        raise NotUnderstood("no table: the first line has to name its columns")
    if any(map(_DATA.fullmatch, dialect.names)) and not _known(dialect):
        shown = printable(", ".join(dialect.names))[:_LONGEST_NAME]
        raise NotUnderstood(f"a table whose first line names no columns ({shown}); add such a line")
    wanted = wanted_structure(document.options.format)
    rows = _Rows(document.stream, dialect)
    yield from (found_in(item, wanted) for item in rows)


class _Rows:
    """Iterates over the rows behind the header."""

    def __init__(self, stream: BinaryIO, dialect: Dialect) -> None:
        self._stream = stream
        self._dialect = dialect
        self._number = 0  # of the line read last
        self._again: list[bytes] = []  # lines to be read again
        self._row: list[bytes] = []  # the lines of the row at hand
        # The module's bound on a field is the process's; ours is on a row, and is larger.
        csv.field_size_limit(MAX_RECORD_BYTES)

    def __iter__(self) -> Iterator[Item]:
        self._skip_preface()
        self._next()  # the header
        while row := self._next():
            first, fields, problem = row
            if problem is not None or any(field.strip() for field in fields):
                yield self._item(first, fields, problem)

    def _skip_preface(self) -> None:
        """Go past comments, blank lines and Excel's "sep=;" before the header."""
        while line := self._line():
            text = line.decode("utf-8", "replace").strip()
            if text and not text.startswith("#") and not _SEP.match(text):
                self._again = [line]
                return
            self._number += 1

    def _item(self, first: int, fields: list[str], problem: str | None) -> Item:
        names = self._dialect.names
        place = f"line {first}"
        if problem is not None:
            return Item(place, problem=problem)
        return Item(place, {name: f for name, f in zip(names, fields, strict=False) if name})

    def _next(self) -> tuple[int, list[str], str | None] | None:
        """The next row: its first line's number, its fields, what is wrong with it."""
        self._row = []
        first = self._number + 1
        try:
            reader = csv.reader(self._lines(), delimiter=self._dialect.delimiter, strict=True)
            fields = next(reader, None)
        except (csv.Error, UnicodeDecodeError, _RowTooLongError) as error:
            return self._back_to(first, _reason(error))
        if fields is None:
            return None
        wanted = len(self._dialect.names)
        if len(fields) != wanted and any(field.strip() for field in fields):
            had = "1 field" if len(fields) == 1 else f"{len(fields)} fields"
            return self._back_to(first, f"{had} where the header has {wanted}")
        return first, fields, None

    def _back_to(self, first: int, problem: str) -> tuple[int, list[str], str]:
        """Give up the row's first line; the lines behind it are read again."""
        self._again = self._row[1:] + self._again
        self._number = first
        return first, [], problem

    def _lines(self) -> Iterator[str]:
        size = 0
        while line := self._line():
            self._number += 1
            self._row.append(line)
            size += len(line)
            if size > MAX_RECORD_BYTES:
                raise _RowTooLongError
            yield line.decode("utf-8")

    def _line(self) -> bytes:
        if self._again:
            return self._again.pop(0)
        line = self._stream.readline(MAX_RECORD_BYTES + 1)
        rest = line
        while rest and len(rest) > MAX_RECORD_BYTES and not rest.endswith(b"\n"):
            rest = self._stream.readline(MAX_RECORD_BYTES + 1)
        return line


class _RowTooLongError(Exception):
    """A row is longer than a record may be."""


def _reason(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "not valid UTF-8"
    if isinstance(error, _RowTooLongError):
        return f"longer than {MAX_RECORD_BYTES // 2**20} MiB, or a quote that is never closed"
    return f"not a row of the table: {error}"
