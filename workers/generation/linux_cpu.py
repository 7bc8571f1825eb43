"""What MLX needs on a Linux CPU to be fast: a good BLAS, taken in before mlx is imported.

A Mac never loads this module's libraries.  Invariant: `prepare` changes only speed.
"""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

_blas: str | None = None


def prepare() -> str | None:
    """Load the fast BLAS, once, before mlx: its symbols then win over the bundled one.

    Returns the library's path, or None where there is none or none is needed.
    The wheel of mlx links the reference BLAS; MKL is some forty times as fast.
    """
    global _blas
    if _blas is None and sys.platform == "linux":
        for candidate in _candidates():
            if candidate.is_file():
                _blas = _load(candidate)
                break
    return _blas


def _candidates() -> list[Path]:
    chosen = os.environ.get("CYBERLLM_BLAS")
    if chosen is not None:
        return [Path(chosen)] if chosen else []
    return sorted(Path(sys.prefix, "lib").glob("libmkl_rt.so.*"))


def _load(library: Path) -> str:
    if "mlx.core" in sys.modules:
        raise RuntimeError("linux_cpu.prepare() must run before mlx is imported")
    # MLX calls BLAS with 32-bit integers.
    os.environ.setdefault("MKL_INTERFACE_LAYER", "LP64")
    ctypes.CDLL(str(library), mode=ctypes.RTLD_GLOBAL)
    return str(library)
