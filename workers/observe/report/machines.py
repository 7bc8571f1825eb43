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

_NAME = 16


def machines(run: RunFigures) -> Table:
    """What the machines of a cluster did, all sessions of each together."""
    by_name: dict[str, list[MachineTotals]] = {}
    for totals in run.machines:
        by_name.setdefault(totals.machine, []).append(totals)
    rows = [_machine(name, sessions) for name, sessions in sorted(by_name.items())]
    note = (
        "rec/s, tok/s: mean while the run had the machine; batch: mean size; memory: the most of "
        "its workers together; restarts: of its workers; idle: time without a chunk; all: in all "
        "its sessions, more than one when it was lost or the run was resumed; then its last "
        "state, and why"
    )
    head = ("machine", "rec/s", "tok/s", "batch", "memory", "restarts", "idle", "all")
    return Table("Machines", head, rows, note, words=True)


def _machine(name: str, sessions: Sequence[MachineTotals]) -> list[str]:
    seconds = sum(one.seconds for one in sessions)
    records, tokens = sum(one.records for one in sessions), sum(one.tokens for one in sessions)
    batches, memory = sum(one.batches for one in sessions), max(one.rss_mb for one in sessions)
    return [
        _name(name),
        rate(records, seconds),
        rate(tokens, seconds) if tokens else UNKNOWN,
        number_text(sum(one.rows for one in sessions) / batches) if batches else UNKNOWN,
        f"{memory} MB" if memory else UNKNOWN,
        str(sum(one.restarts for one in sessions)),
        share(sum(one.idle_seconds for one in sessions), seconds),
        _in_all(records, sessions),
    ]


def _name(name: str) -> str:
    """Where it is too long, its end, in which those of a cluster differ."""
    text = plain_text(name, 100)
    return text if len(text) <= _NAME else f"...{text[3 - _NAME :]}"


def _in_all(records: int, sessions: Sequence[MachineTotals]) -> str:
    last, many = sessions[-1], f" in {len(sessions)} sessions" if len(sessions) > 1 else ""
    state = f"{last.state}: {last.why}" if last.why else last.state
    return f"{compact(records)} records{many}; {plain_text(state, 120)}"
