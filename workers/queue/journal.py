"""The append-only log of what happened to one claimed chunk.

Each line is "<8 hex digits of CRC-32> <JSON>"; what follows from an entry is decided elsewhere.
Invariant: every line that is read was written whole; a bad last line is cut away before
the next append, and damage before it stops the reader.
"""

from __future__ import annotations

import os
import re
import zlib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from workers.core.errors import JournalError
from workers.core.files import fsync_dir, naming, sync_fd, write_all
from workers.core.json_fields import JsonFields
from workers.queue.journal_entries import JournalEntry, parse_entry

_LINE_START = re.compile(rb"(?=[0-9a-f]{8} \{)")


def encode_line(entry: JournalEntry) -> bytes:
    """One journal line, newline included."""
    body = orjson.dumps(entry.to_json())
    return b"%08x %s\n" % (zlib.crc32(body), body)


def _decode_line(line: bytes) -> dict[str, Any] | None:
    """The JSON of a line without its newline, or None when the line is damaged."""
    checksum, space, body = line.partition(b" ")
    if not space or checksum != b"%08x" % zlib.crc32(body):
        return None
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    return value if isinstance(value, dict) else None


@dataclass(frozen=True)
class JournalContents:
    """The whole entries of a journal, and how many bytes of the file they take."""

    entries: list[JournalEntry]
    good_bytes: int


def read_journal(path: Path, start: int = 0) -> JournalContents:
    """Read without repairing.

    start: where the entries begin that are wanted, the `good_bytes` of an earlier look.
    Raises JournalError, with file and line, for damage before the last line, and for a whole
    line that is no entry.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return JournalContents([], start)
    entries: list[JournalEntry] = []
    first = data.count(b"\n", 0, start) + 1
    while start < len(data):
        end = data.find(b"\n", start)
        value = _decode_line(data[start:end]) if end >= 0 else None
        number = first + len(entries)
        if value is None:
            _refuse_unless_last(path, data, start, number)
            break
        entries.append(parse_entry(JsonFields(value, f"{path} line {number}", JournalError)))
        start = end + 1
    return JournalContents(entries, start)


def _refuse_unless_last(path: Path, data: bytes, start: int, number: int) -> None:
    end = data.find(b"\n", start)
    if 0 <= end < len(data) - 1 or _hides_a_line(data[start:end] if end >= 0 else b""):
        raise JournalError(
            f"{path} line {number}: damaged (wrong checksum), with more lines after it; "
            "restore the file, or remove it to process the chunk's records again"
        )


def _hides_a_line(line: bytes) -> bool:
    """Whether a bad last line ends in a good one: then the newline before that was damaged."""
    starts = (match.start() for match in _LINE_START.finditer(line))
    return any(_decode_line(line[start:]) is not None for start in starts)


class Journal:
    """An open journal: `entries` are those it was opened with; then `append` and `sync`."""

    def __init__(self, path: Path) -> None:
        found = read_journal(path)
        self.path = path
        self.entries = found.entries
        self._size = found.good_bytes
        self._broken: str | None = None
        self._unsynced = True
        self._unsynced_folder = not path.exists()
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW
        self._fd = os.open(path, flags, 0o666)
        try:
            self._cut_tail()
        except BaseException:
            self.close()
            raise

    def _cut_tail(self) -> None:
        with naming(self.path):
            size = os.fstat(self._fd).st_size
            if size < self._size:
                raise JournalError(f"{self.path}: truncated to {size} bytes while it was open")
            if size > self._size:
                os.ftruncate(self._fd, self._size)

    def append(self, entry: JournalEntry) -> None:
        """Add one line.  After a failed write the torn tail is cut, and appending may continue."""
        line = encode_line(entry)
        self._refuse_when_broken()
        self._cut_tail()
        try:
            with naming(self.path):
                write_all(self._fd, line)
        except BaseException:
            with suppress(OSError, JournalError):
                self._cut_tail()
            raise
        self._size += len(line)
        self._unsynced = True

    def sync(self) -> None:
        """Make all appended lines durable; nothing where there are none since the last time."""
        self._refuse_when_broken()
        if not self._unsynced:
            return
        try:
            with naming(self.path):
                sync_fd(self._fd)
            if self._unsynced_folder:
                fsync_dir(self.path.parent)
        except OSError as error:
            self._broken = str(error)
            raise
        self._unsynced_folder = self._unsynced = False

    def _refuse_when_broken(self) -> None:
        # After a failed fsync the kernel may have dropped what it could not write.
        if self._broken:
            raise JournalError(
                f"{self.path}: an earlier fsync failed ({self._broken}); resume the run"
            )

    def close(self) -> None:
        """Close the file; safe to call twice."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1
