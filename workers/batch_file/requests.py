"""From a batch file to a run's input: its lines, those that begin alike side by side.

Sorted by what the model is to read, requests that share a beginning are neighbours, whatever order
they came in; so it is read once, and few chunks hold it.  Knows lines and their ids; what a request
asks for is the stage's to say.  Invariant: each line that is not blank is in the input once, with
its number, as a request or as a problem.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from stages.requests.problems import Code
from stages.sources.encodings import encoding_of
from stages.sources.found import UnreadablePiece
from stages.sources.limits import MAX_RECORD_BYTES
from stages.sources.shapes.json_lines import numbered_lines
from stages.sources.strict_json import parse_object
from workers.core.errors import InputError
from workers.core.files import publish

# Within a record a request is text, which may take twice its bytes.
LONGEST_BYTES = MAX_RECORD_BYTES // 2 - 1024
_KEY_BYTES = 2**16  # of its beginning that a request is sorted by
_READ = ("messages", "prompt", "input")  # fields of a body that the model reads
_SAMPLE_BYTES = 4096
_LONGEST_ID = 512  # characters
_TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE lines (number INTEGER PRIMARY KEY, key BLOB, record BLOB);
CREATE TABLE ids (id TEXT PRIMARY KEY, number INTEGER) WITHOUT ROWID;
"""


@dataclass(frozen=True)
class _Line:
    """A line that can be asked: its id and what it is sorted by."""

    custom_id: str
    key: bytes


class _Problem(Exception):
    """Why a line can't be asked; `custom_id` where it has one."""

    def __init__(self, code: Code, message: str, custom_id: str | None = None) -> None:
        super().__init__(f"{code}: {message}")
        self.custom_id = custom_id


def group(source: Path, target: Path) -> None:
    """Write the lines of a batch file into a run's input, grouped by their beginnings.

    Beside the target there is a file with all of it meanwhile.  Raises OSError.
    """
    scratch = target.with_name(f".{target.name}.tmp-lines")
    scratch.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(scratch)) as table:
            table.executescript(_TABLES)
            with source.open("rb") as file:
                for number, line in numbered_lines(file):
                    _take(table, number, line)
            found = table.execute("SELECT record FROM lines ORDER BY key, number")
            publish(target, (record + b"\n" for (record,) in found))
    except sqlite3.OperationalError as error:
        raise OSError(f"{scratch}: {error}") from error
    finally:
        scratch.unlink(missing_ok=True)


def check_encoding(source: Path) -> None:
    """Raises InputError for characters of two or four bytes, of which no line is JSON; OSError."""
    with source.open("rb") as file:
        name = encoding_of(file.read(_SAMPLE_BYTES), complete=False)
    if name.startswith(("utf-16", "utf-32")):
        raise InputError(f"{source}: is {name.upper()}; batch files are UTF-8")


def _take(table: sqlite3.Connection, number: int, line: bytes | None) -> None:
    """Note a line, under the key that it is sorted by; problems go first."""
    record: dict[str, Any] = {"line": number}
    line = line and line.removeprefix(b"\xef\xbb\xbf")
    try:
        read = _read(line)
        _claim_id(table, read.custom_id, number)
    except _Problem as problem:
        key = b""
        record |= {"problem": str(problem), "custom_id": problem.custom_id}
    else:
        assert line is not None, "it was read"
        key = read.key
        record["request"] = line.decode("utf-8").strip()
    table.execute("INSERT INTO lines VALUES (?, ?, ?)", (number, key, orjson.dumps(record)))


def _read(line: bytes | None) -> _Line:
    if line is None or len(line) > LONGEST_BYTES:
        raise _Problem(Code.INVALID_JSON, f"longer than {LONGEST_BYTES >> 20} MiB")
    try:
        value = parse_object(line)
    except UnreadablePiece as error:
        raise _Problem(Code.INVALID_JSON, error.problem) from None
    custom_id = value.get("custom_id")
    if not isinstance(custom_id, str) or not custom_id:
        problem = "is missing" if custom_id is None else "must be text, and not empty"
        raise _Problem(Code.INVALID_REQUEST, f"custom_id: {problem}")
    if len(custom_id) > _LONGEST_ID:
        raise _Problem(Code.INVALID_REQUEST, f"custom_id: longer than {_LONGEST_ID} characters")
    return _Line(custom_id, _key(value.get("body")))


def _claim_id(table: sqlite3.Connection, custom_id: str, number: int) -> None:
    [first] = table.execute(
        "INSERT INTO ids VALUES (?, ?) ON CONFLICT DO UPDATE SET id = id RETURNING number",
        (custom_id, number),
    ).fetchone()
    if first != number:
        raise _Problem(Code.DUPLICATE_ID, f"custom_id: line {first} has the same one", custom_id)


def _key(body: Any) -> bytes:
    """What the model is to read first, in the order in which it reads it."""
    return b"".join(_texts(body))[:_KEY_BYTES] or b"\0"


def _texts(body: Any) -> Iterator[bytes]:
    fields = body if isinstance(body, dict) else {}
    messages = next((fields[name] for name in _READ if name in fields), None)
    for message in messages if isinstance(messages, list) else [messages]:
        content = message.get("content") if isinstance(message, dict) else message
        role = message.get("role") if isinstance(message, dict) else ""
        yield orjson.dumps([role, content])
