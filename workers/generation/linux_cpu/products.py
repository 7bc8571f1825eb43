"""Our own matrix product for few rows, put before the BLAS on a Linux CPU.

Knows when it is faster than the BLAS only by measuring both.  Invariant: whatever goes wrong,
the BLAS does the work as before.
"""

from __future__ import annotations

import ctypes
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workers.generation.linux_cpu.native import compiled

SOURCE = Path(__file__).with_name("products.c")
_OPENMP = "libiomp5.so"  # MKL's threads, which the product then shares
_SHAPE = (1536, 576)  # numbers of an output and an input that are measured
_ROWS = (1, 2, 3, 4, 8, 32, 128, 512)
_WEIGHTS = {1: 20, 8: 12, 32: 6}  # matrices measured with, by the most rows; for more rows two
_NO_SLOWER = 1.0
_WRONG = 1e-6  # of the largest value


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
    flags = ("-fopenmp",) if threads.is_file() else ()
    library = compiled(SOURCE, cache / "products", flags)
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
