"""Layers that keep a state instead of keys and values, in packed passes of many rows.

Such a layer runs for decoding rows side by side, those together that bring as many tokens, and for
each prompt by itself; all other layers see flat tokens.  What drafts did to a state can't be taken
back, so a pass keeps the states before it and the layer's inputs, and where tokens are rejected the
layer runs again over those that count.  Knows mlx-lm's ArraysCache; not what a state means.
Invariant: a row's state is that after its committed tokens.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

import mlx.core as mx
import mlx.nn as nn
import numpy as np
from mlx_lm.models.cache import ArraysCache

from workers.generation.packed.kinds import NotPackableError
from workers.generation.packed.plan import PrefillChunk, PrefilledKV, State, note_lengths
from workers.generation.packed.rows import CacheCheckpoint, CacheSlot, Decoding, RowCache

_NDIM = 3  # of a layer's inputs
# (inputs (rows, tokens, size), cache, the rows' first tokens in the pass) -> outputs of the same
# shape, by the model's layer.
Run = Callable[[mx.array, ArraysCache, mx.array], mx.array]


@dataclass(frozen=True)
class _StateUpdate:
    """What a pass did to some decoding rows, until it is known which of their tokens count.

    rows: their numbers in the pass, and firsts those of their first tokens.
    """

    rows: list[int]
    firsts: mx.array
    run: Run
    inputs: mx.array
    before: list[State | None]
    after: list[State]


class StateLayer:
    """One layer's states of all rows, handed to the model in place of its ArraysCache."""

    def __init__(self, number: int, size: int) -> None:
        self.number = number
        self.attended = False
        self.rows: dict[int, State] = {}  # by the identity of a row's slot
        self._size = size
        self._decoding: Sequence[Decoding] = ()
        self._chunks: Sequence[PrefillChunk] = ()
        self._steps: list[_StateUpdate] = []

    def make_mask(self, *_: Any, **__: Any) -> None:
        """Rows that run together are of one length: nothing is masked."""

    def __getitem__(self, index: int) -> NoReturn:
        """Only a module that is given this layer alone runs over rows; raises NotPackableError."""
        raise NotPackableError(
            f"layer {self.number} keeps a state beside others, in one module with them"
        )

    def begin(self, rows: Sequence[Decoding], chunks: Sequence[PrefillChunk]) -> None:
        """Plan a pass: the rows' new tokens come first, then the chunks."""
        self._decoding, self._chunks, self._steps = rows, chunks, []

    def run(self, run: Run, flat: mx.array) -> mx.array:
        """The layer over a pass's tokens, (tokens, 1, size) in and out."""
        self.attended = True
        tokens = flat[:, 0]
        parts = [self._run_rows(run, tokens)] if self._decoding else []
        for chunk in self._chunks:
            before: Any = chunk.kv.layers[self.number]
            inputs, first = tokens[None, chunk.start : chunk.stop], mx.array([chunk.start])
            out, [after] = self._through(run, inputs, first, [before])
            chunk.kv.layers[self.number] = after
            parts.append(out[0])
        return mx.concatenate(parts)[:, None]

    def _run_rows(self, run: Run, tokens: mx.array) -> mx.array:
        """Rows that bring as many tokens go side by side: not every layer knows of padding."""
        counts = [row.count for row in self._decoding]
        firsts = np.cumsum([0, *counts[:-1]])
        outs: list[mx.array] = [tokens] * len(counts)
        for count, rows in _alike(counts).items():
            first = mx.array(firsts[rows])
            inputs = tokens[first[:, None] + mx.arange(count)]
            before = [self.rows.get(id(self._decoding[row].slot)) for row in rows]
            out, after = self._through(run, inputs, first, before)
            self._steps.append(_StateUpdate(rows, first, run, inputs, before, after))
            for place, row in enumerate(rows):
                outs[row] = out[place]
        return mx.concatenate(outs)

    def _through(
        self, run: Run, inputs: mx.array, firsts: mx.array, before: Sequence[State | None]
    ) -> tuple[mx.array, list[State]]:
        """Outputs and new states of rows, inputs (rows, tokens, size), from the states before."""
        cache: Any = ArraysCache(self._size)
        known = [state for state in before if state is not None]
        if known:
            cache.cache = [mx.concatenate(list(parts)) for parts in zip(*known, strict=True)]
        out = run(inputs, cache, firsts)
        states = [State(part[i : i + 1] for part in cache.cache) for i in range(len(before))]
        return out, states

    def commit(self, rows: Sequence[Decoding], kept: Sequence[int]) -> None:
        """Of each row's new tokens the first `kept` count."""
        for step in self._steps:
            counts = [kept[row] for row in step.rows]
            for count, places in _alike(counts).items():
                states = self._after(step, count, places)
                for place, state in zip(places, states, strict=True):
                    self.rows[id(rows[step.rows[place]].slot)] = state
        self._steps = []

    def _after(self, step: _StateUpdate, count: int, places: list[int]) -> list[State]:
        """The states of some rows of a step when the first `count` of their tokens count."""
        if count == step.inputs.shape[1]:
            return [step.after[place] for place in places]
        assert count, "a pass takes at least one token of each row"
        before = [step.before[place] for place in places]
        chosen = mx.array(places)
        inputs, firsts = step.inputs[chosen, :count], step.firsts[chosen]
        _, states = self._through(step.run, inputs, firsts, before)
        return states


