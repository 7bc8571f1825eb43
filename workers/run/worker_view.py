"""One worker of a run as `status` shows it.

Knows its JSON; does not know how the pool or the heartbeat came by the figures.  Invariant: a
view that was parsed is written the same again.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from workers.core.json_fields import JsonFields


@dataclass(frozen=True)
class WorkerView:
    """A worker's place in the pool; what is None is not known, or there is no process now.

    `rss_mb`: memory of the process, MiB; `batch_size`: most sequences it may batch for now;
    `note`: how its model runs where that is not the fast way, and why.
    """

    pid: int | None
    role: str
    state: str
    stage: str | None = None
    chunk: str | None = None
    rss_mb: int | None = None
    restarts: int = 0
    batch_size: int | None = None
    note: str = ""

    def to_json(self) -> dict[str, Any]:
        """As an element of `workers` in `status --json`; without a note where there is none."""
        return {name: value for name, value in asdict(self).items() if value or name != "note"}

    @classmethod
    def parse(cls, fields: JsonFields) -> WorkerView:
        """The inverse; raises the error of `fields`."""
        return cls(
            pid=fields.read_or("pid", int, None),
            role=fields.read("role", str),
            state=fields.read("state", str),
            stage=fields.read_or("stage", str, None),
            chunk=fields.read_or("chunk", str, None),
            rss_mb=fields.read_or("rss_mb", int, None),
            restarts=fields.read_or("restarts", int, 0),
            batch_size=fields.read_or("batch_size", int, None),
            note=fields.read_or("note", str, ""),
        )
