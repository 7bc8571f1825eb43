"""What a cache of many sequences is asked for: slots, decoding sequences, and its protocol."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Protocol

from workers.generation.packed.plan import PrefillChunk, PrefilledKV, State


@dataclass
class CacheSlot:
    """A row's place in the cache; `index` changes when rows are moved."""

    index: int
    length: int


@dataclass(frozen=True)
class CacheCheckpoint:
    """A place in a row that it can come back to: how long it was, and its states, by layer."""

    length: int
    states: Mapping[int, State] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class Decoding:
    """New tokens of a row: where it lives and how many it brings to this pass."""

    slot: CacheSlot
    count: int


class RowCache(Protocol):
    """Where the rows of a pass keep their keys and values."""

    @property
    def layers(self) -> Sequence[Any]:
        """One for each of the model's caches, to be handed to it in their place."""
        ...

    @property
    def nbytes(self) -> int:
        """Bytes of keys and values held."""
        ...

    def insert(self, kv: PrefilledKV) -> CacheSlot:
        """Take in a row whose prompt is done."""
        ...

    def release(self, slot: CacheSlot) -> None:
        """The row is finished; its place is free."""
        ...

    def begin(
        self, rows: Sequence[Decoding], chunks: Sequence[PrefillChunk], positions: list[int]
    ) -> None:
        """Plan a pass: first the rows' new tokens, one row after the other, then the chunks."""
        ...

    def commit(self, rows: Sequence[Decoding], kept: Sequence[int]) -> None:
        """Of each row's new tokens the first `kept` count."""
        ...

    def mark(self, slot: CacheSlot) -> CacheCheckpoint:
        """Where the row is now, for `rewind`."""
        ...

    def rewind(self, slot: CacheSlot, mark: CacheCheckpoint) -> None:
        """Take back what the row was given since then; raises ValueError for over 32 tokens in a
        layer that has let go of what they saw."""
        ...

    def taken(self, slot: CacheSlot) -> int:
        """Tokens that the row has places for in use, its own and those that only fill up."""
        ...

    def row(self, slot: CacheSlot) -> PrefilledKV:
        """A row's keys and values in order, for tests to compare with a fresh prefill."""
        ...
