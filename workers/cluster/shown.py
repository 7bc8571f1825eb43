"""A machine as people see it, from its proxy.

Knows proxies and views; changes nothing.  Invariant: a machine that does not work has a reason,
unless it is that all chunks are claimed.
"""

from __future__ import annotations

from workers.cluster.messages import HostState
from workers.cluster.proxy import Proxy
from workers.run.machine_view import MachineView


def view_of(proxy: Proxy) -> MachineView:
    """The machine as `status` shows it."""
    last = proxy.last
    return MachineView(
        proxy.name,
        _state(proxy),
        last.why or _why_idle(proxy),
        workers=last.workers,
        in_flight=proxy.outbox.in_flight,
        records_per_s=proxy.records.per_second(),
        tokens_per_s=proxy.logs.tokens_per_s,
        batch_rows=proxy.logs.rows,
        rss_mb=sum(view.rss_mb or 0 for view in last.views),
        restarts=sum(view.restarts for view in last.views),
    )


def _state(proxy: Proxy) -> str:
    idle = proxy.last.state is HostState.READY and not proxy.hand.chunks and not proxy.last.why
    return "idle" if idle else proxy.last.state.value


def _why_idle(proxy: Proxy) -> str:
    if proxy.hand.chunks or proxy.last.state is not HostState.READY:
        return ""
    if proxy.rests:
        return "is slow: its chunks went to idle machines"
    stage = proxy.verdicts.awaited(proxy.session)
    return f"waits for the trial of {stage}, which another holds" if stage else ""