def _alike(counts: Sequence[int]) -> dict[int, list[int]]:
    """The places of each number."""
    found: dict[int, list[int]] = {}
    for place, count in enumerate(counts):
        found.setdefault(count, []).append(place)
    return found


def block(layer: Any, several: bool) -> Any:
    """A model's layer as it runs over rows; one that keeps several things hands each of them on to
    a module of its own."""
    if not several:
        return StateBlock(layer)
    other = copy.copy(layer)
    for name, child in layer.items():
        if isinstance(child, nn.Module):
            other[name] = StateBlock(child)
    return other


class StateBlock:
    """A module that runs over rows where its cache is ours; all else is the module's, and it passes
    for one of its kind."""

    def __init__(self, layer: Any) -> None:
        self._layer = layer

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        return type(self._layer)

    def __call__(self, *args: Any, **more: Any) -> Any:
        given = (*args, *more.values())
        state = next((one for one in given if type(one) is StateLayer), None)
        if state is None:
            return self._layer(*args, **more)
        x = next(one for one in given if isinstance(one, mx.array) and one.ndim == _NDIM)

        def run(inputs: mx.array, cache: ArraysCache, firsts: mx.array) -> mx.array:
            def swapped(one: Any) -> Any:
                if one is x:
                    return inputs
                if one is state:
                    return cache
                if isinstance(one, mx.array) and one.shape == (len(x),):
                    return one[firsts]  # positions of the pass's tokens
                return one

            named = {name: swapped(one) for name, one in more.items()}
            found = self._layer(*map(swapped, args), **named)
            if not isinstance(found, mx.array):
                raise TypeError("a recurrent layer that hands on more than its states")
            return found

        return state.run(run, x)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._layer, name)


class MixedCache:
    """A `RowCache` of layers with keys and values, in `inner`, and of layers with a state.

    Where no layer has keys, `inner` is empty, and rows are counted here.
    """

    def __init__(self, inner: RowCache, states: Sequence[StateLayer]) -> None:
        self._inner, self._states = inner, list(states)
        self.layers = sorted([*inner.layers, *states], key=lambda layer: layer.number)
        self._has_keys = bool(inner.layers)

    @property
    def nbytes(self) -> int:
        """Bytes of keys, values and states held."""
        states = (state for layer in self._states for state in layer.rows.values())
        return self._inner.nbytes + sum(part.nbytes for state in states for part in state)

    def insert(self, kv: PrefilledKV) -> CacheSlot:
        """Take in a row whose prompt is done."""
        if self._has_keys:
            slot = self._inner.insert(kv.without_states())
        else:
            slot = CacheSlot(0, kv.tokens)
        for layer in self._states:
            state: Any = kv.layers[layer.number]
            layer.rows[id(slot)] = state
        return slot

    def release(self, slot: CacheSlot) -> None:
        """The row is finished; its place is free."""
        if self._has_keys:
            self._inner.release(slot)
        for layer in self._states:
            del layer.rows[id(slot)]

    def begin(
        self, rows: Sequence[Decoding], chunks: Sequence[PrefillChunk], positions: list[int]
    ) -> None:
        """Plan a pass: first the rows' new tokens, one row after the other, then the chunks."""
        if self._has_keys:
            self._inner.begin(rows, chunks, positions)
        note_lengths(chunks, positions)
        for layer in self._states:
            layer.begin(rows, chunks)

    def commit(self, rows: Sequence[Decoding], kept: Sequence[int]) -> None:
        """Of each row's new tokens the first `kept` count."""
        if self._has_keys:
            self._inner.commit(rows, kept)
        else:
            for row, count in zip(rows, kept, strict=True):
                row.slot.length += count
        for layer in self._states:
            layer.commit(rows, kept)
        mx.eval(list(self._held(rows)))

    def _held(self, rows: Sequence[Decoding]) -> Iterator[mx.array]:
        for layer in self._states:
            for row in rows:
                yield from layer.rows[id(row.slot)]

    def mark(self, slot: CacheSlot) -> CacheCheckpoint:
        """Where the row is now, its states with it: they are never written to."""
        return CacheCheckpoint(
            slot.length, {layer.number: layer.rows[id(slot)] for layer in self._states}
        )

    def rewind(self, slot: CacheSlot, mark: CacheCheckpoint) -> None:
        """Take back what the row was given since then."""
        if self._has_keys:
            self._inner.rewind(slot, mark)
        slot.length = mark.length
        for layer in self._states:
            layer.rows[id(slot)] = mark.states[layer.number]

    def taken(self, slot: CacheSlot) -> int:
        """Tokens that the row has places for in use."""
        return self._inner.taken(slot) if self._has_keys else slot.length

    def row(self, slot: CacheSlot) -> PrefilledKV:
        """A row's keys, values and states, for tests to compare with a fresh prefill."""
        found = iter(self._inner.row(slot).layers if self._has_keys else ())
        states = {layer.number: layer.rows[id(slot)] for layer in self._states}
        kept = [states.get(n) or next(found) for n in range(len(self.layers))]
        return PrefilledKV(kept, slot.length)
