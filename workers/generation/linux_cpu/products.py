"""Our own matrix product for few rows, put before the BLAS on a Linux CPU.

Knows when it is faster than the BLAS only by measuring both.  Invariant: whatever goes wrong,
the BLAS does the work as before; for how many rows ours is taken is decided once a process, so
that all models in it, and the whole life of each, get the same last digits.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import orjson

from workers.core.cache import CachedResult
from workers.generation.linux_cpu.native import compiled
from workers.generation.machine import machine_key, stopwatch
from workers.generation.steps import Begin, Step, silent

SOURCE = Path(__file__).with_name("products.c")
_OPENMP = "libiomp5.so"  # MKL's threads, which the product then shares
_SHAPE = (1536, 576)  # (out_features, in_features) of the products that are timed
_ROWS = (1, 2, 3, 4, 8, 32, 128, 512)
_WEIGHTS = {1: 20, 8: 12, 32: 6}  # matrices measured with, by the most rows; for more rows two
_NO_SLOWER = 1.0
_WRONG = 1e-6  # of the largest value


@dataclass(frozen=True)
class GemmSpeedup:
    """For which numbers of rows the own product is taken (none: last is 0), and how many times
    as fast it is on average."""

    first: int = 1
    last: int = 0
    times: float = 1.0


class _Range(ctypes.Structure):
    _fields_ = (
        ("first", ctypes.c_int),
        ("last", ctypes.c_int),
        ("settled", ctypes.c_int),
        ("times", ctypes.c_double),
    )


class GemmLibrary:
    """The compiled product, loaded where MLX will find it before the BLAS.

    A handle: the library holds the state, and any two handles of it are the same.
    """

    def __init__(
        self, library: ctypes.CDLL, path: Path, blas: ctypes.CDLL, threads: bool = False
    ) -> None:
        self.path = path
        self.threads = threads  # OpenMP's are loaded
        self._library = library
        self._library.products_range.restype = _Range
        self._library.products_settle.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_double]
        self._blas = ctypes.cast(blas.cblas_sgemm, ctypes.c_void_p)
        self._use(*self.taken)

    @property
    def taken(self) -> tuple[int, int]:
        """From how many rows to how many it is taken now."""
        found = self._library.products_range()
        return found.first, found.last

    @contextmanager
    def taking(self, first: int, last: int) -> Iterator[None]:
        """Take the own product from `first` to `last` rows while the block runs."""
        before = self.taken
        self._use(first, last)
        try:
            yield
        finally:
            self._use(*before)

    def _use(self, first: int, last: int) -> None:
        self._library.products_use(self._blas, first, last)

    def settle(self, begin: Begin = silent) -> GemmSpeedup:
        """Enable it, permanently, for the row counts where it is correct and not slower here.

        Measured once on a machine, and decided once in a process.
        """
        found = self._library.products_range()
        if found.settled:
            return GemmSpeedup(found.first, found.last, found.times)
        gain = self._kept(begin).get(
            lambda: begin(Step.WAITING, "for matrix multiplication, which another process measures")
        )
        self._library.products_settle(gain.first, gain.last, gain.times)
        return gain

    def _kept(self, begin: Begin) -> CachedResult[GemmSpeedup]:
        def measured() -> GemmSpeedup:
            begin(Step.MEASURING, "matrix multiplication with 1 to 512 rows")
            return self.measure()

        key = machine_key(self.path.name, _SHAPE, _ROWS)
        return CachedResult(
            self.path.parent.with_name("measured") / f"products-{key}.json",
            measured,
            dump=lambda gain: orjson.dumps(asdict(gain)),
            load=lambda data: GemmSpeedup(**orjson.loads(data)),
        )

    def measure(self) -> GemmSpeedup:
        """The longest run of row counts for which it is correct and not slower than the BLAS."""
        found = {rows: self.speedup(rows) for rows in _ROWS}
        best = _longest_run([rows for rows, times in found.items() if times >= _NO_SLOWER])
        if not best:
            return GemmSpeedup()
        # Of more rows than the last nothing is known.
        return GemmSpeedup(best[0], best[-1], sum(found[rows] for rows in best) / len(best))

    def speedup(self, rows: int) -> float:
        """How many times as fast it is at so many rows, reading weights from memory; 0: wrong."""
        import mlx.core as mx

        outputs, inputs = _SHAPE
        # Few rows wait for memory: more weights than a cache holds, as in a model.
        count = next((many for most, many in _WEIGHTS.items() if rows <= most), 2)
        some = mx.random.uniform(-1, 1, (outputs, inputs))
        weights = [some + number for number in range(count)]
        x = mx.random.uniform(-1, 1, (rows, inputs))
        mx.eval(x, weights)

        now = stopwatch()

        def run(last: int) -> tuple[float, Any]:
            with self.taking(1, last):
                begun = now()
                products = [x @ weight.T for weight in weights]
                mx.eval(products)
                return now() - begun, products[0]

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


def before(blas: Path, folder: Path, begin: Begin = silent) -> GemmLibrary | None:
    """Load the product, then the BLAS; None, and the BLAS alone, where it can't be compiled.

    Has to run before mlx is imported: the symbol that is loaded first wins.  Raises OSError
    where the BLAS can't be loaded, and then leaves nothing behind.
    """
    threads = blas.parent / _OPENMP
    theirs = ctypes.CDLL(str(blas), mode=ctypes.RTLD_LOCAL)
    path = compiled(SOURCE, folder, ("-fopenmp",) if threads.is_file() else (), begin)
    own = None
    if path is not None and hasattr(theirs, "cblas_sgemm"):
        own = _loaded(path, threads)
    theirs = ctypes.CDLL(str(blas), mode=ctypes.RTLD_GLOBAL)
    if own is None or path is None:
        return None
    return GemmLibrary(own, path, theirs, threads.is_file())


def _loaded(path: Path, threads: Path) -> ctypes.CDLL | None:
    try:
        if threads.is_file():
            ctypes.CDLL(str(threads), mode=ctypes.RTLD_GLOBAL)
        return ctypes.CDLL(str(path), mode=ctypes.RTLD_GLOBAL)
    except OSError:
        return None
