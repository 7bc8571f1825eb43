"""Which machine, packages and threads a measurement holds for.

Knows the processor's name and the environment; measures nothing.  Invariant: the same key
means the same kind of processor, the same versions and as many threads.
"""

from __future__ import annotations

import hashlib
import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_PACKAGES = ("mlx", "mlx-lm", "mkl", "cyberllm-pool")
_THREADS = ("MKL_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "CYBERLLM_BLAS")


def machine_key(*parts: object) -> str:
    """Sixteen hex digits for this machine, these versions and threads, and `parts`."""
    found = [processor(), *map(_version, _PACKAGES), *(os.environ.get(n, "") for n in _THREADS)]
    text = "\0".join([*found, str(_cores()), *map(str, parts)])
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


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
