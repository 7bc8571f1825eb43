"""The fast BLAS of a Linux CPU, loaded before MLX, and our own product for few rows."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from workers.core.cache import cache_dir
from workers.generation.linux_cpu import products

_blas: str | None = None
_products: products.Products | None = None


def prepare() -> str | None:
    """Load the fast BLAS, once, before mlx: its symbols then win over the bundled one.

    Returns the library's path, or None where there is none or none is needed.
    The wheel of mlx links the reference BLAS; MKL is some forty times as fast.  Our own product
    for few rows goes before it where there is a compiler, and stays off until `tune_products`.
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
    global _products
    _products = products.before(library, cache_dir())
    return str(library)


def own_products() -> products.Products | None:
    """Our own matrix product, if it was loaded."""
    return _products


def tune_products() -> products.Gain | None:
    """Let our own matrix product take the numbers of rows at which it is faster here."""
    return None if _products is None else _products.tune()
