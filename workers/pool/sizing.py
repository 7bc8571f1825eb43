"""How many workers a run gets, and which role each has."""

from __future__ import annotations

import os

from workers.settings.config import RunConfig

BYTES_PER_WORKER = 2 * 2**30
WORKERS_WITHOUT_MODEL = 2


def worker_count(config: RunConfig) -> int:
    """How many workers: as told; one per GPU; else one per core that has the memory."""
    if config.workers:
        return config.workers
    if config.disable_llm:
        return WORKERS_WITHOUT_MODEL
    from workers.model_store import has_gpu

    if has_gpu():
        return 1
    import psutil

    fitting = psutil.virtual_memory().available // BYTES_PER_WORKER
    return max(1, min(core_count(), fitting))


def core_count() -> int:
    """Cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def roles(config: RunConfig, workers: int) -> list[str]:
    """One role per worker."""
    if config.disable_llm:
        return ["cpu"] * workers
    if config.enable_speculative:
        return ["speculative", *["batch"] * (workers - 1)]
    return ["batch"] * workers
