"""The fast BLAS of a Linux CPU, loaded before MLX, and our own product in front of it.

Which BLAS MLX calls is settled for the whole process when mlx is imported: the library that
was loaded first has the symbols, and none can be unloaded.  That is the only state here, and
the dynamic linker keeps it.  Invariant: wherever this comes too late, or finds nothing, MLX
works as it does by itself.
"""

from __future__ import annotations

import ctypes
import os
import sys
import warnings
from dataclasses import dataclass
from pathlib import Path

from workers.core.cache import cache_dir
from workers.generation.linux_cpu.products import GemmLibrary, GemmSpeedup, before
from workers.generation.steps import Begin, silent


@dataclass(frozen=True)
class FastBlas:
    """The BLAS that MLX calls in this process, and our own product before it, if it compiles."""

    path: Path
    products: GemmLibrary | None

    @property
    def threads(self) -> bool:
        """Whether it works in OpenMP's threads, which C of ours then shares."""
        return self.products is not None and self.products.threads

    def settle_products(self, begin: Begin = silent) -> GemmSpeedup:
        """Decide, once, for which row counts our own product is taken; see `GemmLibrary.settle`."""
        return GemmSpeedup() if self.products is None else self.products.settle(begin)


def prepare(begin: Begin = silent) -> FastBlas | None:
    """Load the fast BLAS before mlx is imported: its symbols then win over the bundled one.

    None where there is none, none is needed, or mlx came first, which is a warning.  It may be
    called again, before or after mlx is imported, and finds what it did the first time.
    The wheel of mlx links the reference BLAS; MKL is some forty times as fast.
    """
    library = _found() if sys.platform == "linux" else None
    if library is None:
        return None
    if "mlx.core" in sys.modules and not _is_loaded(library):
        warnings.warn(
            f"mlx was imported before {library.name}, so matrix multiplication stays slow: "
            "call workers.generation.linux_cpu.prepare() first",
            RuntimeWarning,
            stacklevel=1,  # this line, whoever calls: a process is warned once
        )
        return None
    # MLX calls BLAS with 32-bit integers.
    os.environ.setdefault("MKL_INTERFACE_LAYER", "LP64")
    try:
        return FastBlas(library, before(library, cache_dir() / "compiled", begin))
    except OSError as error:
        warnings.warn(
            f"the BLAS {library} can't be loaded, so matrix multiplication stays slow: {error}",
            RuntimeWarning,
            stacklevel=1,
        )
        return None


def _found() -> Path | None:
    """The library to load: what CYBERLLM_BLAS names (nothing: none), or MKL's package."""
    chosen = os.environ.get("CYBERLLM_BLAS")
    if chosen is not None:
        return Path(chosen) if chosen else None
    return next(iter(sorted(Path(sys.prefix, "lib").glob("libmkl_rt.so.*"))), None)


def _is_loaded(library: Path) -> bool:
    try:
        ctypes.CDLL(str(library), mode=os.RTLD_NOLOAD)
    except OSError:
        return False
    return True
