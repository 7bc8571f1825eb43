"""Per-sequence contiguous KV cache for the attention kernel of a Linux CPU.

Takes the place of `PackedCache` there: own_rows.c attends to rows of any length with any number
of new tokens in one call, so nothing is padded, masked, moved or taken apart.  Knows the C code
and its memory; does not know what tokens say.  Invariant: the first `length` tokens of a slot
are the row's committed tokens in order.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import mlx.core as mx
import numpy as np

from workers.generation.linux_cpu.native import compiled
from workers.generation.linux_cpu.row_memory import NO_ROWS, SequenceKV, rounded, rows_of
from workers.generation.packed.attention import AttentionArgs, PassLayer, grown
from workers.generation.packed.kinds import LayerKind
from workers.generation.packed.plan import Pass, PrefillChunk, PrefilledKV, note_lengths
from workers.generation.packed.rows import CacheCheckpoint, CacheSlot, Decoding
from workers.generation.packed.windows import passed_by
from workers.generation.steps import Begin, silent

SOURCE = Path(__file__).with_name("own_rows.c")
Pair = tuple[mx.array, mx.array]  # keys and values of a prompt, (1, kv_heads, tokens, dim)


class _LayerStruct(ctypes.Structure):
    _fields_ = (
        ("heads", ctypes.c_int32),
        ("kv_heads", ctypes.c_int32),
        ("dim", ctypes.c_int32),
        ("scale", ctypes.c_float),
        ("window", ctypes.c_int32),
        ("sinks", ctypes.c_void_p),
    )


class RowsLibrary:
    """own_rows.c, compiled and loaded."""

    def __init__(self, library: Path) -> None:
        self.path = library
        functions = ctypes.CDLL(str(library))
        strides = [ctypes.c_int64] * 4
        pointer, shape, integer = ctypes.c_void_p, ctypes.POINTER(_LayerStruct), ctypes.c_int
        self.hold: Any = functions.rows_hold
        self.hold.argtypes = [pointer, shape, pointer, pointer, *strides]
        self.hold.restype = None
        self.attend: Any = functions.rows_attend
        self.attend.argtypes = [pointer, integer, shape, *[pointer] * 4]
        self.attend_prompt: Any = functions.rows_attend_prompt
        self.attend_prompt.argtypes = [
            *(shape, integer, integer, pointer, pointer, pointer),
            *strides,
            pointer,
        ]


def load(folder: Path, begin: Begin = silent) -> RowsLibrary | None:
    """The library, compiled into `folder` if need be; None where that can't be done."""
    library = compiled(SOURCE, folder, begin=begin)
    try:
        return None if library is None else RowsLibrary(library)
    except (OSError, AttributeError):
        return None


class RowsCache:
    """Slots of any length; what `PackedCache` is elsewhere."""

    def __init__(self, kinds: Sequence[LayerKind], library: RowsLibrary) -> None:
        self.layers = [
            RowsLayer(number, kind, library) for number, kind in enumerate(kinds) if not kind.states
        ]
        self._library = library
        self._memory: dict[int, SequenceKV] = {}  # by a slot's index
        self._numbers = count()

    @property
    def nbytes(self) -> int:
        """Bytes of keys and values held."""
        return sum(memory.nbytes for memory in self._memory.values())

    def insert(self, kv: PrefilledKV) -> CacheSlot:
        """Take in a row whose prompt is done."""
        length = kv.length
        memory = SequenceKV(kv, [layer.window for layer in self.layers])
        rows = rows_of([(memory, length, length)])
        rows["before"], rows["count"][:, 0] = 0, length - memory.gone
        for number, layer in enumerate(kv.layers):
            assert layer is not None
            heads, dim, _ = memory.keys[number].shape
            here = length - int(memory.gone[number])
            keys, values = (_numbers(x[0, :, x.shape[2] - here :], dim) for x in layer)
            self._library.hold(
                *(rows[number].ctypes.data, _LayerStruct(heads, heads, dim)),
                *(keys.ctypes.data, values.ctypes.data, *_strides(keys), *_strides(values)),
            )
        slot = CacheSlot(next(self._numbers), length)
        self._memory[slot.index] = memory
        return slot

    def release(self, slot: CacheSlot) -> None:
        """The row is finished."""
        del self._memory[slot.index]

    def begin(
        self, rows: Sequence[Decoding], chunks: Sequence[PrefillChunk], positions: list[int]
    ) -> None:
        """Plan a pass: first the rows' new tokens, one row after the other, then the chunks."""
        note_lengths(chunks, positions)
        for layer in self.layers:
            layer.rows = NO_ROWS  # what was planned before may be gone
        found = []
        for row in rows:
            memory = self._memory[row.slot.index]
            memory.reserve(row.slot.length + row.count, row.slot.length)
            found.append((memory, row.slot.length, row.count))
        running = Pass(mx.array(positions, dtype=mx.int32), None, list(chunks))
        planned = rows_of(found) if found else [NO_ROWS] * len(self.layers)
        for layer, its_rows in zip(self.layers, planned, strict=True):
            layer.running, layer.rows = running, its_rows

    def commit(self, rows: Sequence[Decoding], kept: Sequence[int]) -> None:
        """Of each row's new tokens the first `kept` count; later ones take the others' place."""
        for row, new in zip(rows, kept, strict=True):
            row.slot.length += new

    def mark(self, slot: CacheSlot) -> CacheCheckpoint:
        """Where the row is now, for `rewind`."""
        return CacheCheckpoint(slot.length)

    def rewind(self, slot: CacheSlot, mark: CacheCheckpoint) -> None:
        """Take back what the row was given since then; raises ValueError where a layer with a
        window has let go of what would be seen again."""
        gone = self._memory[slot.index].gone
        seen = [passed_by(mark.length, layer.window) for layer in self.layers]
        if (gone > seen).any():
            raise ValueError(f"{slot.length - mark.length} tokens are too many to take back")
        slot.length = mark.length

    def taken(self, slot: CacheSlot) -> int:
        """Tokens of the row: it has its own memory."""
        return slot.length

    def row(self, slot: CacheSlot) -> PrefilledKV:
        """A row's keys and values in order, for tests to compare with a fresh prefill."""
        memory = self._memory[slot.index]
        counts = slot.length - memory.gone
        layers = [
            (
                mx.array(keys[:, : sizes[0], :here].swapaxes(1, 2)[None]),
                mx.array(values[None, :, :here, : sizes[1]]),
            )
            for keys, values, sizes, here in zip(
                memory.keys, memory.values, memory.sizes, counts, strict=True
            )
        ]
        return PrefilledKV(list(layers), slot.length)


