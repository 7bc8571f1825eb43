"""What computes a model's passes on this platform, as one value: made when it is loaded.

Knows which functions may stand in for MLX's, not how fast they are; whoever offers them has
measured that.  Invariant: nothing here belongs to the process, so each model has its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType, ModuleType
from typing import Any

import mlx.core as mx
import mlx.nn as nn
from mlx_lm.models import activations

from workers.generation.model.adapt import twin
from workers.generation.packed.attention import ATTENTION, dispatching
from workers.generation.packed.cache import PackedCache
from workers.generation.packed.heads import VocabularyHead
from workers.generation.packed.kinds import LayerKind
from workers.generation.packed.rows import RowCache
from workers.generation.packed.states import MixedCache, StateLayer
from workers.generation.packed.store import Attention, by_mlx

Function = Callable[..., mx.array]


@dataclass(frozen=True)
class Kernels:
    """How passes compute.

    attention: over plain arrays.  swiglu, gelu: in float32; None: mlx-lm's and MLX's.  ropes:
    changes a twin's rotary modules.  rows: makes the cache of unquantized rows for these layers;
    None: `PackedCache`.  head: makes what finds likeliest tokens with a head's weights (vocab,
    size), or None for such weights.  times: how many times as fast each kernel that was taken is,
    by name.
    """

    attention: Attention = by_mlx
    swiglu: Function | None = None
    gelu: Function | None = None
    ropes: Callable[[nn.Module], nn.Module] | None = None
    rows: Callable[[Sequence[LayerKind]], RowCache] | None = None
    head: Callable[[mx.array], VocabularyHead | None] | None = None
    times: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))

    def cache(self, kinds: Sequence[LayerKind], kv_bits: int | None = None) -> RowCache:
        """A cache for rows in layers of these kinds, the one that is fastest here."""
        states = [StateLayer(n, kind.states) for n, kind in enumerate(kinds) if kind.states]
        if kv_bits is None and self.rows is not None:
            inner = self.rows(kinds)
        else:
            inner = PackedCache(kinds, kv_bits, self.attention)
        return MixedCache(inner, states) if states else inner

    def applied(self, model: nn.Module) -> nn.Module:
        """The model with these kernels, beside the model as it is: they share their weights."""
        replaced: dict[str, Callable[[Any], Any]] = {
            ATTENTION: dispatching,
            "swiglu": self._swiglu,
        }
        if self.gelu is not None and calls_gelu(model):
            replaced["nn"] = self._nn
        found = twin(model, replaced)
        return found if self.ropes is None else self.ropes(found)

    def _swiglu(self, theirs: Function) -> Function:
        """Ours for float32, where a model calls mlx-lm's; theirs for everything else."""
        ours = self.swiglu
        if ours is None or theirs is not activations.swiglu:
            return theirs

        def chosen(gate: Any, x: Any) -> mx.array:
            return (ours if gate.dtype == mx.float32 else theirs)(gate, x)

        return chosen

    def _nn(self, theirs: Any) -> Any:
        """`mlx.nn` as a model's code knows it, with our `gelu_approx` for float32."""
        ours = self.gelu
        if ours is None or theirs is not nn:
            return theirs

        def chosen(x: Any) -> mx.array:
            done: mx.array = (ours if x.dtype == mx.float32 else theirs.gelu_approx)(x)
            return done

        found = ModuleType(theirs.__name__)
        vars(found).update(vars(theirs) | {"gelu_approx": chosen})
        return found


def calls_gelu(model: nn.Module) -> bool:
    """Whether a module of the model calls `nn.gelu_approx` by that name."""
    code = (getattr(type(module).__call__, "__code__", None) for module in model.modules())
    return any("gelu_approx" in one.co_names for one in code if one is not None)


PLAIN = Kernels()
