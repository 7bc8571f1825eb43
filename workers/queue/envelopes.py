"""What the lines of chunk files say: names, envelopes on the way in, sealed lines on the way out.

Knows the formats and their order; touches no file.  Invariant: an id is made of the input
file's index and line number, never of anything a user wrote.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from stages.base import Failed, Outcome, Record, Removed, Result
from workers.core.errors import QueueError

SealedLine = dict[str, Any]
OUTCOMES = ("result", "removed", "failed")
# orjson writes at most 254 levels; a record is wrapped in a few more on its way.
MAX_DEPTH = 128

_CHUNK_NAME = re.compile(r"chunk-(\d{6,})(?:\.r([1-9]\d*))?")
_ID = re.compile(r"\d+:\d+(?:\.\d+)*")


@dataclass(frozen=True, order=True)
class ChunkName:
    """A chunk's number and which retry it is (0: the first time round)."""

    number: int
    retry: int = 0

    def __str__(self) -> str:
        return f"chunk-{self.number:06}" + (f".r{self.retry}" if self.retry else "")

    @classmethod
    def parse(cls, name: str) -> ChunkName | None:
        """The inverse of `str`, or None for any other name."""
        match = _CHUNK_NAME.fullmatch(name)
        return cls(int(match[1]), int(match[2] or 0)) if match else None


def chunk_of_file(file_name: str) -> str | None:
    """ "chunk-000001.jsonl" -> "chunk-000001"; None for what is no chunk file."""
    name = file_name.removesuffix(".jsonl")
    return name if name != file_name and ChunkName.parse(name) else None


def chunk_order(name: str) -> ChunkName:
    """Sort key of chunk names."""
    parsed = ChunkName.parse(name)
    if parsed is None:
        raise QueueError(f"{name!r} is not a chunk name such as chunk-000001 or chunk-000001.r1")
    return parsed


def id_order(record_id: str) -> tuple[int, ...]:
    """Sort key of record ids: "0:17.1" -> (0, 17, 1)."""
    return tuple(int(number) for number in re.findall(r"\d+", record_id))


@dataclass(frozen=True)
class Envelope:
    """One line of a chunk: a record, or the error of an input line that could not be read."""

    id: str
    record: Record | None = None
    error: str | None = None

    def to_bytes(self) -> bytes:
        """The line of the chunk file, newline included."""
        if self.error is not None:
            return orjson.dumps({"id": self.id, "error": self.error}) + b"\n"
        return orjson.dumps({"id": self.id, "record": self.record}) + b"\n"


def envelope_bytes(envelope: Envelope | Mapping[str, Any] | bytes) -> bytes:
    """The line of an envelope in any of the forms that `publish` takes."""
    if isinstance(envelope, Envelope):
        return envelope.to_bytes()
    if isinstance(envelope, Mapping):
        return orjson.dumps(dict(envelope)) + b"\n"
    return envelope if envelope.endswith(b"\n") else envelope + b"\n"


def parse_envelopes(data: bytes, source: str) -> list[Envelope]:
    """The envelopes of a chunk file; raises QueueError naming `source` and line."""
    envelopes = [_parse_envelope(value, where) for value, where in _lines(data, source)]
    _refuse_repeated([envelope.id for envelope in envelopes], source)
    return envelopes


def _parse_envelope(value: dict[str, Any], where: str) -> Envelope:
    record, error = value.get("record"), value.get("error")
    if not isinstance(record, dict) and not isinstance(error, str):
        raise QueueError(f"{where}: neither a record nor an error")
    return Envelope(value["id"], record, error)


def parse_sealed(data: bytes, source: str) -> list[SealedLine]:
    """The lines of a file in done/; raises QueueError naming `source` and line."""
    lines = []
    for value, where in _lines(data, source):
        _check_sealed(value, where)
        lines.append(value)
    _refuse_repeated([line["id"] for line in lines], source)
    return lines


def _check_sealed(value: SealedLine, where: str) -> None:
    kind = value.get("outcome")
    if kind not in OUTCOMES:
        raise QueueError(f"{where}: outcome is {kind!r}, not one of {', '.join(OUTCOMES)}")
    needed = {"result": "records", "removed": "reason", "failed": "error"}[kind]
    if needed not in value:
        raise QueueError(f"{where}: a {kind} line without {needed!r}")


