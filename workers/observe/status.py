"""The status of a run as one snapshot: its shape, and how to get it from a run's files.

A live coordinator writes the snapshot once a second; without one the files are counted.
Invariant: reading a status changes nothing, and no string in it holds a control character.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from workers.core.terminal import plain_values

SHOWN_KINDS = 3
LIVE_STATES = ("starting", "running", "paused", "draining", "merging")


@dataclass
class RecordCounts:
    """Records of one stage: come in, and how they ended so far."""

    entered: int = 0
    results: int = 0
    removed: int = 0
    failed: int = 0

    def to_json(self) -> dict[str, int]:
        values = asdict(self)
        return {"in": values.pop("entered"), **values}


@dataclass
class StageStatus:
    """Chunks of one stage by state, its records, and its speed."""

    name: str
    pending: int = 0
    claimed: int = 0
    done: int = 0
    failed: int = 0
    records: RecordCounts = field(default_factory=RecordCounts)
    items_per_s: float = 0.0
    tokens_per_s: float = 0.0
    items_per_s_overall: float = 0.0
    tokens_per_s_overall: float = 0.0
    batch_size: int | None = None  # most rows that are allowed now
    batch_rows: int | None = None  # rows side by side of late
    acceptance: float | None = None
    dead_letters: dict[str, int] = field(default_factory=dict)  # by kind of error

    def to_json(self) -> dict[str, Any]:
        return {**self.__dict__, "records": self.records.to_json()}


@dataclass
class RunStatus:
    """A run at one moment, as `status --json` prints it."""

    run: str
    state: str
    stages: list[StageStatus]
    workers: list[dict[str, Any]] = field(default_factory=list)
    eta_s: float | None = None
    elapsed_s: float = 0.0
    message: str | None = None

    def to_json(self) -> dict[str, Any]:
        values = {**self.__dict__, "stages": [stage.to_json() for stage in self.stages]}
        cleaned: dict[str, Any] = plain_values(values)
        return cleaned
