"""What each kind of metric line holds.

Knows names and types of the fields; neither reads nor writes a file.  Invariant: what a kind
parses is what it wrote.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from workers.core.json_fields import JsonFields
from workers.metrics.batch_figures import BatchFigures, per


@dataclass(frozen=True)
class ModelBatch:
    """`batch`: a window of the model's work for a stage."""

    stage: str
    figures: BatchFigures
    kind: ClassVar[str] = "batch"

    def to_fields(self) -> dict[str, Any]:
        return {"stage": self.stage, **self.figures.to_fields()}

    @classmethod
    def parse(cls, fields: JsonFields) -> ModelBatch:
        return cls(fields.read("stage", str), BatchFigures.parse(fields))


@dataclass(frozen=True)
class SealedChunk:
    """`chunk`: a chunk sealed, and how its records ended.

    `seconds` since the claim; `busy_seconds`, which the logger fills in: the same without
    overlap with other chunks; `waited_seconds` in the queue.  `errors` and `reasons`: how many
    records failed or were removed, by an example of each kind.
    """

    stage: str
    chunk: str
    records: int
    results: int
    removed: int
    failed: int
    seconds: float
    busy_seconds: float = 0.0
    waited_seconds: float = 0.0
    errors: Mapping[str, int] = field(default_factory=dict)
    reasons: Mapping[str, int] = field(default_factory=dict)
    kind: ClassVar[str] = "chunk"

    def to_fields(self) -> dict[str, Any]:
        counts = ("stage", "chunk", "records", "results", "removed", "failed")
        times = {
            "seconds": self.seconds,
            "busy_seconds": self.busy_seconds,
            "items_per_s": per(self.records, self.seconds),
        }
        sometimes = {
            "waited_seconds": self.waited_seconds,
            "errors": dict(self.errors),
            "reasons": dict(self.reasons),
        }
        given = {name: value for name, value in sometimes.items() if value}
        return {name: getattr(self, name) for name in counts} | times | given

    @classmethod
    def parse(cls, fields: JsonFields) -> SealedChunk:
        seconds = fields.read_or("seconds", float, 0.0)
        return cls(
            stage=fields.read("stage", str),
            chunk=fields.read_or("chunk", str, ""),
            records=fields.read_or("records", int, 0),
            results=fields.read_or("results", int, 0),
            removed=fields.read_or("removed", int, 0),
            failed=fields.read_or("failed", int, 0),
            seconds=seconds,
            busy_seconds=fields.read_or("busy_seconds", float, seconds),
            waited_seconds=fields.read_or("waited_seconds", float, 0.0),
            errors=fields.mapping_of("errors", int),
            reasons=fields.mapping_of("reasons", int),
        )


@dataclass(frozen=True)
class PhaseTimes:
    """`time`: where the time of a process went since its last such line, in seconds."""

    seconds: float
    phases: Mapping[str, float]
    kind: ClassVar[str] = "time"

    def to_fields(self) -> dict[str, Any]:
        return {"seconds": self.seconds, "phases": dict(self.phases)}

    @classmethod
    def parse(cls, fields: JsonFields) -> PhaseTimes:
        return cls(fields.read_or("seconds", float, 0.0), fields.mapping_of("phases", float))


@dataclass(frozen=True)
class WorkBlock:
    """`work`: a block of a user's own stage; `more` is whatever the block added."""

    stage: str
    items: float
    seconds: float
    error: str | None = None
    more: Mapping[str, Any] = field(default_factory=dict)
    kind: ClassVar[str] = "work"

    _OWN = frozenset({"stage", "items", "seconds", "items_per_s", "error"})

    def to_fields(self) -> dict[str, Any]:
        rate = per(self.items, self.seconds)
        figures = {"items": self.items, "seconds": self.seconds, "items_per_s": rate}
        error = {"error": self.error} if self.error else {}
        return {**self.more, "stage": self.stage, **figures, **error}

    @classmethod
    def parse(cls, fields: JsonFields) -> WorkBlock:
        items, seconds = (fields.read_or(name, float, 0) for name in ("items", "seconds"))
        more = _rest(fields, cls._OWN)
        stage, error = fields.read("stage", str), fields.read_or("error", str, None)
        return cls(stage, items, seconds, error, more)


