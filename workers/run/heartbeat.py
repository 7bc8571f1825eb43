"""A worker's heartbeat file: what it says, how it is written and how it is read.

Knows one small JSON file; does not know who writes it or what anybody concludes from it.
Invariant: what `read_heartbeat` returns has every field, of its type.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

import orjson

from workers.core import files


class WorkerState(StrEnum):
    """What a worker process is doing."""

    LOADING = "loading"
    CALIBRATING = "calibrating"
    WORKING = "working"
    IDLE = "idle"
    DRAINING = "draining"


_READY = frozenset({WorkerState.WORKING, WorkerState.IDLE, WorkerState.DRAINING})


@dataclass(frozen=True)
class Heartbeat:
    """A worker's state, renewed about once a second.

    progress: grows with every step of work and with nothing else.
    results: records that this process has turned into results.
    batch_size: maximum number of sequences in a batch for now; 0 without a model.
    rss_mb: resident memory, MiB.
    time: unix seconds of writing.
    beats: grows with every second that the process runs.
    damaged: what is wrong with chunks it skipped, by STAGE/CHUNK.
    """

    worker: str
    role: str
    pid: int
    state: WorkerState = WorkerState.LOADING
    stage: str | None = None
    chunk: str | None = None
    progress: int = 0
    results: int = 0
    batch_size: int = 0
    rss_mb: int = 0
    time: float = 0.0
    beats: int = 0
    damaged: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_ready(self) -> bool:
        """Whether it has loaded what it needs and takes chunks."""
        return self.state in _READY


def write_heartbeat(path: Path, beat: Heartbeat) -> None:
    """Replace the file whole; raises OSError."""
    files.replace(path, orjson.dumps(asdict(beat)))


def read_heartbeat(path: Path) -> Heartbeat | None:
    """The last heartbeat; None while there is none that can be read."""
    try:
        return _parse(orjson.loads(path.read_bytes()))
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def _parse(values: dict[str, Any]) -> Heartbeat:
    return Heartbeat(
        worker=str(values["worker"]),
        role=str(values["role"]),
        pid=int(values["pid"]),
        state=WorkerState(values["state"]),
        stage=_text(values["stage"]),
        chunk=_text(values["chunk"]),
        progress=int(values["progress"]),
        results=int(values["results"]),
        batch_size=int(values["batch_size"]),
        rss_mb=int(values["rss_mb"]),
        time=float(values["time"]),
        beats=int(values["beats"]),
        damaged={str(chunk): str(why) for chunk, why in values["damaged"].items()},
    )


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
