"""What the bridge and a machine say to each other, as bytes: a line of JSON, then its parts.

Knows the format; does not know how the bytes travel.  Invariant: bytes that are no message are
a MessageError, so that what another machine sends is checked like any other input.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

import orjson

from workers.core.json_fields import JsonFields
from workers.run.worker_view import WorkerView


class MessageError(ValueError):
    """Bytes that are no message; says what is wrong with them."""


class PartKind(StrEnum):
    """What a part of a message holds."""

    OFFER = "offer"
    """The run, for a machine that does not know it."""

    PARCEL = "parcel"
    """Envelopes of records to be processed; its name is the stage."""

    OUTCOMES = "outcomes"
    """Sealed lines."""

    FINDINGS = "findings"
    """What a stage's trial found, as JSON; its name is the stage."""

    METRICS = "metrics"
    """Lines of a performance log; its name is the worker process."""


@dataclass(frozen=True)
class MessagePart:
    """Some bytes of a message, and what they are."""

    kind: PartKind
    name: str
    data: bytes


class HostState(StrEnum):
    """How far a machine is with a run."""

    UNKNOWN = "unknown"
    """It has not been offered the run."""

    PREPARING = "preparing"
    """It checks what it has: stages, recipe, model."""

    READY = "ready"
    """Its worker processes are started; they may still load the model."""

    FULL = "full"
    """Its disk has no room: what it was sent is not kept, and what it had is dropped."""

    REFUSED = "refused"
    """It can't work on the run; `why` says what is missing."""


@dataclass(frozen=True)
class Request:
    """From the bridge: new records for a run, in one session; a new session drops earlier ones.

    wait: the longest that the answer may take to come while there is little to say, in seconds.
    """

    run: str
    session: str
    parts: tuple[MessagePart, ...] = ()
    leave: bool = False
    wait: float = 1.0

    def to_bytes(self) -> bytes:
        """As it is sent."""
        head = {"run": self.run, "session": self.session, "leave": self.leave, "wait": self.wait}
        return _pack(head, self.parts)

    @classmethod
    def parse(cls, data: bytes) -> Request:
        """The inverse; raises MessageError."""
        fields, parts = _unpack(data)
        leave, wait = fields.read_or("leave", bool, False), fields.read_or("wait", float, 1.0)
        return cls(fields.read("run", str), fields.read("session", str), parts, leave, wait)


@dataclass(frozen=True)
class Reply:
    """From a machine: how it stands, what came out, and what its workers logged.

    workers: worker processes it has for the run; views: each as `status` shows it.
    """

    state: HostState
    why: str = ""
    workers: int = 0
    views: tuple[WorkerView, ...] = ()
    notices: tuple[str, ...] = ()
    parts: tuple[MessagePart, ...] = field(default=())

    def to_bytes(self) -> bytes:
        """As it is sent."""
        head = {
            "state": self.state.value,
            "why": self.why,
            "workers": self.workers,
            "views": [view.to_json() for view in self.views],
            "notices": list(self.notices),
        }
        return _pack(head, self.parts)

    @classmethod
    def parse(cls, data: bytes) -> Reply:
        """The inverse; raises MessageError."""
        fields, parts = _unpack(data)
        try:
            state = HostState(fields.read("state", str))
        except ValueError:
            raise fields.problem("no such state") from None
        return cls(
            state,
            fields.read("why", str),
            fields.read("workers", int),
            tuple(map(WorkerView.parse, fields.inner_list("views"))),
            fields.list_of("notices", str),
            parts,
        )


@dataclass(frozen=True)
class RunOffer:
    """A run as a machine has to know it: its manifest, and the files of its recipe.

    stages: hash of the code of its stages; dask: the version of distributed there.
    """

    manifest: str
    recipe: Mapping[str, str]
    stages: str
    dask: str

    def to_bytes(self) -> bytes:
        """As JSON."""
        return orjson.dumps(asdict(self))

    @classmethod
    def parse(cls, data: bytes) -> RunOffer:
        """The inverse; raises MessageError."""
        fields = JsonFields(_json(data, "an offer"), "an offer", MessageError)
        recipe = fields.mapping_of("recipe", str)
        texts = (fields.read(name, str) for name in ("stages", "dask"))
        return cls(fields.read("manifest", str), recipe, *texts)


def _pack(head: dict[str, Any], parts: Iterable[MessagePart]) -> bytes:
    parts = tuple(parts)
    described = [{"kind": p.kind.value, "name": p.name, "bytes": len(p.data)} for p in parts]
    line = orjson.dumps({**head, "parts": described})
    return b"\n".join([line, b"".join(part.data for part in parts)])


def _unpack(data: bytes) -> tuple[JsonFields, tuple[MessagePart, ...]]:
    line, _, rest = data.partition(b"\n")
    fields = JsonFields(_json(line, "a message"), "a message", MessageError)
    parts, start = [], 0
    for described in fields.inner_list("parts"):
        end = start + described.read("bytes", int)
        try:
            kind = PartKind(described.read("kind", str))
        except ValueError:
            raise described.problem("no such kind") from None
        if not start <= end <= len(rest):
            raise described.problem("truncated")
        parts.append(MessagePart(kind, described.read("name", str), rest[start:end]))
        start = end
    return fields, tuple(parts)


def _json(data: bytes, what: str) -> Any:
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise MessageError(f"{what}: not valid JSON: {error.msg}") from None
