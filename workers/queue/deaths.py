"""How workers ended, as the coordinator writes it to deaths.jsonl: one line per death.

Knows the file and its lines; draws no conclusions.  Invariant: a death that is read was written
whole; one that was torn by a crash stays unexplained.
"""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson

from workers.core.files import naming, sync_fd, write_all
from workers.core.json_fields import JsonFields

# In the run's folder, beside the stages' queues.
DEATHS_FILE = "deaths.jsonl"


@dataclass(frozen=True)
class Death:
    """How a worker ended, as the coordinator saw it.  `counts`: through its own fault."""

    worker: str
    pid: int
    cause: str
    counts: bool


def append_death(path: Path, death: Death) -> None:
    """Add a line to the run's deaths file; only the coordinator and its bridge do this."""
    fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o666)
    try:
        with naming(path):
            size = os.fstat(fd).st_size
            torn = size > 0 and os.pread(fd, 1, size - 1) != b"\n"
            write_all(fd, b"\n" * torn + orjson.dumps(asdict(death)) + b"\n")
            sync_fd(fd)
    finally:
        os.close(fd)


def read_deaths(path: Path) -> dict[str, Death]:
    """The deaths by worker; torn lines are skipped."""
    try:
        lines = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        return {}
    deaths = (_parse_death(line) for line in lines if line)
    return {death.worker: death for death in deaths if death}


def _parse_death(line: bytes) -> Death | None:
    try:
        fields = JsonFields(orjson.loads(line), "a death")
        worker, pid = fields.read("worker", str), fields.read("pid", int)
        return Death(worker, pid, fields.read("cause", str), fields.read("counts", bool))
    except ValueError:
        return None
