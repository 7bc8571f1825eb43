"""Kernels of ours for a model on a Linux CPU: taken where they are right, and faster here.

A Mac never loads this module.  Each kernel is checked against what it takes the place of, for
the shapes of this model, in every process; how much faster it is, is measured once on a machine.
Invariant: only speed changes, and the last digits.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import mlx.core as mx
import mlx.nn as nn
import numpy as np
import orjson
from mlx_lm.models import activations

from workers.core.cache import CachedResult, cache_dir
from workers.generation.linux_cpu import blas, own_rows, screen
from workers.generation.linux_cpu.exponentials import (
    attention_by_parts,
    compiled_gelu,
    compiled_swiglu,
)
from workers.generation.linux_cpu.products import GemmSpeedup
from workers.generation.linux_cpu.ropes import SharedRoPE, Turns, is_plain, with_shared_turns
from workers.generation.linux_cpu.screen import ScreenedHead, screened_head
from workers.generation.machine import machine_key, stopwatch
from workers.generation.model.described import heads_of
from workers.generation.model.kernels import PLAIN, Kernels, calls_gelu
from workers.generation.packed.cache import PackedCache
from workers.generation.packed.heads import matrices
from workers.generation.packed.kinds import FULL, LayerKind
from workers.generation.packed.plan import PrefillChunk, PrefilledKV
from workers.generation.packed.rows import Decoding, RowCache
from workers.generation.packed.store import Attention, by_mlx
from workers.generation.steps import Begin, Step, silent

WRONG = 1e-6  # of the largest value; twice that where sums are added up in another order
_LEAST_GAIN = 1.1
_ROUNDS = 7  # by turns, the fastest of each counts
_NEW, _HELD = (1, 1, 1, 1, 1, 2, 3, 5), 300  # new tokens of each row, and those before
_PROMPT = 96  # tokens of a prompt in the same pass
_TEXTS = 8, 48  # texts that are read side by side, and tokens of each
_GATE = (64, 1, 1536)  # of swiglu and gelu
_TURNED, _TURNS = (64, 3, 1, 64), 8  # of rotary positions
_HEAD, _HEAD_ROWS = (4096, 512), 8  # of logits, and states that want some


@dataclass(frozen=True)
class AttentionShape:
    """A model's attention: num_heads, num_kv_heads and head_dim."""

    heads: int
    kv_heads: int
    dim: int

    @classmethod
    def of(cls, model: nn.Module) -> AttentionShape:
        """As nearly all of mlx-lm's models name them."""
        return cls(*heads_of(model))


@dataclass(frozen=True)
class KernelCandidate:
    """A kernel: what takes its arguments as `theirs` does, and what it is tried with.

    wrong: how far it may be off, as a share of the largest value.  version: of its code.
    """

    name: str
    kernel: Any
    ours: Callable[..., mx.array]
    theirs: Callable[..., mx.array]
    samples: Sequence[mx.array]
    wrong: float = WRONG
    version: str = ""

    def is_right(self) -> bool:
        """Whether it works here and gives what `theirs` gives, but for rounding."""
        try:
            expected, found = self.theirs(*self.samples), self.ours(*self.samples)
            off: Any = (mx.abs(expected - found).max() / mx.abs(expected).max()).item()
        except (RuntimeError, ValueError, MemoryError, ctypes.ArgumentError):
            return False  # no compiler on this machine
        return bool(off <= self.wrong)

    def gain(self) -> float | None:
        """How many times as fast it is; None when that is not worth it."""
        rounds = [(self._seconds(self.theirs), self._seconds(self.ours)) for _ in range(_ROUNDS)]
        times = min(slow for slow, _ in rounds) / min(fast for _, fast in rounds)
        return times if times > _LEAST_GAIN else None

    def _seconds(self, function: Callable[..., mx.array]) -> float:
        now = stopwatch()
        begun = now()
        mx.eval(function(*self.samples))
        return now() - begun


def kernels_for(model: nn.Module, begin: Begin = silent) -> Kernels:
    """What is fastest for this model here; `begin` hears of what takes time the first time."""
    if mx.default_device() != mx.cpu:
        return PLAIN
    fast = blas.prepare(begin)
    gain = GemmSpeedup() if fast is None else fast.settle_products(begin)
    offers = kernel_candidates(AttentionShape.of(model), begin)
    offers += [_gelu()] if calls_gelu(model) else []
    offers += [_ropes()] if any(map(is_plain, model.modules())) else []
    if any(weight.size >= screen.LEAST for weight in matrices(model)):
        offers += _heads(fast is not None and fast.threads, begin)
    right = {offer.name: offer for offer in offers if offer.is_right()}
    gains = _gains(list(right.values()), begin)
    taken = {name: offer.kernel for name, offer in right.items() if name in gains}
    return Kernels(
        attention=taken.get("attention", by_mlx),
        swiglu=taken.get("swiglu"),
        gelu=taken.get("gelu"),
        ropes=taken.get("ropes"),
        rows=taken.get("rows"),
        head=taken.get("head"),
        times={"products": gain.times} | {name: gains[name] for name in taken},
    )


def kernel_candidates(shape: AttentionShape, begin: Begin = silent) -> list[KernelCandidate]:
    """All there is for a model of this shape, right and fast or not."""
    attention = _attention(shape)
    found = [_swiglu(), attention]
    library = own_rows.load(cache_dir() / "compiled", begin)
    if library is not None:
        otherwise = attention.kernel if attention.is_right() else by_mlx
        found.append(_rows(shape, library, otherwise))
    return found


