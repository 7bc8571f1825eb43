"""A large head on a Linux CPU: only the tokens that may be the likeliest are looked at.

screen.c bounds all logits from a copy of the head in 8 bits, a quarter of what a pass would read,
and works out those whose bound is not below the best one found.  Knows matrices, not models.
Invariant: the token is that of the highest product with the head itself, in float32.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import mlx.core as mx
import numpy as np

from workers.generation.linux_cpu.native import compiled
from workers.generation.steps import Begin, silent

SOURCE = Path(__file__).with_name("screen.c")
LEAST = 2**22  # numbers of a head that is worth it; smaller ones stay in a processor's caches
_FLAGS = ("-fno-math-errno", "-fno-strict-aliasing")


class _ScreenStruct(ctypes.Structure):
    _fields_ = (
        ("tokens", ctypes.c_int32),
        ("depth", ctypes.c_int32),
        ("q", ctypes.c_void_p),
        ("scale", ctypes.c_void_p),
        ("off", ctypes.c_void_p),
        ("norm", ctypes.c_void_p),
    )


class ScreenLibrary:
    """screen.c, compiled and loaded."""

    def __init__(self, library: Path) -> None:
        self.path = library
        functions = ctypes.CDLL(str(library))
        pointer, integer, screen = ctypes.c_void_p, ctypes.c_int, ctypes.POINTER(_ScreenStruct)
        self.make: Any = functions.screen_make
        self.make.argtypes = [screen, pointer]
        self.upper: Any = functions.screen_upper
        self.upper.argtypes = [screen, integer, pointer, pointer]
        self.exact: Any = functions.screen_exact
        self.exact.argtypes = [pointer, integer, pointer, integer, pointer, pointer]
        self.exact.restype = None


def load(folder: Path, threaded: bool, begin: Begin = silent) -> ScreenLibrary | None:
    """The library, compiled into `folder` if need be; None where that can't be done.

    threaded: with OpenMP's threads, whose library has to be loaded.
    """
    library = compiled(SOURCE, folder, (*_FLAGS, "-fopenmp") if threaded else _FLAGS, begin)
    try:
        return None if library is None else ScreenLibrary(library)
    except (OSError, AttributeError):
        return None


class ScreenedHead:
    """A head (tokens, size) in float32, and the same in 8 bits.

    Raises MemoryError.
    """

    def __init__(self, weights: mx.array, library: ScreenLibrary) -> None:
        mx.eval(weights)
        self._weights = np.ascontiguousarray(np.array(weights, copy=False))
        self.tokens, self.size = self._weights.shape
        self._library = library
        self._short = np.empty(self._weights.shape, dtype=np.int8)
        self._lengths = np.empty((3, self.tokens), dtype=np.float32)
        self._fields = _ScreenStruct(
            *(self.tokens, self.size, self._short.ctypes.data),
            *(row.ctypes.data for row in self._lengths),
        )
        if not library.make(self._fields, self._weights.ctypes.data):
            raise MemoryError("out of memory for a head in 8 bits")

    @property
    def nbytes(self) -> int:
        """Bytes that it holds beside the head itself."""
        return self._short.nbytes + self._lengths.nbytes

    def scores(self, states: np.ndarray) -> list[ScreenedLogits]:
        """The logits after states (places, size); raises MemoryError."""
        states = np.ascontiguousarray(states, dtype=np.float32)
        bounds = np.empty((len(states), self.tokens), dtype=np.float32)
        done = self._library.upper(
            self._fields, len(states), states.ctypes.data, bounds.ctypes.data
        )
        if not done:
            raise MemoryError("out of memory for logits")
        bounds[~np.isfinite(states).all(axis=1)] = np.inf  # of these nothing is known
        return [ScreenedLogits(self, *pair) for pair in zip(states, bounds, strict=True)]

    def products(self, state: np.ndarray, tokens: np.ndarray) -> np.ndarray:
        """The logits of some tokens (int64) after a state (size,)."""
        found = np.empty(len(tokens), dtype=np.float32)
        self._library.exact(
            *(self._weights.ctypes.data, self.size, state.ctypes.data),
            *(len(tokens), tokens.ctypes.data, found.ctypes.data),
        )
        return found


def screened_head(weights: mx.array, library: ScreenLibrary) -> ScreenedHead | None:
    """Such a head where it is worth it; raises MemoryError."""
    return ScreenedHead(weights, library) if weights.size >= LEAST else None


@dataclass(frozen=True)
class ScreenedLogits:
    """Logits after a state (size,), which none is above its bound of `bounds` (vocab,)."""

    head: ScreenedHead
    state: np.ndarray
    bounds: np.ndarray

    def best(self, allowed: np.ndarray | None = None) -> int:
        """The likeliest token, among those that a mask lets through if there is one."""
        bounds = self.bounds if allowed is None else np.where(allowed, self.bounds, -np.inf)
        first = int(bounds.argmax())
        [least] = self.head.products(self.state, np.array([first]))
        found = np.flatnonzero(bounds >= least)
        if len(found) < 2:
            return first
        return int(found[self.head.products(self.state, found).argmax()])

    def all(self) -> np.ndarray:
        """All of them, (vocab,)."""
        return self.head.products(self.state, np.arange(self.head.tokens))
