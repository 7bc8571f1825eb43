"""One other machine of a run as `status` shows it, and the file that says what they all do.

Knows their JSON; does not know how the bridge came by the figures.  Invariant: a view that was
parsed is written the same again.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import orjson

from workers.core import files
from workers.core.json_fields import JsonFields


@dataclass(frozen=True)
class MachineView:
    """A machine now.

    state: `preparing`, `ready` (at work), `idle`, `full`, `refused` or `lost`; why: what is wrong
    with it; workers: its processes; in_flight: records that it has; batch_rows: sequences in its
    last batch; rss_mb: memory of its workers, MiB.
    """

    name: str
    state: str
    why: str = ""
    workers: int = 0
    in_flight: int = 0
    records_per_s: float = 0.0
    tokens_per_s: float = 0.0
    batch_rows: int = 0
    rss_mb: int = 0
    restarts: int = 0

    def to_json(self) -> dict[str, Any]:
        """As an element of `machines` in `status --json`."""
        return asdict(self)

    @classmethod
    def parse(cls, fields: JsonFields) -> MachineView:
        """The inverse; raises the error of `fields`."""
        return cls(
            name=fields.read("name", str),
            state=fields.read("state", str),
            why=fields.read_or("why", str, ""),
            workers=fields.read_or("workers", int, 0),
            in_flight=fields.read_or("in_flight", int, 0),
            records_per_s=fields.read_or("records_per_s", float, 0.0),
            tokens_per_s=fields.read_or("tokens_per_s", float, 0.0),
            batch_rows=fields.read_or("batch_rows", int, 0),
            rss_mb=fields.read_or("rss_mb", int, 0),
            restarts=fields.read_or("restarts", int, 0),
        )


@dataclass(frozen=True)
class ClusterView:
    """All machines; `scheduler` is its address, `dashboard` a link, `why` what is wrong with it."""

    scheduler: str
    dashboard: str = ""
    why: str = ""
    machines: tuple[MachineView, ...] = ()

    @property
    def workers(self) -> int:
        """Worker processes of all machines that work."""
        return sum(machine.workers for machine in self.machines)

    def to_json(self) -> dict[str, Any]:
        """As `cluster` in `status --json`."""
        return {**asdict(self), "machines": [machine.to_json() for machine in self.machines]}

    @classmethod
    def parse(cls, fields: JsonFields) -> ClusterView:
        """The inverse; raises the error of `fields`."""
        return cls(
            fields.read("scheduler", str),
            fields.read_or("dashboard", str, ""),
            fields.read_or("why", str, ""),
            tuple(map(MachineView.parse, fields.inner_list("machines"))),
        )


def cluster_file(workers_dir: Path) -> Path:
    """Where the bridge writes it, once a second."""
    return workers_dir / "cluster.view"


def write_cluster(workers_dir: Path, view: ClusterView) -> None:
    """Replace the file whole; raises OSError."""
    files.replace(cluster_file(workers_dir), orjson.dumps(view.to_json()))


def read_cluster(workers_dir: Path) -> ClusterView | None:
    """What it says; None where there is no cluster, or no whole file."""
    try:
        path = cluster_file(workers_dir)
        return ClusterView.parse(JsonFields(orjson.loads(path.read_bytes()), str(path)))
    except (OSError, ValueError):
        return None
