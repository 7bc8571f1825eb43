"""How many workers a run gets, and which role each has.

Knows the settings, the cores, the memory and whether there is a GPU; starts nothing.
Invariant: some worker takes every stage.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from workers.settings.chosen_stages import needs_model, stages_without_model
from workers.settings.config import RunConfig

BYTES_PER_WORKER = 2 * 2**30
WORKERS_WITHOUT_MODEL = 2


def worker_count(config: RunConfig) -> int:
    """How many workers at home: as many as asked for, else what suits the machine.

    An endpoint is asked by one worker.  A GPU serves one model worker, with a cpu worker beside it
    where some stage asks no model; without a GPU it is one per core that has the memory.
    """
    if config.workers is not None:
        return config.workers
    if not needs_model(config):
        return WORKERS_WITHOUT_MODEL
    if config.endpoint:
        return 1
    if _has_gpu():
        return 2 if stages_without_model(config) else 1
    import psutil

    fitting = psutil.virtual_memory().available // BYTES_PER_WORKER
    return max(1, min(core_count(), fitting))


def core_count() -> int:
    """Cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def roles(config: RunConfig, workers: int) -> list[str]:
    """One role per worker.

    The last of several is a cpu worker where a GPU does the model's work and some stage asks no
    model.  On a CPU it would take a core from the model, and batch workers take every stage.
    """
    if not needs_model(config):
        return ["cpu"] * workers
    chosen = ["batch"] * workers
    if workers > 1 and stages_without_model(config) and _has_gpu():
        chosen[-1] = "cpu"
    if config.enable_speculative and chosen:
        chosen[0] = "speculative"
    return chosen


def alike(role: str, chosen: Sequence[str]) -> int:
    """How many of these workers share memory and chunks with one of this role."""
    return sum((other == "cpu") == (role == "cpu") for other in chosen)


def _has_gpu() -> bool:
    from workers.model_store import has_gpu

    return has_gpu()