class RowsLayer(PassLayer):
    """One layer of a `RowsCache`: evaluates what it is asked, and answers with the C code."""

    def __init__(self, number: int, kind: LayerKind, library: RowsLibrary) -> None:
        super().__init__(number, kind.window, kind.latent, kind.lends)
        self.rows = NO_ROWS  # that decode in the pass
        self._library = library

    def _answered(
        self, asked: AttentionArgs, new: tuple[mx.array, mx.array] | None, running: Pass
    ) -> mx.array:
        if new is not None:
            self._size = _Size.of(*new)
            for chunk in running.chunks:
                grown(chunk, self, *(x[chunk.start : chunk.stop] for x in new))
        size, chunks = self._size, running.chunks
        shape = size.asked(asked)
        prompts = [pair for p in chunks if (pair := p.kv.layers[self.number]) is not None]
        flat = [_padded(x[:, :, 0], size.dim) for x in (asked.queries, *(new or ()))]
        mx.eval(flat, prompts)
        q, *held = (np.ascontiguousarray(np.array(x, copy=False)) for x in flat)
        out = np.empty(q.shape, dtype=np.float32)
        data = [q, *(held or (None, None)), out]
        done = self._library.attend(
            *(self.rows.ctypes.data, len(self.rows), shape.fields),
            *(None if x is None else x.ctypes.data for x in data),
        )
        for chunk, pair in zip(chunks, prompts, strict=True):
            cut = slice(chunk.start, chunk.stop)
            done &= self._prompt(shape.fields, (pair[0], pair[1]), q[cut], out[cut], size.dim)
        if not done:
            raise MemoryError("out of memory in attention")
        return mx.array(out)[:, :, None, : size.values].astype(asked.queries.dtype)

    def _prompt(
        self, fields: _LayerStruct, pair: Pair, queries: np.ndarray, out: np.ndarray, dim: int
    ) -> int:
        """The last tokens of a prompt attend; 0 when there is no memory."""
        keys, values = (_numbers(x[0], dim) for x in pair)
        done: int = self._library.attend_prompt(
            *(fields, keys.shape[1], len(queries), queries.ctypes.data),
            *(keys.ctypes.data, values.ctypes.data, *_strides(keys), *_strides(values)),
            out.ctypes.data,
        )
        return done


@dataclass(frozen=True)
class _CallArguments:
    """What the C code is told of a layer and of what is asked; it holds what addresses lead to."""

    fields: _LayerStruct
    sinks: np.ndarray | None


@dataclass(frozen=True)
class _Size:
    """A layer's KV heads, the padded size of its keys and values, and that of a value."""

    kv_heads: int
    dim: int
    values: int

    @classmethod
    def of(cls, keys: mx.array, values: mx.array) -> _Size:
        """Of keys and values, (tokens, kv_heads, 1, dim)."""
        return cls(keys.shape[1], rounded(max(keys.shape[3], values.shape[3])), values.shape[3])

    def asked(self, asked: AttentionArgs) -> _CallArguments:
        """The same for the C code; raises ValueError for heads that share no keys evenly."""
        heads = asked.queries.shape[1]
        if heads % self.kv_heads:
            raise ValueError(f"{heads} query heads can't share {self.kv_heads} KV heads")
        sinks = None
        if asked.sinks is not None:
            sinks = np.ascontiguousarray(np.array(asked.sinks.astype(mx.float32)))
        address = None if sinks is None else sinks.ctypes.data
        window = asked.window or 0
        return _CallArguments(
            _LayerStruct(heads, self.kv_heads, self.dim, asked.scale, window, address), sinks
        )


def _padded(x: mx.array, dim: int) -> mx.array:
    """In float32, the last axis filled up with zeros: they change no product."""
    x = x.astype(mx.float32)
    missing = dim - x.shape[-1]
    return mx.pad(x, [(0, 0)] * (x.ndim - 1) + [(0, missing)]) if missing else x


def _numbers(x: mx.array, dim: int) -> np.ndarray:
    """(kv_heads, tokens, dim), row-contiguous."""
    found = np.array(_padded(x, dim), copy=False)
    return found if found.strides[2] == found.itemsize else np.ascontiguousarray(found)


def _strides(x: np.ndarray) -> tuple[int, int]:
    return x.strides[0] // x.itemsize, x.strides[1] // x.itemsize
