"""Joins the parts of a run whose lock is held: pool, intake, flow, supervisor.

Knows how the parts fit together; the loop is the supervisor's.  Invariant: what earlier crashes
left is cleared up before a worker starts.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Mapping

from workers.control.flow import Flow
from workers.control.intake import Intake
from workers.control.interrupts import Interrupts
from workers.control.supervisor import Supervisor
from workers.observe.meters import Meters
from workers.observe.observers import Observer
from workers.pool.child import CLUSTER_ROLE, Launch, child_environment
from workers.pool.pool import WorkerPool
from workers.pool.sizing import alike, core_count, roles, worker_count
from workers.queue.deaths import Death
from workers.run.decided import seal_decided
from workers.run.machine_view import cluster_file
from workers.run.run_folder import RunFolder
from workers.settings.config import RunConfig

# Longer than it waits for a scheduler or a machine; those it gives up by itself.
BRIDGE_PATIENCE_S = 90.0


def join_parts(
    run: RunFolder,
    config: RunConfig,
    display: Observer,
    interrupts: Interrupts,
    environ: Mapping[str, str] = os.environ,
    record_death: Callable[[Death], None] | None = None,
) -> Supervisor:
    """The supervisor of a run whose lock is held, after clearing up what crashes left.

    `record_death` takes the place of writing a death to the run's deaths file.
    """
    run.recover()
    seal_decided(run)
    _clear_views(run)
    with contextlib.suppress(OSError):  # a run needs no logs; their loggers say so once
        run.logs_dir.mkdir(parents=True, exist_ok=True)
    flow = Flow(run.queues)
    flow.scan()
    return Supervisor(
        run=run,
        flow=flow,
        intake=Intake(run, flow.stages[0]),
        pool=_pool(run, config, environ, record_death or run.add_death, display.say),
        display=display,
        interrupts=interrupts,
        meters=Meters(config.stages, run.logs_dir),
    )


def _pool(
    run: RunFolder,
    config: RunConfig,
    environ: Mapping[str, str],
    record_death: Callable[[Death], None],
    notice: Callable[[str], None],
) -> WorkerPool:
    chosen = roles(config, worker_count(config))
    shared = child_environment(len(chosen), core_count(), environ)
    launches = [
        Launch(run.name, role, run.logs_dir, shared, workers=alike(role, chosen)) for role in chosen
    ]
    if config.cluster:
        command = [sys.executable, "-m", "workers.cluster", "--cluster", config.cluster]
        command += ["--certs", config.cluster_certs] if config.cluster_certs else []
        bridge = Launch(
            *(run.name, CLUSTER_ROLE, run.logs_dir, shared, tuple(command)),
            workers=len(chosen),
            patience=BRIDGE_PATIENCE_S,
        )
        launches.append(bridge)
    return WorkerPool(
        launches,
        run.workers_dir,
        record_death,
        notice,
        run.lower_batch_ceiling,
        config.worker_timeout,
    )


def _clear_views(run: RunFolder) -> None:
    # Those of an earlier coordinator's workers and machines; who lives writes its own again.
    for path in (*run.workers_dir.glob("*.json"), cluster_file(run.workers_dir)):
        path.unlink(missing_ok=True)
