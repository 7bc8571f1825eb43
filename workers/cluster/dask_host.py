"""What Dask loads into its worker process, and the one task that it is ever given.

`dask worker --preload workers.cluster.dask_host` calls `dask_setup`.  Knows Dask and the host;
the work is the host's.  Invariant: bytes go in and bytes come out, and nothing that a task does
raises.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from workers.cluster.host import Host
from workers.cluster.hosted_run import Site
from workers.worker.heartbeat import watch_parent

if TYPE_CHECKING:
    from distributed import Worker

RESOURCE = "cyberllm"
MODEL_VARIABLE = "CYBERLLM_CLUSTER_MODEL"
WORKERS_VARIABLE = "CYBERLLM_CLUSTER_WORKERS"
CORES_VARIABLE = "CYBERLLM_CLUSTER_CORES"
PARENT_VARIABLE = "CYBERLLM_CLUSTER_PARENT"


def site_of(local_directory: str) -> Site:
    """What `workers.cluster_worker` was told, from the environment it hands on."""
    workers, cores = os.environ.get(WORKERS_VARIABLE), os.environ.get(CORES_VARIABLE)
    return Site(
        Path(local_directory),
        dict(os.environ),
        model=os.environ.get(MODEL_VARIABLE) or None,
        workers=int(workers) if workers else None,
        cores=int(cores) if cores else None,
    )


async def dask_setup(worker: Worker) -> None:
    """Called by Dask before the worker joins the scheduler."""
    worker.cyberllm_host = Host(site_of(worker.local_directory))
    if os.environ.get(PARENT_VARIABLE):
        watch_parent(lambda: None)


async def dask_teardown(worker: Worker) -> None:
    """Called by Dask when the worker leaves."""
    worker.cyberllm_host.close()


def exchange(data: bytes) -> bytes:
    """The task: hand a message to the host of the worker that runs this."""
    from distributed import get_worker

    host: Host = get_worker().cyberllm_host
    return host.answer(data)