def _gains(offers: Sequence[KernelCandidate], begin: Begin) -> Mapping[str, float]:
    """How many times as fast each of these is on this machine; those worth it only."""

    def measured() -> dict[str, float]:
        begin(Step.MEASURING, "activations and attention")
        return {o.name: times for o in offers if (times := o.gain()) is not None}

    key = machine_key(*((o.name, o.version, [x.shape for x in o.samples]) for o in offers))
    kept: CachedResult[dict[str, float]] = CachedResult(
        cache_dir() / "measured" / f"kernels-{key}.json",
        measured,
        dump=orjson.dumps,
        load=lambda data: {str(name): float(x) for name, x in orjson.loads(data).items()},
    )
    return kept.get(lambda: begin(Step.WAITING, "for kernels, which another process measures"))


def _swiglu() -> KernelCandidate:
    ours = compiled_swiglu()
    samples = [mx.random.normal(_GATE, key=mx.random.key(n)) * 4 for n in range(2)]
    return KernelCandidate("swiglu", ours, ours, activations.swiglu, samples)


def _gelu() -> KernelCandidate:
    ours, theirs = compiled_gelu(), nn.gelu_approx
    samples = [mx.random.normal(_GATE, key=mx.random.key(0)) * 4]
    return KernelCandidate("gelu", ours, ours, theirs, samples)


def _ropes() -> KernelCandidate:
    """As queries and keys of a few layers turn, one after the other."""
    rope: Any = nn.RoPE(_TURNED[-1])

    def turned(turn: Any, x: mx.array) -> mx.array:
        positions = mx.arange(len(x)) + _HELD
        for _ in range(_TURNS):
            x = turn(x, offset=positions)
        return x

    def ours(x: mx.array) -> mx.array:
        return turned(SharedRoPE(rope, Turns(rope)), x)

    samples = [mx.random.normal(_TURNED, key=mx.random.key(0))]
    return KernelCandidate("ropes", with_shared_turns, ours, partial(turned, rope), samples)


def _heads(threaded: bool, begin: Begin) -> list[KernelCandidate]:
    """The likeliest tokens of a few rows, by all logits and without."""
    library = screen.load(cache_dir() / "compiled", threaded, begin)
    if library is None:
        return []
    weights = mx.random.uniform(-1, 1, _HEAD, key=mx.random.key(0))
    states = mx.random.normal((_HEAD_ROWS, _HEAD[1]), key=mx.random.key(1))
    mx.eval(weights, states)
    screened = ScreenedHead(weights, library)

    def ours(x: mx.array) -> mx.array:
        return mx.array([float(one.best()) for one in screened.scores(np.array(x))])

    def theirs(x: mx.array) -> mx.array:
        return mx.array([float(row.argmax()) for row in np.array(x @ weights.T)])

    make = partial(screened_head, library=library)
    return [KernelCandidate("head", make, ours, theirs, [states], WRONG, library.path.name)]


def _attention(shape: AttentionShape) -> KernelCandidate:
    """As texts that are read side by side attend; rows that decode have a kernel of their own."""
    attend, scale, (texts, width) = attention_by_parts(), shape.dim**-0.5, _TEXTS
    heads = (shape.heads, shape.kv_heads, shape.kv_heads)
    samples = [
        mx.random.normal((texts, count, width, shape.dim), key=mx.random.key(number))
        for number, count in enumerate(heads)
    ]
    return KernelCandidate(
        "attention",
        attend,
        lambda q, k, v: attend(q, k, v, scale, "causal"),
        lambda q, k, v: by_mlx(q, k, v, scale, "causal"),
        samples,
        2 * WRONG,  # each adds up numbers in an order of its own
    )


def _rows(
    shape: AttentionShape, library: own_rows.RowsLibrary, otherwise: Attention
) -> KernelCandidate:
    """Rows that keep, and attend to, their own keys and values in C, instead of `PackedCache`."""

    def faster(kinds: Sequence[LayerKind]) -> RowCache:
        return own_rows.RowsCache(kinds, library)

    tokens = sum(_NEW) + _PROMPT
    heads = (shape.heads, shape.kv_heads, shape.kv_heads)
    samples = [mx.random.normal((tokens, n, 1, shape.dim), key=mx.random.key(1)) for n in heads]
    packed = PackedCache([FULL], attention=otherwise)
    ours, theirs = (_attending(cache, shape) for cache in (faster([FULL]), packed))
    return KernelCandidate("rows", faster, ours, theirs, samples, 2 * WRONG, library.path.name)


def _attending(cache: RowCache, shape: AttentionShape) -> Callable[..., mx.array]:
    """What runs one layer's pass over rows that `cache` holds and a prompt, over and over."""
    held = mx.random.normal((1, shape.kv_heads, _HELD, shape.dim), key=mx.random.key(0))
    rows = [Decoding(cache.insert(PrefilledKV([(held, held)])), count) for count in _NEW]
    tokens = sum(_NEW) + _PROMPT

    def attend(queries: mx.array, keys: mx.array, values: mx.array) -> mx.array:
        chunk = PrefillChunk(PrefilledKV([(held, held)]), sum(_NEW), tokens)
        cache.begin(rows, [chunk], [0] * tokens)
        cache.layers[0].update_and_fetch(keys, values)
        out: mx.array = cache.layers[0].attend(queries, keys, values, shape.dim**-0.5)
        return out

    return attend
