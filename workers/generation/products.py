"""Our own matrix product for few rows, put before the BLAS on a Linux CPU.

Compiles products.c for this very machine, once, and keeps it in the cache.  Knows when it is
faster than the BLAS only by measuring both.  Invariant: whatever goes wrong, the BLAS does the
work as before.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import platform
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).with_name("products.c")
_FLAGS = ("-O3", "-march=native", "-ffp-contract=fast", "-fPIC", "-shared", "-x", "c")
_COMPILERS = ("cc", "gcc", "clang", "g++")
_OPENMP = "libiomp5.so"  # MKL's threads, which the product then shares
_SHAPE = (1536, 576)  # numbers of an output and an input that are measured
_ROWS = (1, 2, 3, 4, 8, 32, 128, 512)
_WEIGHTS = {1: 20, 8: 12, 32: 6}  # matrices measured with, by the most rows; for more rows two
_NO_SLOWER = 1.0
_WRONG = 1e-6  # of the largest value
_COMPILING_S = 60


@dataclass(frozen=True)
class Gain:
    """Where the own product is taken: from so many rows to so many; times as fast on average."""

    first: int
    last: int
    times: float


class Products:
    """The compiled product, loaded where MLX will find it before the BLAS."""

    def __init__(self, library: ctypes.CDLL, blas: ctypes.CDLL) -> None:
        self._library = library
        self._blas = ctypes.cast(blas.cblas_sgemm, ctypes.c_void_p)
        self.use(1, 0)

    def use(self, first: int, last: int) -> None:
        """Take the own product from `first` to `last` rows; none when last is 0."""
        self._library.products_use(self._blas, first, last)

    def tune(self) -> Gain | None:
        """Take it for the numbers of rows at which it is right and no slower here; None: none."""
        found = {rows: self._measured(rows) for rows in _ROWS}
        best = _longest_run([rows for rows, times in found.items() if times >= _NO_SLOWER])
        if not best:
            self.use(1, 0)
            return None
        self.use(best[0], best[-1])  # of more rows nothing is known
        return Gain(best[0], best[-1], sum(found[rows] for rows in best) / len(best))

    def _measured(self, rows: int) -> float:
        """How many times as fast it is at so many rows, reading weights from memory; 0: wrong."""
        import mlx.core as mx

        outputs, inputs = _SHAPE
        # Few rows wait for memory: more weights than a cache holds, as in a model.
        count = next((many for most, many in _WEIGHTS.items() if rows <= most), 2)
        some = mx.random.uniform(-1, 1, (outputs, inputs))
        weights = [some + number for number in range(count)]
        x = mx.random.uniform(-1, 1, (rows, inputs))
        mx.eval(x, weights)

        def run(last: int) -> tuple[float, Any]:
            self.use(1, last)
            begun = time.perf_counter()
            products = [x @ weight.T for weight in weights]
            mx.eval(products)
            return time.perf_counter() - begun, products[0]

        rounds = [(run(0), run(rows)) for _ in range(4)]
        (_, theirs), (_, ours) = rounds[0]
        off: Any = (mx.abs(theirs - ours).max() / mx.abs(theirs).max()).item()
        if not off <= _WRONG:
            return 0.0
        return min(t for (t, _), _ in rounds) / min(t for _, (t, _) in rounds)


def _longest_run(rows: list[int]) -> list[int]:
    """The longest part of `rows` that leaves out none of the measured numbers between."""
    best: list[int] = []
    for first in range(len(rows)):
        run = [rows[first]]
        for number in rows[first + 1 :]:
            if _ROWS.index(number) != _ROWS.index(run[-1]) + 1:
                break
            run.append(number)
        best = max(best, run, key=len)
    return best


def before(blas: Path, cache: Path) -> Products | None:
    """Load the product, then the BLAS; None, and the BLAS alone, where it can't be compiled.

    Has to run before mlx is imported: the symbol that is loaded first wins.
    """
    threads = blas.parent / _OPENMP
    library = compiled(cache / "products", threads.is_file())
    own = None
    if library is not None:
        try:
            if threads.is_file():
                ctypes.CDLL(str(threads), mode=ctypes.RTLD_GLOBAL)
            own = ctypes.CDLL(str(library), mode=ctypes.RTLD_GLOBAL)
        except OSError:
            own = None
    theirs = ctypes.CDLL(str(blas), mode=ctypes.RTLD_GLOBAL)
    return Products(own, theirs) if own is not None else None


def compiled(folder: Path, threads: bool) -> Path | None:
    """The product for this source, processor and compiler; None where it does not compile."""
    compiler = next((path for name in _COMPILERS if (path := shutil.which(name))), None)
    if compiler is None:
        return None
    flags = [*_FLAGS, *(("-fopenmp",) if threads else ())]
    key = hashlib.sha256(
        b"\0".join([SOURCE.read_bytes(), _processor(), compiler.encode(), *map(str.encode, flags)])
    ).hexdigest()[:16]
    target = folder / f"{key}.so"
    if target.is_file() or _compile([compiler, *flags, str(SOURCE)], target):
        return target
    return None


def _compile(command: list[str], target: Path) -> bool:
    """Compile to `target`, whole or not at all; its OpenMP symbols are those already loaded."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent) as folder:
            made = Path(folder) / target.name
            ended = subprocess.run(
                [*command, "-nostdlib", "-lc", "-o", str(made)],
                capture_output=True,
                timeout=_COMPILING_S,
                stdin=subprocess.DEVNULL,
            )
            if ended.returncode == 0:
                os.replace(made, target)
            return ended.returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _processor() -> bytes:
    """What `-march=native` depends on."""
    try:
        lines = Path("/proc/cpuinfo").read_bytes().splitlines()
    except OSError:
        return platform.processor().encode()
    return b"\n".join(
        next((line for line in lines if line.startswith(name)), b"")
        for name in (b"model name", b"flags", b"Features")
    )
