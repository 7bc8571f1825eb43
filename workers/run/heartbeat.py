"""A worker's heartbeat file: what it says, how it is written and how it is read.

Knows one small JSON file; does not know who writes it or what anybody concludes from it.
Invariant: what `read_heartbeat` returns has every field, of its type.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path

import orjson

from workers.core import files
from workers.core.json_fields import JsonFields


class WorkerState(StrEnum):
    """What a worker process is doing; the engine's steps of preparation are states as well."""

    LOADING = "loading"
    COMPILING = "compiling"
    MEASURING = "measuring"
    CALIBRATING = "calibrating"
    WAITING = "waiting"
    WORKING = "working"
    IDLE = "idle"
    PAUSED = "paused"  # an endpoint doesn't answer; the note says why
    DRAINING = "draining"


_READY = frozenset(
    {WorkerState.WORKING, WorkerState.IDLE, WorkerState.PAUSED, WorkerState.DRAINING}
)


@dataclass(frozen=True)
class Heartbeat:
    """A worker's state, renewed about once a second.

    progress: grows with every step of work and with nothing else.
    results: records that this process has turned into results.
    proved: whether the model has worked in this process, if only on a record done before.
    batch_size: maximum number of sequences in a batch for now; 0 without a model.
    rss_mb: resident memory, MiB.
    time: unix seconds of writing.
    beats: grows with every second that the process runs.
    damaged: what is wrong with chunks it skipped, by STAGE/CHUNK.
    note: how its model runs where that is not the fast way, and why.
    steps: what it has done so far, or is doing, before it could work: compiling and so on; the
    last ones, without so many `steps_left_out` before them.
    """

    worker: str
    role: str
    pid: int
    state: WorkerState = WorkerState.LOADING
    stage: str | None = None
    chunk: str | None = None
    progress: int = 0
    results: int = 0
    proved: bool = False
    batch_size: int = 0
    rss_mb: int = 0
    time: float = 0.0
    beats: int = 0
    damaged: Mapping[str, str] = field(default_factory=dict)
    steps: tuple[str, ...] = ()
    steps_left_out: int = 0
    note: str = ""

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
        return _parse(JsonFields(orjson.loads(path.read_bytes()), str(path)))
    except (OSError, ValueError):
        return None


def _parse(fields: JsonFields) -> Heartbeat:
    return Heartbeat(
        worker=fields.read("worker", str),
        role=fields.read("role", str),
        pid=fields.read("pid", int),
        state=WorkerState(fields.read("state", str)),
        stage=fields.read_or("stage", str, None),
        chunk=fields.read_or("chunk", str, None),
        progress=fields.read("progress", int),
        results=fields.read("results", int),
        proved=fields.read("proved", bool),
        batch_size=fields.read("batch_size", int),
        rss_mb=fields.read("rss_mb", int),
        time=fields.read("time", float),
        beats=fields.read("beats", int),
        damaged=fields.mapping_of("damaged", str),
        steps=fields.list_of("steps", str),
        steps_left_out=fields.read_or("steps_left_out", int, 0),
        note=fields.read_or("note", str, ""),
    )
