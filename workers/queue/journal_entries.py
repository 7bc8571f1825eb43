"""The entries of a chunk's journal: who claimed it, what was begun, and how it ended.

Knows the entries and their JSON; does not know how lines are stored.  Invariant: an entry that
was parsed is written the same again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from workers.core.json_fields import JsonFields
from workers.queue.sealed import SealedLine, parse_sealed_line

_SESSION, _BEGIN, _OUTCOME, _RELEASE = "session", "begin", "outcome", "release"
_WITHDRAW = "withdraw"


@dataclass(frozen=True)
class SessionStarted:
    """A worker, named by its spawn id, claimed the chunk."""

    worker: str

    def to_json(self) -> dict[str, Any]:
        return {"t": _SESSION, "worker": self.worker}


@dataclass(frozen=True)
class RecordsBegun:
    """These records are being processed; `alone`: no record of another chunk is in flight."""

    ids: tuple[str, ...]
    alone: bool = False

    def to_json(self) -> dict[str, Any]:
        return {"t": _BEGIN, "ids": list(self.ids), "alone": self.alone}


@dataclass(frozen=True)
class OutcomeRecorded:
    """A record got its outcome."""

    sealed: SealedLine

    def to_json(self) -> dict[str, Any]:
        return {"t": _OUTCOME, "sealed": self.sealed.to_json()}


@dataclass(frozen=True)
class OutcomeWithdrawn:
    """A person took back the outcome of a record, which is open again."""

    id: str

    def to_json(self) -> dict[str, Any]:
        return {"t": _WITHDRAW, "id": self.id}


@dataclass(frozen=True)
class ChunkReleased:
    """The worker let go of the chunk without dying."""

    def to_json(self) -> dict[str, Any]:
        return {"t": _RELEASE}


JournalEntry = SessionStarted | RecordsBegun | OutcomeRecorded | OutcomeWithdrawn | ChunkReleased


def parse_entry(fields: JsonFields) -> JournalEntry:
    """The entry of a journal line; raises the error of `fields` when it is not one."""
    kind = fields.read("t", str)
    if kind == _SESSION:
        return SessionStarted(fields.read("worker", str))
    if kind == _BEGIN:
        return RecordsBegun(fields.list_of("ids", str), fields.read_or("alone", bool, False))
    if kind == _OUTCOME:
        return OutcomeRecorded(parse_sealed_line(fields.inner("sealed")))
    if kind == _WITHDRAW:
        return OutcomeWithdrawn(fields.read("id", str))
    if kind == _RELEASE:
        return ChunkReleased()
    raise fields.problem(f"unknown kind of entry {kind!r}")
