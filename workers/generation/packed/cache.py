"""The KV cache of many sequences that grow at different speeds.

`PackedCache` is append-only: all decoding rows write their new tokens at one common column, and
a validity mask hides rejected drafts, so nothing is moved.  Rows are compacted only when masked
columns or finished rows take too much; layers with a window let go of columns that nobody sees.
Knows columns, not what the tokens say.  Invariant: the valid columns of a slot, read in order, are
the row's committed tokens in order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import mlx.core as mx
import numpy as np

from workers.generation.packed.attention import PackedLayer
from workers.generation.packed.groups import group_slots, scatter
from workers.generation.packed.kinds import LayerKind
from workers.generation.packed.plan import (
    AttentionGroup,
    Grid,
    Pass,
    PrefillChunk,
    PrefilledKV,
    note_lengths,
)
from workers.generation.packed.rows import CacheCheckpoint, CacheSlot, Decoding
from workers.generation.packed.store import Attention, GridStore, by_mlx
from workers.generation.packed.windows import HEADROOM, let_go, reach

_SLACK = HEADROOM  # columns to grow into before rows are moved again
_MOST_WASTE = 0.25  # share of columns that may be holes


class PackedCache:
    """Slots of equal capacity in every layer, and the validity mask of their columns."""

    def __init__(
        self,
        kinds: Sequence[LayerKind],
        kv_bits: int | None = None,
        attention: Attention = by_mlx,
    ) -> None:
        self.layers = [
            PackedLayer(number, GridStore(kv_bits, attention), kind.window, kind.latent, kind.lends)
            for number, kind in enumerate(kinds)
            if not kind.states
        ]
        self._slots: list[CacheSlot] = []
        self._valid = np.zeros((0, 0), dtype=bool)
        self._end = 0
        self.moves = 0  # times that rows were moved

    @property
    def nbytes(self) -> int:
        """Bytes of keys and values held."""
        return sum(layer.store.nbytes for layer in self.layers)

    @property
    def columns(self) -> int:
        """Columns in use, holes and all."""
        return self._end - self._first()

    def insert(self, kv: PrefilledKV) -> CacheSlot:
        """Take in a row whose prompt is done."""
        length = kv.length
        slot = CacheSlot(self._free_slot(), length)
        if not self._slots:
            self._start_anew(length)
        self._end = max(self._end, length)
        self._reserve(slot.index + 1, self._end, kv)
        for layer, new in zip(self.layers, kv.layers, strict=True):
            assert new is not None, "a prompt has tokens"
            column = self._end - new[0].shape[2]
            layer.store.write(column, new[0], new[1], slot=slot.index)
        self._valid[slot.index] = False
        self._valid[slot.index, self._end - length : self._end] = True
        self._slots.append(slot)
        return slot

    def release(self, slot: CacheSlot) -> None:
        """The row is finished; its slot is free."""
        self._slots.remove(slot)
        self._valid[slot.index] = False
        if not self._slots:
            self._start_anew(0)

    def _start_anew(self, length: int) -> None:
        """Nothing is held, and a row of so many tokens comes first."""
        self._valid, self._end = np.zeros((0, 0), dtype=bool), 0
        for layer in self.layers:
            layer.store.clear(let_go(length, layer.window))

    def _free_slot(self) -> int:
        taken = {slot.index for slot in self._slots}
        return next(index for index in range(len(taken) + 1) if index not in taken)

    def _reserve(self, slots: int, columns: int, like: PrefilledKV) -> None:
        have_slots, have_columns = self._valid.shape
        if slots <= have_slots and columns <= have_columns:
            return
        slots = max(have_slots, slots)
        if columns > have_columns:
            columns += _SLACK
        columns = max(have_columns, columns)
        for layer, pair in zip(self.layers, like.layers, strict=True):
            assert pair is not None
            layer.store.reserve(slots, columns, (pair[0], pair[1]))
        valid = np.zeros((slots, columns), dtype=bool)
        valid[:have_slots, :have_columns] = self._valid
        self._valid = valid

    def _first(self) -> int:
        used = np.flatnonzero(self._valid[:, : self._end].any(axis=0))
        return int(used[0]) if used.size else self._end

    def begin(
        self, rows: Sequence[Decoding], chunks: Sequence[PrefillChunk], positions: list[int]
    ) -> None:
        """Plan a pass: first the rows' new tokens, one row after the other, then the chunks."""
        note_lengths(chunks, positions)
        grid = self._grid(rows) if rows else None
        running = Pass(mx.array(positions, dtype=mx.int32), grid, list(chunks))
        for layer in self.layers:
            layer.running = running

    def _grid(self, rows: Sequence[Decoding]) -> Grid:
        width = max(row.count for row in rows)
        self._make_way(width)
        self._let_go()
        slots = len(self._valid)
        gather = np.zeros((slots, width), dtype=np.int32)
        counts = np.zeros(slots, dtype=int)
        at = 0
        for row in rows:
            gather[row.slot.index, : row.count] = at + np.arange(row.count)
            counts[row.slot.index] = row.count
            at += row.count
        firsts = np.where(counts > 0, self._valid.argmax(axis=1), self._end)
        cuts = group_slots(counts.tolist(), (self._end - firsts + counts).tolist())
        groups = [self._group(gather, firsts, *cut) for cut in cuts]
        return Grid(
            slots=slots,
            width=width,
            tokens=at,
            gather=mx.array(gather.reshape(-1)),
            scatter=scatter(rows, cuts),
            groups=groups,
            end=self._end,
            within=cache(lambda window: [self._within(group, window) for group in groups]),
        )

    def _group(
        self, gather: np.ndarray, firsts: np.ndarray, start: int, stop: int, width: int
    ) -> AttentionGroup:
        tokens = mx.array(gather[start:stop, :width].reshape(-1))
        first = int(firsts[start:stop].min())
        bias = self._bias(slice(start, stop), first, width)
        return AttentionGroup(start, stop, width, first, tokens, bias)

    def _bias(self, slots: slice, first: int, width: int) -> mx.array:
        """Every new token sees its row's valid columns and the new ones up to itself."""
        seen = self._valid[slots, first : self._end]
        before = np.where(seen, 0.0, -np.inf).astype(np.float32)
        new = np.triu(np.full((width, width), -np.inf, dtype=np.float32), 1)
        shape = (len(before), 1, width)
        parts = [
            np.broadcast_to(before[:, None, None], (*shape, before.shape[1])),
            np.broadcast_to(new, (*shape, width)),
        ]
        return mx.array(np.concatenate(parts, axis=-1))

    def _within(self, group: AttentionGroup, window: int) -> AttentionGroup:
        """The group as layers see that have a window: by the distance between two tokens."""
        seen = self._valid[group.start : group.stop, group.first : self._end]
        back = np.where(seen, seen[:, ::-1].cumsum(axis=1)[:, ::-1], window)
        near = np.flatnonzero((back < window).any(axis=0))
        skip = int(near[0]) if near.size else back.shape[1]
        place = np.arange(group.width)
        far = back[:, None, None, skip:] + place[:, None] >= window
        new = place[:, None] - place
        between = np.broadcast_to((new < 0) | (new >= window), (*far.shape[:3], group.width))
        hidden = np.concatenate([far, between], axis=-1)
        bias = mx.array(np.where(hidden, -np.inf, 0.0).astype(np.float32))
        return replace(group, first=group.first + skip, bias=bias)

    def commit(self, rows: Sequence[Decoding], kept: Sequence[int]) -> None:
        """Of each row's new tokens the first `kept` count; the mask hides the others."""
        for row, count in zip(rows, kept, strict=True):
            self._valid[row.slot.index, self._end : self._end + count] = True
            row.slot.length += count
        self._end += max(kept, default=0)

    def mark(self, slot: CacheSlot) -> CacheCheckpoint:
        """Where the row is now, for `rewind`."""
        return CacheCheckpoint(slot.length)

    def rewind(self, slot: CacheSlot, mark: CacheCheckpoint) -> None:
        """Take back what the row was given since then; raises ValueError where a layer with a
        window has let go of what would be seen again."""
        valid = np.flatnonzero(self._valid[slot.index])
        for layer in self.layers:
            here = np.count_nonzero(valid[: mark.length] >= layer.store.first)
            if here < min(mark.length, (layer.window or mark.length) - 1):
                raise ValueError(f"layer {layer.number} can't take so many tokens back")
        self._valid[slot.index, valid[mark.length :]] = False
        slot.length = mark.length

    def taken(self, slot: CacheSlot) -> int:
        """Columns in use: each row has a place in all of them."""
        return self.columns

    def _make_way(self, width: int) -> None:
        """Compact rows when columns run out or too many of them are masked."""
        longest = max(slot.length for slot in self._slots)
        wasted = self._end - self._first() - longest
        idle = len(self._valid) - len(self._slots)
        full = self._end + width > self._valid.shape[1]
        if full or wasted > _SLACK + _MOST_WASTE * longest or idle > len(self._slots) + 2:
            self._move(longest, longest + max(_SLACK, longest // 4) + width)

    def _move(self, longest: int, columns: int) -> None:
        slots = sorted(self._slots, key=lambda slot: slot.length)  # neighbours attend together
        kept = [np.flatnonzero(self._valid[slot.index]) for slot in slots]
        indices = [mx.array(columns_kept.astype(np.int32)) for columns_kept in kept]
        rows = [(slot.index, found) for slot, found in zip(slots, indices, strict=True)]
        for layer in self.layers:
            first = 0 if layer.window is None else max(0, longest - reach(layer.window))
            layer.store.rebuild(rows, columns, longest, first)
            mx.eval(layer.store.keys + layer.store.values)  # layer by layer: old ones can go
        self._valid = np.zeros((len(slots), columns), dtype=bool)
        for index, slot in enumerate(slots):
            slot.index = index
            self._valid[index, longest - slot.length : longest] = True
        self._end = longest
        self.moves += 1

    def _let_go(self) -> None:
        """Give columns back that layers with a window don't see, once there are enough of them."""
        for window in {layer.window for layer in self.layers if layer.window is not None}:
            seen = reach(window)
            stores = [layer.store for layer in self.layers if layer.window == window]
            if self._end - stores[0].first <= seen + _SLACK + seen // 4:
                continue
            valid = self._valid[:, : self._end]
            needed = valid & (valid[:, ::-1].cumsum(axis=1)[:, ::-1] <= seen)
            first = min(int(needed.any(axis=0).argmax()), self._end - seen)
            if first > stores[0].first + _SLACK:
                for store in stores:
                    store.let_go(first)

    def row(self, slot: CacheSlot) -> PrefilledKV:
        """A row's valid keys and values in order, for tests to compare with a fresh prefill."""
        valid = np.flatnonzero(self._valid[slot.index])
        stores = [layer.store for layer in self.layers]
        kept = [mx.array((valid[valid >= s.first] - s.first).astype(np.int32)) for s in stores]
        layers = [
            tuple(mx.take(part[0][slot.index], here, axis=1)[None] for part in (s.keys, s.values))
            for s, here in zip(stores, kept, strict=True)
        ]
        return PrefilledKV([(keys, values) for keys, values in layers], slot.length)
