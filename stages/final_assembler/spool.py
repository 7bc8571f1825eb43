"""The first pass: pairs are read once, judged one by one, and laid down to be read again.

Pairs go to a file, a row for each to a table, and a row for each source to another.  Knows
nothing of what other pairs say.  Invariant: memory holds one block of pairs, and two numbers
for each source.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from stages.awareness import AWARENESS
from stages.base import Removed
from stages.final_assembler.decontaminate import Benchmarks
from stages.final_assembler.pairs import Origin, PairFacts, SourcedRecord, facts_of, source_key
from stages.gating import gate
from stages.similar.signatures import blocks, sketch
from stages.similar.table import SKETCH, TableWriter

PAIR = np.dtype(
    [*SKETCH, ("origin", np.uint32), *((name, np.uint32) for name in ("domain", "kind", "source"))]
)
SOURCE = np.dtype([*SKETCH, ("key", np.uint64)])
Drop = Callable[[SourcedRecord, Removed], None]


class Codes:
    """Numbers for the values of a field, in the order in which they come."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self._numbers: dict[str, int] = {}

    def of(self, name: str) -> int:
        """The number of a value."""
        number = self._numbers.setdefault(name, len(self.names))
        if number == len(self.names):
            self.names.append(name)
        return number


@dataclass(frozen=True)
class Spooled:
    """What the first pass leaves: tables of the pairs (`origin`: row of its source) and sources."""

    path: Path
    pairs: np.ndarray
    sources: np.ndarray

    def again(self) -> Iterator[SourcedRecord]:
        """The pairs in the order in which they came."""
        with self.path.open("rb") as file:
            for line in file:
                value = orjson.loads(line)
                yield SourcedRecord(value["record"], Origin(**value["origin"]))


class Spool:
    """Files in a work folder that pairs are laid down in."""

    def __init__(self, folder: Path, benchmarks: Benchmarks, drop: Drop) -> None:
        self._path = folder / "pairs"
        self._pairs = TableWriter(folder / "pairs.table", PAIR)
        self._sources = TableWriter(folder / "sources.table", SOURCE)
        self._benchmarks = benchmarks
        self._drop = drop
        self._codes = {name: Codes() for name in ("domain", "kind", "source")}
        self._rows: dict[int, int] = {}  # of sources, by key

    def fill(self, given: Iterable[SourcedRecord], progress: Callable[[int], None]) -> Spooled:
        """Take all pairs; those that can't be kept are dropped with their reason.

        `progress` is called with how many were read so far.
        """
        read = 0
        try:
            with self._path.open("wb") as file:
                for block in blocks(given, _size):
                    kept = [one for one in map(self._judged, block) if one is not None]
                    file.writelines(_line(one) for one, _ in kept)
                    if kept:
                        self._add(kept)
                    read += len(block)
                    progress(read)
            return Spooled(self._path, self._pairs.finished(), self._sources.finished())
        finally:
            self._pairs.close()
            self._sources.close()

    def _judged(self, given: SourcedRecord) -> tuple[SourcedRecord, PairFacts] | None:
        pair = facts_of(given.record)
        why = gate(given.record, given.recipe, given.origin.reviewed, given.here)
        if why := why or self._contaminated(pair):
            self._drop(given, why)
            return None
        return given, pair

    def _contaminated(self, pair: PairFacts) -> Removed | None:
        words = self._benchmarks.shared(f"{pair.instruction}\n{pair.response}")
        return Removed("shares words with a benchmark", words=words) if words else None

    def _add(self, kept: list[tuple[SourcedRecord, PairFacts]]) -> None:
        rows = np.zeros(len(kept), PAIR)
        _put(rows, [f"{pair.instruction}\n{pair.response}" for _, pair in kept])
        # Examples are asked for by their share: only those that say exactly the same repeat.
        rows["tellable"] &= np.array([pair.type != AWARENESS for _, pair in kept])
        for name, codes in self._codes.items():
            rows[name] = [codes.of(getattr(pair, name)) for _, pair in kept]
        keys = [source_key(given.record, pair, given.origin) for given, pair in kept]
        self._add_sources({k: pair for k, (_, pair) in zip(keys, kept, strict=True)})
        rows["origin"] = [self._rows[key] for key in keys]
        self._pairs.append(rows)

    def _add_sources(self, pairs: dict[int, PairFacts]) -> None:
        new = {key: pair for key, pair in pairs.items() if key not in self._rows}
        if not new:
            return
        rows = np.zeros(len(new), SOURCE)
        said = [one.source_text or f"{one.instruction}\n{one.response}" for one in new.values()]
        _put(rows, said)
        rows["key"] = list(new)
        self._rows |= {key: self._sources.rows + at for at, key in enumerate(new)}
        self._sources.append(rows)


def _size(given: SourcedRecord) -> int:
    """Characters of the texts that are sketched."""
    source = given.record.get("source_data")
    texts = (*map(given.record.get, ("instruction", "response")),
             source.get("text") if isinstance(source, dict) else "")  # fmt: skip
    return sum(len(text) for text in texts if isinstance(text, str))


def _put(rows: np.ndarray, texts: list[str]) -> None:
    found = sketch(texts)
    rows["digest"], rows["signature"] = found.digests, found.signatures
    rows["tellable"] = found.tellable


def _line(given: SourcedRecord) -> bytes:
    value: dict[str, Any] = {"record": given.record, "origin": asdict(given.origin)}
    return orjson.dumps(value) + b"\n"
