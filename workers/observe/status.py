"""The status of a run as one snapshot: its parts, and their JSON.

A live coordinator writes the snapshot once a second; without one the files are counted.
Knows shapes, not where they come from.  Invariant: a snapshot that was parsed is written the
same again, and no string in its JSON holds a control character.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from workers.core.json_fields import JsonFields
from workers.core.terminal import plain_values
from workers.queue.chunk_folder import ChunkCounts
from workers.queue.sealed import OutcomeCounts
from workers.run.machine_view import ClusterView
from workers.run.run_state import RunState
from workers.run.worker_view import WorkerView

SHOWN_KINDS = 3
_LIVE_STATES = frozenset(state for state in RunState if state.is_live)


@dataclass(frozen=True)
class RecordCounts:
    """Records of one stage: how many came in, and how they ended so far."""

    entered: int = 0
    results: int = 0
    removed: int = 0
    failed: int = 0

    @classmethod
    def of(cls, entered: int, ends: OutcomeCounts) -> RecordCounts:
        """From the outcomes so far."""
        return cls(entered, ends.results, ends.removed, ends.failed)

    def to_json(self) -> dict[str, int]:
        """With `in` for what came in."""
        ends = {"results": self.results, "removed": self.removed, "failed": self.failed}
        return {"in": self.entered, **ends}

    @classmethod
    def parse(cls, fields: JsonFields) -> RecordCounts:
        """The inverse; raises the error of `fields`."""
        return cls(*(fields.read(name, int) for name in ("in", "results", "removed", "failed")))


@dataclass(frozen=True)
class StageSpeed:
    """How fast a stage goes: over the last half minute, and `overall` in this session.

    batch_size: maximum for now; batch_rows: sequences in a recent batch; acceptance: share of
    the drafted tokens that the model agreed with.
    """

    items_per_s: float = 0.0
    tokens_per_s: float = 0.0
    items_per_s_overall: float = 0.0
    tokens_per_s_overall: float = 0.0
    batch_size: int | None = None
    batch_rows: int | None = None
    acceptance: float | None = None

    @classmethod
    def parse(cls, fields: JsonFields) -> StageSpeed:
        """From the fields of a stage; raises the error of `fields`."""
        return cls(
            items_per_s=fields.read_or("items_per_s", float, 0.0),
            tokens_per_s=fields.read_or("tokens_per_s", float, 0.0),
            items_per_s_overall=fields.read_or("items_per_s_overall", float, 0.0),
            tokens_per_s_overall=fields.read_or("tokens_per_s_overall", float, 0.0),
            batch_size=fields.read_or("batch_size", int, None),
            batch_rows=fields.read_or("batch_rows", int, None),
            acceptance=fields.read_or("acceptance", float, None),
        )


@dataclass(frozen=True)
class StageStatus:
    """One stage: its chunks by state, its records, its speed.

    `dead_letters` are the commonest reasons and how many failed for each, a reason shown by
    one of its messages.
    """

    name: str
    chunks: ChunkCounts = ChunkCounts()
    records: RecordCounts = RecordCounts()
    speed: StageSpeed = StageSpeed()
    dead_letters: Mapping[str, int] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """As an element of `stages` in `status --json`."""
        return {
            "name": self.name,
            **self.chunks.by_state(),
            "records": self.records.to_json(),
            **self.speed.__dict__,
            "dead_letters": dict(self.dead_letters),
        }

    @classmethod
    def parse(cls, fields: JsonFields) -> StageStatus:
        """The inverse; raises the error of `fields`."""
        states = ChunkCounts().by_state()
        return cls(
            name=fields.read("name", str),
            chunks=ChunkCounts(**{state: fields.read(state, int) for state in states}),
            records=RecordCounts.parse(fields.inner("records")),
            speed=StageSpeed.parse(fields),
            dead_letters=fields.mapping_of("dead_letters", int),
        )


@dataclass(frozen=True)
class RunStatus:
    """A run at one moment, as `status --json` prints it."""

    run: str
    state: str
    stages: tuple[StageStatus, ...]
    workers: tuple[WorkerView, ...] = ()
    eta_s: float | None = None
    elapsed_s: float = 0.0
    message: str | None = None
    cluster: ClusterView | None = None

    @property
    def is_live(self) -> bool:
        """Whether a coordinator is at work, or was until it was killed."""
        return self.state in _LIVE_STATES

    @property
    def dead_letters(self) -> int:
        """Records that failed, over all stages."""
        return sum(stage.records.failed for stage in self.stages)

    def to_json(self) -> dict[str, Any]:
        """Plain values, safe to print."""
        values: dict[str, Any] = {
            "run": self.run,
            "state": self.state,
            "stages": [stage.to_json() for stage in self.stages],
            "workers": [worker.to_json() for worker in self.workers],
            "eta_s": self.eta_s,
            "elapsed_s": self.elapsed_s,
            "message": self.message,
        }
        if self.cluster is not None:
            values["cluster"] = self.cluster.to_json()
        cleaned: dict[str, Any] = plain_values(values)
        return cleaned

    def to_bytes(self) -> bytes:
        """The JSON on one line, without a newline."""
        return orjson.dumps(self.to_json())

    @classmethod
    def parse(cls, data: bytes, source: str) -> RunStatus:
        """The inverse of `to_bytes`; raises ValueError naming `source` when it is damaged."""
        try:
            value = plain_values(orjson.loads(data))
        except orjson.JSONDecodeError as error:
            raise ValueError(f"{source}: not valid JSON: {error.msg}") from None
        fields = JsonFields(value, source)
        return cls(
            run=fields.read("run", str),
            state=fields.read("state", str),
            stages=tuple(map(StageStatus.parse, fields.inner_list("stages"))),
            workers=tuple(map(WorkerView.parse, fields.inner_list("workers"))),
            eta_s=fields.read_or("eta_s", float, None),
            elapsed_s=fields.read_or("elapsed_s", float, 0.0),
            message=fields.read_or("message", str, None),
            cluster=ClusterView.parse(fields.inner("cluster")) if "cluster" in value else None,
        )
