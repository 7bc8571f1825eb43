"""What the bridge tells others: the coordinator by its heartbeat, people by a view of the machines.

Knows the files; does not know how anything came about.  Invariant: a message is told once, and a
view is replaced whole.
"""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from workers.cluster.proxy import Proxy
from workers.cluster.shown import view_of
from workers.metrics.metric_kinds import MachineTotals
from workers.pool.child import CLUSTER_ROLE
from workers.run.heartbeat import Heartbeat, WorkerState
from workers.run.machine_view import ClusterView, write_cluster
from workers.run.run_folder import RunFolder
from workers.worker.heartbeat import HeartbeatFile
from workers.worker.metrics import worker_logger

_MOST_NOTICES = 300  # in one heartbeat, the newest
_TOTALS_S = 10.0  # between two lines about a machine in the performance log


@dataclass
class Bulletin:
    """The heartbeat, the view and the performance log of one bridge."""

    run: RunFolder
    worker_id: str
    _told: deque[str] = field(default_factory=lambda: deque(maxlen=_MOST_NOTICES))
    _said: int = 0
    _logged: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.logger = worker_logger(self.run.logs_dir, self.worker_id, CLUSTER_ROLE)
        beat = Heartbeat(self.worker_id, CLUSTER_ROLE, os.getpid(), state=WorkerState.IDLE)
        self._heartbeat = HeartbeatFile(self.run.heartbeat_file(self.worker_id), beat)

    def start(self) -> None:
        """Begin to be heard."""
        self._heartbeat.start()

    def close(self, failed: bool) -> None:
        """The last that is said."""
        self.logger.event("end")
        self.logger.close()
        self._heartbeat.stop(keep=failed)

    def say(self, message: str) -> None:
        """To the coordinator, as a step in the heartbeat; it prints each once."""
        print(message, flush=True)
        self._told.append(message)
        self._said += 1
        left_out = self._said - len(self._told)
        state, told = self._heartbeat.beat.state, tuple(self._told)
        self._heartbeat.update(state, steps=told, steps_left_out=left_out)

    def show(
        self,
        cluster: ClusterView,
        proxies: Sequence[Proxy],
        results: int,
        damaged: Mapping[str, str],
    ) -> None:
        """How things are now."""
        chunks = [chunk for proxy in proxies for chunk in proxy.hand.chunks]
        self._heartbeat.update(
            WorkerState.WORKING if chunks else WorkerState.IDLE,
            stage=chunks[0].stage.name if chunks else None,
            chunk=chunks[0].chunk.name if chunks else None,
            progress=self._heartbeat.beat.progress + 1,  # the loop goes round: it does not hang
            results=results,
            damaged=damaged,
        )
        write_cluster(self.run.workers_dir, cluster)
        if time.monotonic() - self._logged >= _TOTALS_S:
            self._logged = time.monotonic()
            for proxy in proxies:
                self.log(proxy)
        self.logger.flush()

    def log(self, proxy: Proxy, ended: tuple[str, str] | None = None) -> None:
        """What a machine has done in its session so far; `ended`: how that ended, and why."""
        view = view_of(proxy)
        state, why = ended or (view.state, view.why)
        self.logger.record(
            MachineTotals(
                machine=proxy.name,
                session=proxy.session,
                seconds=time.monotonic() - proxy.begun,
                idle_seconds=proxy.idle_seconds,
                records=int(proxy.records.total),
                tokens=int(proxy.logs.tokens_total),
                batches=proxy.logs.batches,
                rows=proxy.logs.rows_total,
                workers=view.workers,
                rss_mb=view.rss_mb,
                restarts=view.restarts,
                state=state,
                why=why,
            )
        )
