"""What goes into a stage: one line of a chunk file for each record.

Knows the format; touches no file.  Invariant: an id is made of the input file's index and
line number, never of anything a user wrote.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from stages.base import Failed, Record, Removed
from workers.core.json_fields import JsonFields
from workers.queue.json_lines import lines_with_ids

_OF_A_DUPLICATE = {"of", "how", "similarity", "source"}


@dataclass(frozen=True)
class Envelope:
    """One line of a chunk: a record, or the error of an input line that could not be read.

    `duplicate`: why the record does not go on, told before any stage sees it: `of`, the id of the
    record that stays, and what speaks for that.
    """

    id: str
    record: Record | None = None
    error: str | None = None
    duplicate: Mapping[str, Any] | None = None

    @property
    def outcome(self) -> Failed | Removed | None:
        """The outcome that is known before any stage; None for a record to be processed."""
        if self.error is not None:
            return Failed(self.error)
        return None if self.duplicate is None else Removed("duplicate", **self.duplicate)

    def to_bytes(self) -> bytes:
        """The line of the chunk file, newline included."""
        if self.error is not None:
            return orjson.dumps({"id": self.id, "error": self.error}) + b"\n"
        value = {"id": self.id, "record": self.record}
        if self.duplicate is not None:
            value["duplicate"] = dict(self.duplicate)
        return orjson.dumps(value) + b"\n"


def envelope_bytes(envelope: Envelope | Mapping[str, Any] | bytes) -> bytes:
    """The line of an envelope in any of the forms that `publish` accepts."""
    if isinstance(envelope, Envelope):
        return envelope.to_bytes()
    if isinstance(envelope, Mapping):
        return orjson.dumps(dict(envelope)) + b"\n"
    return envelope if envelope.endswith(b"\n") else envelope + b"\n"


def parse_envelopes(data: bytes, source: str) -> list[Envelope]:
    """The envelopes of a chunk file; raises QueueError naming `source` and line."""
    return [_envelope(fields) for fields in lines_with_ids(data, source)]


def _envelope(fields: JsonFields) -> Envelope:
    record = fields.read_or("record", dict, None)
    error = fields.read_or("error", str, None)
    if record is None and error is None:
        raise fields.problem("neither a record nor an error")
    return Envelope(fields.values["id"], record, error, _duplicate(fields))


def _duplicate(fields: JsonFields) -> Mapping[str, Any] | None:
    """Why a record does not go on; raises the error of `fields` for what can't be a reason."""
    found = fields.read_or("duplicate", dict, None)
    if found is not None and not {"of", "how"} <= found.keys() <= _OF_A_DUPLICATE:
        raise fields.problem("'duplicate' without its fields, or with others")
    return found
