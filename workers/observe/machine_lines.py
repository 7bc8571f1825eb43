"""The other machines of a run as lines of text, for `status`.

Knows views, not where they come from.  Invariant: nothing in a line steers a terminal.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from workers.core.terminal import plain_text
from workers.run.machine_view import ClusterView, MachineView

MACHINES = ("machine", "state", "workers", "records/s", "tokens/s", "batch", "held", "memory")
_SHOWN = 16
_NAME = 22


def machine_cells(cluster: ClusterView) -> list[list[str]]:
    """A row of the table for each machine."""
    return [_cells(machine) for machine in cluster.machines[:_SHOWN]]


def _cells(machine: MachineView) -> list[str]:
    return [
        plain_text(machine.name, _NAME),
        plain_text(machine.state, 9),
        str(machine.workers or "-"),
        _rate(machine.records_per_s),
        _rate(machine.tokens_per_s),
        str(machine.batch_rows or "-"),
        str(machine.in_flight),
        f"{machine.rss_mb} MB" if machine.rss_mb else "-",
    ]


def machine_notes(cluster: ClusterView, width: int) -> Iterator[str]:
    """What is wrong with whom, and where Dask shows more."""
    wrong = [f"{machine.name}: {machine.why}" for machine in cluster.machines if machine.why]
    restarts = sum(machine.restarts for machine in cluster.machines)
    more = len(cluster.machines) - _SHOWN
    said: Sequence[str] = [
        *([f"scheduler: {cluster.why}"] if cluster.why else []),
        *wrong[:_SHOWN],
        *([f"and {more} more machines"] if more > 0 else []),
        *([f"worker processes restarted on machines: {restarts}"] if restarts else []),
        *([f"dashboard of Dask: {cluster.dashboard}"] if cluster.dashboard else []),
    ]
    for line in said:
        yield from textwrap.wrap(plain_text(line, width * 4), width)


def _rate(value: float) -> str:
    return f"{value:.1f}" if value else "-"