@dataclass(frozen=True)
class WorkerDeath:
    """`death`: the coordinator saw a worker end."""

    of: str
    cause: str
    own_doing: bool = False
    kind: ClassVar[str] = "death"

    def to_fields(self) -> dict[str, Any]:
        return {"of": self.of, "cause": self.cause, "own_doing": self.own_doing}

    @classmethod
    def parse(cls, fields: JsonFields) -> WorkerDeath:
        of, cause = fields.read("of", str), fields.read("cause", str)
        return cls(of, cause, fields.read_or("own_doing", bool, False))


@dataclass(frozen=True)
class StateChange:
    """`state`: the run has another state from now on."""

    state: str
    message: str | None = None
    kind: ClassVar[str] = "state"

    def to_fields(self) -> dict[str, Any]:
        return {"state": self.state, "message": self.message}

    @classmethod
    def parse(cls, fields: JsonFields) -> StateChange:
        return cls(fields.read("state", str), fields.read_or("message", str, None))


@dataclass(frozen=True)
class MachineTotals:
    """`machine`: what another machine has done in a session with it, so far.

    seconds: since the session began; idle_seconds: of those without a chunk; tokens, batches, rows
    (over all batches): of its workers; rss_mb: of them together; state and why: at the time.
    """

    machine: str
    session: str
    seconds: float
    idle_seconds: float = 0.0
    records: int = 0
    tokens: int = 0
    batches: int = 0
    rows: int = 0
    workers: int = 0
    rss_mb: int = 0
    restarts: int = 0
    state: str = ""
    why: str = ""
    kind: ClassVar[str] = "machine"

    _COUNTS = ("records", "tokens", "batches", "rows", "workers", "rss_mb", "restarts")

    def to_fields(self) -> dict[str, Any]:
        times = ("seconds", "idle_seconds")
        names = ("machine", "session", *self._COUNTS, "state", "why")
        return {name: getattr(self, name) for name in names} | {
            name: round(getattr(self, name), 1) for name in times
        }

    @classmethod
    def parse(cls, fields: JsonFields) -> MachineTotals:
        return cls(
            machine=fields.read("machine", str),
            session=fields.read("session", str),
            seconds=fields.read_or("seconds", float, 0.0),
            idle_seconds=fields.read_or("idle_seconds", float, 0.0),
            state=fields.read_or("state", str, ""),
            why=fields.read_or("why", str, ""),
            **{name: fields.read_or(name, int, 0) for name in cls._COUNTS},
        )


@dataclass(frozen=True)
class Event:
    """Any other kind: whatever describes it."""

    kind: str
    more: Mapping[str, Any] = field(default_factory=dict)

    def to_fields(self) -> dict[str, Any]:
        return dict(self.more)


_Measured = ModelBatch | SealedChunk | PhaseTimes | WorkBlock | MachineTotals
Body = _Measured | WorkerDeath | StateChange | Event

_PARSERS: Mapping[str, Callable[[JsonFields], Body]] = {
    kind.kind: kind.parse
    for kind in (
        *(ModelBatch, SealedChunk, PhaseTimes, WorkBlock, WorkerDeath, StateChange),
        MachineTotals,
    )
}
# What every line has, whatever its kind.
HEAD = frozenset({"time", "worker", "kind", "rss_mb", "available_mb"})


def parse_body(kind: str, fields: JsonFields) -> Body:
    """What a line of this kind holds; raises the error of `fields` for a wrong type."""
    parse = _PARSERS.get(kind)
    return parse(fields) if parse else Event(kind, _rest(fields))


def _rest(fields: JsonFields, known: frozenset[str] = frozenset()) -> dict[str, Any]:
    return {key: value for key, value in fields.values.items() if key not in HEAD | known}
