"""A question's examples read by a model: in parts, which several processes share out.

A few of them are asked about as well, which is one more part.  Knows files and locks of parts;
knows nothing of labels.  Invariant: a part is read by one
process, and whoever needs them all gets the same numbers, whoever read them.
"""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from workers.core.cache import CachedResult
from workers.generation.decisions.texts import ROWS, Texts

_PART = 4 * ROWS  # texts: about a second of a core with a small model


@dataclass(frozen=True)
class SharedReading:
    """The reading of `examples`, kept in `folder` while it goes on.

    ask: scores, (texts, labels), of the examples that are asked about first; empty if none is.
    """

    texts: Texts
    examples: Sequence[str]
    folder: Path
    ask: Callable[[], np.ndarray]

    def features(self) -> dict[int, np.ndarray]:
        """Layer -> (examples, size), float64; reads what no other process reads, then waits."""
        order, parts = self._order(), self._parts()
        for part in parts:
            part.get_now()
        read = np.concatenate([part.get() for part in parts], axis=1)
        found = np.empty(read.shape, dtype=np.float64)
        found[:, order] = read
        return dict(zip(self.texts.layers, found, strict=True))

    def asked(self) -> np.ndarray:
        """What `ask` gives, from whoever has asked already."""
        return self._asked.get()

    def help(self, done: Callable[[], bool]) -> None:
        """Read parts that nobody reads, from the far end, and ask, until it is `done`."""
        for part in (*reversed(self._parts()), self._asked):
            if done():
                return
            part.get_now()

    def clear(self) -> None:
        """Remove what was kept of it; whoever still reads a part removes that one."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _order(self) -> list[int]:
        """Texts of like length side by side, so that little of a batch is padding."""
        lengths = [len(self.texts.tokens(text)) for text in self.examples]
        return sorted(range(len(lengths)), key=lengths.__getitem__)

    @property
    def _asked(self) -> CachedResult[np.ndarray]:
        return CachedResult(self.folder / "asked.npy", self.ask, dump=_dump, load=_load)

    def _parts(self) -> list[CachedResult[np.ndarray]]:
        order = self._order()
        return [self._part(at, order[at : at + _PART]) for at in range(0, len(order), _PART)]

    def _part(self, at: int, places: Sequence[int]) -> CachedResult[np.ndarray]:
        """Some of the texts; an array (layers, texts, size), float32."""

        def read() -> np.ndarray:
            layers = self.texts.layers
            found = self.texts.features([self.examples[place] for place in places], layers)
            return np.stack([found[layer] for layer in layers]).astype(np.float32)

        return CachedResult(self.folder / f"{at:06}.npy", read, dump=_dump, load=_load)


def _dump(array: np.ndarray) -> bytes:
    out = io.BytesIO()
    np.save(out, array, allow_pickle=False)
    return out.getvalue()


def _load(data: bytes) -> np.ndarray:
    """Raises ValueError for what is no whole array."""
    try:
        array: np.ndarray = np.load(io.BytesIO(data), allow_pickle=False)
    except EOFError as error:  # an empty file, as a power cut may leave it
        raise ValueError(str(error)) from error
    return array