def _lines(data: bytes, source: str) -> list[tuple[dict[str, Any], str]]:
    pieces = data.split(b"\n")
    if pieces.pop():
        raise QueueError(f"{source} line {len(pieces) + 1}: cut short")
    found = []
    for number, piece in enumerate(pieces, 1):
        where = f"{source} line {number}"
        try:
            value = orjson.loads(piece)
        except orjson.JSONDecodeError as error:
            raise QueueError(f"{where}: damaged, not valid JSON: {error.msg}") from None
        if not isinstance(value, dict) or not _is_id(value.get("id")):
            raise QueueError(f"{where}: damaged, no id such as 0:17")
        found.append((value, where))
    return found


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def _refuse_repeated(ids: Sequence[str], source: str) -> None:
    seen: set[str] = set()
    for number, record_id in enumerate(ids, 1):
        if record_id in seen:
            raise QueueError(f"{source} line {number}: id {record_id} is there twice")
        seen.add(record_id)


def sealed_line(envelope: Envelope, outcome: Outcome, attempts: int) -> SealedLine:
    """How an outcome is written.  One that JSON can't hold becomes a failed line that says so."""
    line = _plain_line(envelope, outcome, attempts)
    problem = _unwritable(line)
    if problem is None:
        return line
    return _plain_line(envelope, Failed(f"the outcome can't be written: {problem}"), attempts)


def _plain_line(envelope: Envelope, outcome: Outcome, attempts: int) -> SealedLine:
    line: SealedLine = {"id": envelope.id}
    if isinstance(outcome, Result):
        line |= {"outcome": "result", "records": list(outcome.records)}
    elif isinstance(outcome, Removed):
        line |= {"outcome": "removed", "reason": outcome.reason, "details": outcome.details}
        line |= {"record": envelope.record}
    else:
        line |= {"outcome": "failed", "error": outcome.error, "attempts": attempts}
        if envelope.record is not None:
            line |= {"record": envelope.record}
    return line


def _unwritable(line: SealedLine) -> str | None:
    try:
        text = orjson.dumps(line)
    except TypeError as error:
        return str(error)
    # orjson writes NaN as null without a word; only look closer where a null stands.
    if b"null" in text and _has_nan(line):
        return "a number is NaN or infinite"
    levels = text.count(b"{") + text.count(b"[")
    return "nested too deeply" if levels > MAX_DEPTH and depth(line) > MAX_DEPTH + 8 else None


def _has_nan(value: Any) -> bool:
    if isinstance(value, float):
        return not math.isfinite(value)
    children: Iterable[Any] = ()
    if isinstance(value, dict):
        children = value.values()
    elif isinstance(value, list | tuple):
        children = value
    return any(_has_nan(child) for child in children)


def depth(value: Any) -> int:
    """How deeply objects and arrays are nested; 0 for a scalar.  Does not recurse."""
    deepest, level = 0, [value]
    while level := [item for item in level if isinstance(item, dict | list | tuple)]:
        deepest += 1
        level = [
            child for item in level for child in (item.values() if isinstance(item, dict) else item)
        ]
    return deepest


def next_envelopes(sealed: Iterable[SealedLine]) -> list[Envelope]:
    """What a sealed chunk hands to the next stage: the output records of its results."""
    envelopes = []
    for line in sealed:
        if line["outcome"] != "result":
            continue
        records = line["records"]
        for index, record in enumerate(records):
            suffix = f".{index}" if len(records) > 1 else ""
            envelopes.append(Envelope(line["id"] + suffix, record))
    return envelopes


def retry_envelopes(sealed: Iterable[SealedLine]) -> list[Envelope]:
    """The failed lines of a sealed chunk as they came in, to be sent round again."""
    return [
        Envelope(line["id"], line["record"])
        if "record" in line
        else Envelope(line["id"], error=line["error"])
        for line in sealed
        if line["outcome"] == "failed"
    ]
