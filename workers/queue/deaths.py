"""How workers ended, as the coordinator writes it to deaths.jsonl: one line per death."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson

from workers.core.files import naming, sync_fd, write_all


@dataclass(frozen=True)
class Death:
    """How a worker ended, as the coordinator saw it.  `counts`: by its own doing."""

    worker: str
    pid: int
    cause: str
    counts: bool


def append_death(path: Path, death: Death) -> None:
    """Add a line to the run's deaths file; only the coordinator does this."""
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
    """The deaths by worker.  A torn line is passed over: that death then stays unexplained."""
    try:
        lines = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        return {}
    deaths = (_parse_death(line) for line in lines if line)
    return {death.worker: death for death in deaths if death}


def _parse_death(line: bytes) -> Death | None:
    try:
        value = orjson.loads(line)
        return Death(value["worker"], int(value["pid"]), value["cause"], value["counts"] is True)
    except (ValueError, KeyError, TypeError):
        return None
