"""How long a model's passes take on this machine: timed once, kept, and read by all after.

Knows caches and passes; nothing of requests.  Invariant: pass time does not depend on token
values.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import mlx.core as mx

from workers.core.cache import Kept, cache_dir
from workers.generation.machine import machine_key, stopwatch
from workers.generation.model.load import LoadedModel
from workers.generation.packed.forward import Forward
from workers.generation.packed.plan import Piece, Staged
from workers.generation.packed.rows import Decoding
from workers.generation.speculative.lengths import LONG, SHORT, SIZES, CostTable
from workers.generation.steps import Begin, Step, silent

_ROWS = 4  # of the passes that are timed, if they have as many tokens


def measured_costs(
    loaded: LoadedModel, kv_bits: int | None = None, begin: Begin = silent
) -> CostTable:
    """The cost of passes of a model of this shape with these kernels, on this machine."""

    def measured() -> CostTable:
        begin(Step.MEASURING, f"forward passes of 1 to {SIZES[-1]} tokens")
        return CostTable.measure(lambda context: probe(loaded, context, kv_bits))

    setting = (loaded.shape, sorted(loaded.kernels.times), kv_bits, mx.default_device())
    key = machine_key("costs", *setting, SIZES, SHORT, LONG, _ROWS)
    kept = Kept(
        cache_dir() / "measured" / f"passes-{key}.json",
        measured,
        dump=CostTable.to_json,
        load=CostTable.from_json,
    )
    return kept.get(
        lambda: begin(Step.WAITING, "for forward passes, which another process measures")
    )


def probe(loaded: LoadedModel, context: int, kv_bits: int | None = None) -> Callable[[int], float]:
    """What times a pass of so many decoding tokens that look at `context` tokens each."""
    forward = Forward(loaded.parts)
    cache = loaded.new_cache(kv_bits)
    one = Staged([None] * len(cache.layers))
    cache.begin([], [Piece(one, 0, 1)], [0])
    mx.eval(forward.logits([0], cache, [0]), one.arrays)
    staged = one.repeated(context)
    lanes = [cache.insert(staged) for _ in range(_ROWS)]
    now = stopwatch() if mx.default_device() == mx.cpu else time.perf_counter

    def timed(tokens: int) -> float:
        rows = min(tokens, _ROWS)
        widths = [Decoding(lane, (tokens + row) // rows) for row, lane in enumerate(lanes[:rows])]
        cache.begin(widths, [], [context + i for w in widths for i in range(w.count)])
        begun = now()
        mx.eval(forward.logits([0] * tokens, cache, range(tokens)))
        return now() - begun

    return timed
