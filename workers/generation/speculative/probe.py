"""How long a model's passes take on this machine: timed once, kept, and read by all after.

Knows caches and passes; nothing of requests.  Invariant: what was timed while other programs
had much of the processor is used for a while only, then timed again.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import mlx.core as mx
import orjson

from workers.core.cache import CachedResult, cache_dir
from workers.generation.machine import machine_key, share_of_others, stopwatch
from workers.generation.model.device import device_name
from workers.generation.model.load import LoadedModel
from workers.generation.packed.forward import Forward
from workers.generation.packed.plan import PrefillChunk, PrefilledKV
from workers.generation.packed.rows import Decoding
from workers.generation.speculative.lengths import LONG, SHORT, SIZES, CostTable
from workers.generation.steps import Begin, Step, silent

_ROWS = 4  # of the passes that are timed, if they have as many tokens
_BUSY = (
    0.2  # share of all cores that other programs had, from which times are not believed for long
)
_FOR_NOW_S = 600.0  # that the times of a busy machine are used


@dataclass(frozen=True)
class _TimedCosts:
    """Costs, the share of all cores that other programs had meanwhile, and when it was."""

    costs: CostTable
    others: float
    at: float

    def to_json(self) -> bytes:
        costs = orjson.Fragment(self.costs.to_json())
        return orjson.dumps({"others": self.others, "at": self.at, "costs": costs})

    @classmethod
    def from_json(cls, data: bytes) -> _TimedCosts:
        """The inverse; raises ValueError, KeyError or TypeError for anything else, and for what is
        to be timed again."""
        found = orjson.loads(data)
        others, at = float(found["others"]), float(found["at"])
        if others > _BUSY and not 0 <= time.time() - at < _FOR_NOW_S:
            raise ValueError("timed on a busy machine")
        return cls(CostTable.from_json(orjson.dumps(found["costs"])), others, at)


def measured_costs(
    loaded: LoadedModel, kv_bits: int | None = None, begin: Begin = silent
) -> CostTable:
    """The cost of passes of a model of this shape with these kernels, on this machine."""

    def measured() -> _TimedCosts:
        begin(Step.MEASURING, f"forward passes of 1 to {SIZES[-1]} tokens")
        others = share_of_others()
        costs = CostTable.measure(lambda context: probe(loaded, context, kv_bits))
        matter = mx.default_device() == mx.cpu and stopwatch() is time.perf_counter
        return _TimedCosts(costs, others() if matter else 0.0, time.time())

    setting = (loaded.shape, sorted(loaded.kernels.times), kv_bits, device_name())
    key = machine_key("costs", *setting, SIZES, SHORT, LONG, _ROWS)
    kept = CachedResult(
        cache_dir() / "measured" / f"passes-{key}.json",
        measured,
        dump=_TimedCosts.to_json,
        load=_TimedCosts.from_json,
    )
    waits = "for forward passes, which another process measures"
    return kept.get(lambda: begin(Step.WAITING, waits)).costs


def probe(loaded: LoadedModel, context: int, kv_bits: int | None = None) -> Callable[[int], float]:
    """What times a pass of so many decoding tokens that look at `context` tokens each."""
    forward = Forward(loaded.parts, loaded.head)
    cache = loaded.new_cache(kv_bits)
    one = PrefilledKV([None] * len(cache.layers))
    cache.begin([], [PrefillChunk(one, 0, 1)], [0])
    mx.eval(forward.logits([0], cache, [0]), one.arrays)
    kv = one.repeated(context)
    slots = [cache.insert(kv) for _ in range(_ROWS)]
    now = stopwatch() if mx.default_device() == mx.cpu else time.perf_counter

    def timed(tokens: int) -> float:
        rows = min(tokens, _ROWS)
        widths = [Decoding(slot, (tokens + row) // rows) for row, slot in enumerate(slots[:rows])]
        cache.begin(widths, [], [context + i for w in widths for i in range(w.count)])
        begun = now()
        forward.scores([0] * tokens, cache, range(tokens))
        return now() - begun

    return timed
