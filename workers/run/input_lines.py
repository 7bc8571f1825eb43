"""Reads input files line by line, in bounded memory: a record or an error for each line.

Knows bytes and JSON; knows nothing of chunks.  Invariant: every line that is not blank
becomes a record or an error that names file and line, whatever it holds.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

import orjson

from stages.base import Record
from workers.core.errors import InputError
from workers.queue.json_lines import MAX_DEPTH, depth

MAX_LINE_BYTES = 16 * 2**20
_BLOCK_BYTES = 2**20
_BOM = b"\xef\xbb\xbf"
_LONG_NUMBER = re.compile(rb"\d{19}")


@dataclass(frozen=True)
class InputFile:
    """An input file as it was when the run was made; the hash is known once it has been read."""

    path: str
    size: int
    mtime_ns: int
    sha256: str | None = None

    @property
    def shown(self) -> str:
        """The file's name for messages, without control characters."""
        name = Path(self.path).name
        return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in name)


@dataclass(frozen=True)
class InputLine:
    """A line that is not blank: its 1-based number, and its bytes, or None when too long."""

    number: int
    data: bytes | None


def inspect_inputs(paths: Sequence[str | Path]) -> list[InputFile]:
    """The inputs as the manifest records them; raises InputError when they can't be used."""
    inputs = [_inspect(Path(path)) for path in paths]
    if not any(next(_lines_of(source), None) for source in inputs):
        names = ", ".join(source.shown for source in inputs)
        raise InputError(f"no records in {names}: a record is a JSON object on a line of its own")
    return inputs


def _inspect(path: Path) -> InputFile:
    try:
        path = Path(os.path.abspath(path))
        str(path).encode("utf-8")
        status = path.stat()
        # Look before opening: opening a pipe waits for its writer.
        if stat.S_ISREG(status.st_mode):
            path.open("rb").close()
    except UnicodeEncodeError:
        raise InputError(f"{ascii(str(path))}: the file's name is not valid UTF-8") from None
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from None
    if not stat.S_ISREG(status.st_mode):
        raise InputError(f"{path}: not a regular file, so it can't be read again on resume")
    return InputFile(str(path), status.st_size, status.st_mtime_ns)


def check_unchanged(inputs: Sequence[InputFile]) -> None:
    """Raise InputError when a file is not what it was when the run was made.

    A known hash decides; without one (the split was not finished) size and time do.
    """
    for source in inputs:
        now = _inspect(Path(source.path))
        same = (now.size, now.mtime_ns) == (source.size, source.mtime_ns)
        if source.sha256 is not None:
            same = now.size == source.size and _hash_file(source.path) == source.sha256
        if not same:
            raise _changed(source)


def _changed(source: InputFile) -> InputError:
    return InputError(f"{source.path}: changed since the run was made; start a new run")


def _hash_file(path: str) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class InputReader:
    """Iterates over the lines of one file; `source` has its hash once it was read to the end."""

    def __init__(self, source: InputFile) -> None:
        self.source = source
        self._hasher = hashlib.sha256()

    def __iter__(self) -> Iterator[InputLine]:
        with open(self.source.path, "rb", buffering=_BLOCK_BYTES) as file:
            number = 0
            while (data := self._next_line(file)) != b"":
                number += 1
                if number == 1 and data is not None:
                    data = data.removeprefix(_BOM)
                if data is None or data.strip(b" \t\r\n"):
                    yield InputLine(number, data)
            self._finish(file)

    def _next_line(self, file: BinaryIO) -> bytes | None:
        """The next line with its end, b"" at the end of the file, None for one too long."""
        data = piece = file.readline(MAX_LINE_BYTES + len(b"\r\n"))
        self._hasher.update(data)
        if len(data.removesuffix(b"\n").removesuffix(b"\r")) <= MAX_LINE_BYTES:
            return data
        while piece and not piece.endswith(b"\n"):
            piece = file.readline(_BLOCK_BYTES)
            self._hasher.update(piece)
        return None

    def _finish(self, file: BinaryIO) -> None:
        status = os.fstat(file.fileno())
        if (status.st_size, status.st_mtime_ns) != (self.source.size, self.source.mtime_ns):
            raise _changed(self.source)
        digest = self._hasher.hexdigest()
        if self.source.sha256 not in (None, digest):
            raise _changed(self.source)
        self.source = replace(self.source, sha256=digest)


def _lines_of(source: InputFile) -> Iterator[InputLine]:
    return iter(InputReader(source))


def parse_line(line: InputLine, source: InputFile) -> Record | str:
    """The record of a line, or the error message of a line that holds none."""
    found = _parse(line.data)
    # Only a bad line needs its place spelled out: this is called for every line.
    return f"{source.shown} line {line.number}: {found}" if isinstance(found, str) else found


def _parse(data: bytes | None) -> Record | str:
    if data is None:
        return f"longer than {MAX_LINE_BYTES // 2**20} MiB"
    try:
        value = orjson.loads(data)
        if _LONG_NUMBER.search(data):
            _refuse_long_numbers(data)
    except orjson.JSONDecodeError as error:
        return f"not valid JSON: {error.msg} at byte {error.pos + 1}"
    except _LongNumberError as error:
        return str(error)
    if not isinstance(value, dict):
        return "not a JSON object"
    opened = data.count(b"{") + data.count(b"[")
    if opened > MAX_DEPTH and depth(value) > MAX_DEPTH:
        return f"nested more than {MAX_DEPTH} levels deep"
    return value


class _LongNumberError(ValueError):
    """An integer that would silently lose digits."""


def _refuse_long_numbers(data: bytes) -> None:
    def parse_int(text: str) -> int:
        # orjson silently reads what doesn't fit into 64 bits as a float.
        if len(text) > 20 or not -(2**63) <= int(text) < 2**64:
            _refuse(text)
        return int(text)

    def ignore(value: Any) -> None:
        return None

    try:
        json.loads(data, parse_int=parse_int, parse_float=ignore, object_hook=ignore)
    except RecursionError:
        return  # too deep: the caller notices that too


def _refuse(text: str) -> NoReturn:
    raise _LongNumberError(f"an integer of {len(text)} digits does not fit into 64 bits")
