"""The report's table of a cluster's machines, as `status` has one while the run lasts.

Knows what the bridge logged of each session with a machine.  Invariant: a machine has one row,
whatever became of it.
"""

from __future__ import annotations

from collections.abc import Sequence

from workers.core.terminal import plain_text
from workers.metrics.metric_kinds import MachineTotals
from workers.observe.report.cells import UNKNOWN, number_text, rate, share
from workers.observe.report.figures import RunFigures
from workers.observe.report.table import Table
from workers.observe.status_lines import compact


def machines(run: RunFigures) -> Table:
    """What the machines of a cluster did, all sessions of each together."""
    by_name: dict[str, list[MachineTotals]] = {}
    for totals in run.machines.values():
        by_name.setdefault(totals.machine, []).append(totals)
    rows = [_machine(name, sessions) for name, sessions in sorted(by_name.items())]
    note = (
        "records/s, tok/s: mean while the run had the machine; batch: mean size; memory: of its "
        "workers, the most that was seen; lost: sessions after the first; restarts: of its worker "
        "processes; idle: time without a chunk; last: its state at the end, and why"
    )
    head = ("machine", "records", "records/s", "tok/s", "batch", "memory", "lost", "restarts")
    return Table("Machines", (*head, "idle", "last"), rows, note, words=True)


def _machine(name: str, sessions: Sequence[MachineTotals]) -> list[str]:
    seconds = sum(one.seconds for one in sessions)
    records, tokens = (
        sum(getattr(one, what) for one in sessions) for what in ("records", "tokens")
    )
    batches, memory = sum(one.batches for one in sessions), max(one.rss_mb for one in sessions)
    last = sessions[-1]
    return [
        plain_text(name, 40),
        compact(records),
        rate(records, seconds),
        rate(tokens, seconds) if tokens else UNKNOWN,
        number_text(sum(one.rows for one in sessions) / batches) if batches else UNKNOWN,
        f"{memory} MB" if memory else UNKNOWN,
        str(len(sessions) - 1),
        str(sum(one.restarts for one in sessions)),
        share(sum(one.idle_seconds for one in sessions), seconds),
        plain_text(f"{last.state}: {last.why}" if last.why else last.state, 120),
    ]
