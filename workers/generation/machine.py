"""Which machine, packages and threads a measurement holds for, and the clocks it is made with.

Knows the processor's name and load, and the environment; measures nothing else.  Invariant: the
same key means the same kind of processor, the same versions and as many threads.
"""

from __future__ import annotations

import hashlib
import os
import platform
import time
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import psutil

_PACKAGES = ("mlx", "mlx-lm", "mkl", "cyberllm-pool")
_THREADS = ("MKL_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")


def machine_key(*parts: object) -> str:
    """Sixteen hex digits for this machine, these versions and threads, and `parts`."""
    found = [processor(), *map(_version, _PACKAGES), os.environ.get("CYBERLLM_BLAS", "")]
    text = "\0".join([*found, str(thread_count()), *map(str, parts)])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def processor() -> str:
    """The processor's name and features: what code compiled for this very machine depends on."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return f"{platform.machine()} {platform.processor()}"
    return "\n".join(
        next((line for line in lines if line.startswith(name)), "")
        for name in ("model name", "flags", "Features")
    )


def thread_count() -> int:
    """Threads that products may use here, by the environment or by the cores there are."""
    set_to = [os.environ[name] for name in _THREADS if os.environ.get(name, "").isdecimal()]
    if set_to:
        return max(1, int(set_to[0]))
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def stopwatch() -> Callable[[], float]:
    """The clock for computations on the CPU, in seconds.

    On one thread it is the CPU time of this process, which other programs hardly change.
    """
    return time.process_time if thread_count() == 1 else time.perf_counter


def share_of_others() -> Callable[[], float]:
    """What tells the share of all cores, 0 to 1, that other processes have had since this call."""
    busy, own, begun = _busy_seconds(), time.process_time(), time.perf_counter()

    def share() -> float:
        seconds = (time.perf_counter() - begun) * (os.cpu_count() or 1)
        others = _busy_seconds() - busy - (time.process_time() - own)
        return min(1.0, max(0.0, others / seconds))

    return share


def _busy_seconds() -> float:
    """Seconds that all cores together have not been idle since the machine was started."""
    times = psutil.cpu_times()
    idle = (getattr(times, name, 0.0) for name in ("idle", "iowait", "guest", "guest_nice"))
    return float(sum(times) - sum(idle))  # a guest's time is part of the user's


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
