"""The KV cache of many sequences that grow at different speeds.

`PackedCache` is append-only: all decoding rows write their new tokens at one common column, and
a validity mask hides rejected drafts, so nothing is moved.  Rows are compacted only when masked
columns or finished rows take too much.  Knows columns, not what the tokens say.  Invariant: the
valid columns of a lane, read in order, are the row's committed tokens in order.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import mlx.core as mx
import numpy as np

from workers.generation.packed.attention import PackedLayer
from workers.generation.packed.kinds import LayerKind
from workers.generation.packed.plan import Grid, Group, Pass, Piece, Staged
from workers.generation.packed.rows import Decoding, Lane
from workers.generation.packed.store import Attention, GridStore, by_mlx

_SLACK = 64  # columns to grow into before rows are moved again
_MOST_WASTE = 0.25  # share of columns that may be holes


class PackedCache:
    """Lanes of equal capacity in every layer, and the validity mask of their columns."""

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
        self._lanes: list[Lane] = []
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

    def insert(self, staged: Staged) -> Lane:
        """Take in a row whose prompt is done."""
        pair = staged.layers[0]
        assert pair is not None, "a prompt has tokens"
        length = pair[0].shape[2]
        lane = Lane(self._free_lane(), length)
        self._end = max(self._end, length)
        self._reserve(lane.index + 1, self._end, staged)
        column = self._end - length
        for layer, new in zip(self.layers, staged.layers, strict=True):
            assert new is not None
            layer.store.write(column, new[0], new[1], lane=lane.index)
        self._valid[lane.index] = False
        self._valid[lane.index, column : self._end] = True
        self._lanes.append(lane)
        return lane

    def release(self, lane: Lane) -> None:
        """The row is finished; its lane is free."""
        self._lanes.remove(lane)
        self._valid[lane.index] = False
        if not self._lanes:
            self._end = 0

    def _free_lane(self) -> int:
        taken = {lane.index for lane in self._lanes}
        return next(index for index in range(len(taken) + 1) if index not in taken)

    def _reserve(self, lanes: int, columns: int, like: Staged) -> None:
        have_lanes, have_columns = self._valid.shape
        if lanes <= have_lanes and columns <= have_columns:
            return
        lanes = max(have_lanes, lanes)
        if columns > have_columns:
            columns += _SLACK
        columns = max(have_columns, columns)
        for layer, pair in zip(self.layers, like.layers, strict=True):
            assert pair is not None
            layer.store.make_room(lanes, columns, (pair[0], pair[1]))
        valid = np.zeros((lanes, columns), dtype=bool)
        valid[:have_lanes, :have_columns] = self._valid
        self._valid = valid

    def _first(self) -> int:
        used = np.flatnonzero(self._valid[:, : self._end].any(axis=0))
        return int(used[0]) if used.size else self._end

    def begin(
        self, rows: Sequence[Decoding], pieces: Sequence[Piece], positions: list[int]
    ) -> None:
        """Plan a pass: first the rows' new tokens, one row after the other, then the pieces."""
        grid = self._grid(rows) if rows else None
        running = Pass(mx.array(positions, dtype=mx.int32), grid, list(pieces))
        for layer in self.layers:
            layer.running = running

    def _grid(self, rows: Sequence[Decoding]) -> Grid:
        width = max(row.count for row in rows)
        self._make_way(width)
        lanes = len(self._valid)
        gather = np.zeros((lanes, width), dtype=np.int32)
        counts = np.zeros(lanes, dtype=int)
        at = 0
        for row in rows:
            gather[row.lane.index, : row.count] = at + np.arange(row.count)
            counts[row.lane.index] = row.count
            at += row.count
        firsts = np.where(counts > 0, self._valid.argmax(axis=1), self._end)
        cuts = group_lanes(counts.tolist(), (self._end - firsts + counts).tolist())
        groups = [self._group(gather, firsts, *cut) for cut in cuts]
        return Grid(
            lanes=lanes,
            width=width,
            tokens=at,
            gather=mx.array(gather.reshape(-1)),
            scatter=_scatter(rows, cuts),
            groups=groups,
            end=self._end,
            within=cache(lambda window: [self._within(group, window) for group in groups]),
        )

    def _group(
        self, gather: np.ndarray, firsts: np.ndarray, start: int, stop: int, width: int
    ) -> Group:
        tokens = mx.array(gather[start:stop, :width].reshape(-1))
        first = int(firsts[start:stop].min())
        bias = self._bias(slice(start, stop), first, width)
        return Group(start, stop, width, first, tokens, bias)

    def _bias(self, lanes: slice, first: int, width: int) -> mx.array:
        """Every new token sees its row's valid columns and the new ones up to itself."""
        seen = self._valid[lanes, first : self._end]
        before = np.where(seen, 0.0, -np.inf).astype(np.float32)
        new = np.triu(np.full((width, width), -np.inf, dtype=np.float32), 1)
        shape = (len(before), 1, width)
        parts = [
            np.broadcast_to(before[:, None, None], (*shape, before.shape[1])),
            np.broadcast_to(new, (*shape, width)),
        ]
        return mx.array(np.concatenate(parts, axis=-1))

    def _within(self, group: Group, window: int) -> Group:
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
            self._valid[row.lane.index, self._end : self._end + count] = True
            row.lane.length += count
        self._end += max(kept, default=0)

    def rewind(self, lane: Lane, tokens: int) -> None:
        """Take back the row's last `tokens` tokens."""
        if tokens:
            self._valid[lane.index, np.flatnonzero(self._valid[lane.index])[-tokens:]] = False
            lane.length -= tokens

    def _make_way(self, width: int) -> None:
        """Compact rows when columns run out or too many of them are masked."""
        longest = max(lane.length for lane in self._lanes)
        wasted = self._end - self._first() - longest
        idle = len(self._valid) - len(self._lanes)
        full = self._end + width > self._valid.shape[1]
        if full or wasted > _SLACK + _MOST_WASTE * longest or idle > len(self._lanes) + 2:
            self._move(longest, longest + max(_SLACK, longest // 4) + width)

    def _move(self, longest: int, columns: int) -> None:
        lanes = sorted(self._lanes, key=lambda lane: lane.length)  # neighbours attend together
        kept = [np.flatnonzero(self._valid[lane.index]) for lane in lanes]
        indices = [mx.array(columns_kept.astype(np.int32)) for columns_kept in kept]
        rows = [(lane.index, found) for lane, found in zip(lanes, indices, strict=True)]
        for layer in self.layers:
            layer.store.rebuild(rows, columns, longest)
            mx.eval(layer.store.keys + layer.store.values)  # layer by layer: old ones can go
        self._valid = np.zeros((len(lanes), columns), dtype=bool)
        for index, lane in enumerate(lanes):
            lane.index = index
            self._valid[index, longest - lane.length : longest] = True
        self._end = longest
        self.moves += 1

    def row(self, lane: Lane) -> Staged:
        """A row's valid keys and values in order, for tests to compare with a fresh prefill."""
        kept = mx.array(np.flatnonzero(self._valid[lane.index]).astype(np.int32))
        stores = [layer.store for layer in self.layers]
        return Staged(
            [
                (
                    mx.take(s.keys[0][lane.index], kept, axis=1)[None],
                    mx.take(s.values[0][lane.index], kept, axis=1)[None],
                )
                for s in stores
            ]
        )


def _group_cost() -> int:
    """What one more group costs, in columns that one token of a lane looks at.

    It is some twelve operations of MLX more in each layer, and on a GPU as many kernels to launch.
    """
    return 1500 if mx.default_device() == mx.cpu else 6000


def group_lanes(counts: Sequence[int], reaches: Sequence[int]) -> list[tuple[int, int, int]]:
    """Cut lanes into neighbours that attend together: (start, stop, width), cheapest overall.

    A group costs its lanes times its widest row times the columns its longest row reaches
    back; a few rows with long drafts or prompts should not make all others as wide or long.
    Lanes without new tokens are left out, but for those between two others of a group.
    """
    best: list[tuple[int, int]] = [(0, 0)]
    extra = _group_cost()
    for stop in range(1, len(counts) + 1):
        if not counts[stop - 1]:
            best.append((best[-1][0], stop))
            continue
        width, reach, found = 0, 0, (sys.maxsize, 0)
        for start in range(stop - 1, -1, -1):
            width, reach = max(width, counts[start]), max(reach, reaches[start])
            if counts[start]:
                cost = best[start][0] + (stop - start) * width * reach + extra
                found = min(found, (cost, start))
        best.append(found)
    groups, stop = [], len(counts)
    while stop:
        start = best[stop][1]
        if start == stop:
            stop -= 1
            continue
        groups.append((start, stop, max(counts[start:stop])))
        stop = start
    return groups[::-1]


def _scatter(rows: Sequence[Decoding], groups: Sequence[tuple[int, int, int]]) -> mx.array:
    """For each token of the pass its place in the groups' outputs, one after the other."""
    begins: dict[int, int] = {}
    at = 0
    for start, stop, width in groups:
        begins |= {lane: at + (lane - start) * width for lane in range(start, stop)}
        at += (stop - start) * width
    places = [begins[row.lane.index] + np.arange(row.count) for row in rows]
    return mx.array(np.concatenate(places).astype(np.int32))
