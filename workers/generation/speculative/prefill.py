"""Prompts on their way into the cache: which chunks a pass reads, and which beginnings are kept.

Rows whose prompts begin alike start from what one of them has read.  Knows rows and kept prefixes;
runs no pass.  Invariant: while one row reads a prefix that others start with, those wait for it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from workers.generation.meter import Meter
from workers.generation.packed.prefix import PrefixCache
from workers.generation.speculative.rows import SequenceState


@dataclass(frozen=True)
class PromptChunk:
    """A prefill chunk: tokens [start, stop) of what a row is prefilled with."""

    row: SequenceState
    start: int
    stop: int

    @property
    def last(self) -> bool:
        """Whether the row is prefilled with it."""
        return self.stop == len(self.row.prefill_tokens)


class Prefill:
    """The rows that are being prefilled, in the order they were taken.

    whole_prefixes: a chunk ends where a prefix does, as a recurrent state can't be cut.
    """

    def __init__(self, prefixes: PrefixCache, whole_prefixes: bool, meter: Meter) -> None:
        self.rows: list[SequenceState] = []
        self._prefixes = prefixes
        self._whole_prefixes = whole_prefixes
        self._meter = meter

    def next_chunks(self, room: int) -> list[PromptChunk]:
        """Prefill chunks of up to `room` tokens together, for the next pass."""
        together = self._together()
        computing: set[tuple[int, ...]] = set()
        chosen = []
        for row in self.rows:
            if room <= 0:
                break
            self._start(row)
            missing = self._missing(row, together)
            if not computing.isdisjoint(missing):
                continue  # another row computes what this one starts with
            computing.update(missing)
            stop = min(len(row.prefill_tokens), row.prefilled + room)
            if self._whole_prefixes:
                stop = min([stop, *map(len, missing)])
            chosen.append(PromptChunk(row, row.prefilled, stop))
            room -= stop - row.prefilled
        return chosen

    def took(self, chunks: Sequence[PromptChunk]) -> list[SequenceState]:
        """Note that these were read, and keep what others start with; the rows that have it all."""
        together = self._together()
        for chunk in chunks:
            row = chunk.row
            missing = self._missing(row, together)
            row.prefilled = chunk.stop
            assert row.prefilled_kv is not None
            for prefix in missing:
                if len(prefix) <= row.prefilled:
                    self._prefixes.keep(prefix, row.prefilled_kv)
        return [chunk.row for chunk in chunks if chunk.last]

    def _together(self) -> Counter[tuple[int, ...]]:
        """How many rows begin with the same record's text."""
        return Counter(map(_common, self.rows))

    def _missing(
        self, row: SequenceState, together: Counter[tuple[int, ...]]
    ) -> list[tuple[int, ...]]:
        """The prefixes of this row that others may start from and nobody has computed yet."""
        shared, common = row.prompt[: row.request.prompt.shared], _common(row)
        wanted = [shared, common] if together[common] > 1 else [shared]
        wanted += (row.prompt[:length] for length in row.request.prompt.found)
        return [p for p in wanted if len(p) > row.prefilled and self._prefixes.lacks(p)]

    def _start(self, row: SequenceState) -> None:
        """From the longest beginning that is kept, while the row has read nothing itself."""
        if row.prefilled > row.cached:
            return
        lengths = row.request.prompt.beginnings
        longer = [n for n in lengths if row.cached < n < len(row.prefill_tokens)]
        found, kv = self._prefixes.longest(row.prompt, longer)
        if kv is not None:
            self._meter.prefix(row.request.stage, found - row.cached)
            row.prefilled_kv, row.prefilled, row.cached = kv.fork(), found, found


def _common(row: SequenceState) -> tuple[int, ...]:
    return row.prompt[: row.request.prompt.common]
