"""What MLX needs on a Linux CPU to be fast: a good BLAS, exponentials that vectorize, and
attention of many rows in one call.

A Mac never loads this module.  Each piece is taken only where it is measured to be faster
here, and checked against what it takes the place of.  Invariant: only speed changes, and the
last digits.
"""

from __future__ import annotations

import ctypes
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

from workers.core.cache import cache_dir
from workers.generation.linux_cpu.blas import tune_products
from workers.generation.linux_cpu.kernels import _compiled, _exp, attention_by_parts

# Functions that MLX's CPU backend computes one element at a time, in a form it vectorizes.


def accelerate(model: Any) -> dict[str, float]:
    """Replace slow functions by faster ones, where this machine's own measurement says so.

    Returns how many times as fast each one taken is.  A model keeps what was taken, and the
    process its way of keeping rows; errors are below 1e-6 of the largest value, of rows 2e-6
    (checked before one is taken).
    """
    import mlx.core as mx

    if mx.default_device() != mx.cpu:
        return {}
    taken: dict[str, float] = {}
    if (gained := tune_products()) is not None:
        taken["products"] = gained.times
    offers = (("swiglu", _offer_swiglu), ("attention", _offer_attention), ("rows", _offer_rows))
    for name, offer in offers:
        gain = offer(model)
        if gain is not None:
            taken[name] = gain
    return taken


_WRONG = 1e-6  # of the largest value


def _offer_swiglu(model: Any) -> float | None:
    """silu(gate) x up: the sigmoid from exp(-|gate|), so that nothing overflows."""
    import mlx.core as mx
    from mlx_lm.models import activations

    exp = _exp()

    def swiglu(gate: Any, x: Any) -> Any:
        small = exp(-mx.abs(gate))
        share = mx.where(gate >= 0, 1.0, small) / (1.0 + small)
        return gate * share * x

    compiled = _compiled(swiglu)
    theirs = getattr(activations.swiglu, "replaced", activations.swiglu)
    samples = [mx.random.normal((64, 1, 1536)) * 4 for _ in range(2)]
    gain = _gain(compiled, theirs, samples)
    if gain is not None:
        _replace(model, "swiglu", theirs, _in_float32(compiled, theirs))
    return gain


def _in_float32(ours: Callable[..., Any], theirs: Callable[..., Any]) -> Callable[..., Any]:
    """Ours for float32, theirs for every other type."""
    import mlx.core as mx

    def chosen(first: Any, *others: Any) -> Any:
        return (ours if first.dtype == mx.float32 else theirs)(first, *others)

    chosen.replaced = theirs  # type: ignore[attr-defined]
    return chosen


def _replace(model: Any, name: str, theirs: Any, ours: Any) -> None:
    """Put ours where the modules of this model's classes know theirs by name."""
    for module in {type(part).__module__ for _, part in model.named_modules()}:
        if getattr(sys.modules.get(module), name, None) is theirs:
            setattr(sys.modules[module], name, ours)


def _offer_attention(model: Any) -> float | None:
    import mlx.core as mx

    from workers.generation.packed import attention, store

    attend = attention_by_parts()
    samples = [mx.random.normal((8, 6, 1, 64)), *(mx.random.normal((8, 2, 300, 64)),) * 2]
    gain = _gain(
        lambda q, k, v: attend(q, k, v, 0.125, None),
        lambda q, k, v: store.by_mlx(q, k, v, 0.125, None),
        samples,
    )
    if gain is not None and attention.install(model):
        store.use_attention(attend)
        return gain
    return None


_NEW, _HELD = (1, 1, 1, 1, 1, 2, 3, 5), 300  # new tokens of each row, and those before
_PROMPT = 96  # tokens of a prompt in the same pass
_rows: tuple[float | None] | None = None  # what was gained, once it is known


def _offer_rows(model: Any) -> float | None:
    """Rows that keep and attend to their own keys and values in C; decided once a process."""
    global _rows
    if _rows is None:
        _rows = (_taken_rows(model),)
    return _rows[0]


def _taken_rows(model: Any) -> float | None:
    from workers.generation.linux_cpu import own_rows
    from workers.generation.packed import cache as packed
    from workers.generation.packed.rows import RowCache

    library = own_rows.load(cache_dir())
    if library is None:
        return None

    def faster(layers: int) -> RowCache:
        return own_rows.RowsCache(layers, library)

    heads, kv_heads, dim = _heads(model.args)
    samples = _rows_samples(heads, kv_heads, dim)
    ways = [_attending(cache, kv_heads, dim) for cache in (faster(1), packed.PackedCache(1))]
    # Each adds up hundreds of numbers in an order of its own.
    gain = _gain(ways[0], ways[1], samples, 2 * _WRONG)
    packed.use_cache(None if gain is None else faster)
    return gain


def _heads(args: Any) -> tuple[int, int, int]:
    """Heads, heads of keys, and numbers of a head, as nearly all of mlx-lm's models name them."""
    heads = int(getattr(args, "num_attention_heads", 8))
    kv_heads = int(getattr(args, "num_key_value_heads", None) or heads)
    size = int(getattr(args, "hidden_size", 64 * heads)) // heads
    return heads, kv_heads, int(getattr(args, "head_dim", None) or size)


def _rows_samples(heads: int, kv_heads: int, dim: int) -> list[Any]:
    """Queries, keys and values of a pass of rows and a prompt's part."""
    import mlx.core as mx

    key, tokens = mx.random.key(1), sum(_NEW) + _PROMPT
    return [mx.random.normal((tokens, n, 1, dim), key=key) for n in (heads, kv_heads, kv_heads)]


def _attending(cache: Any, kv_heads: int, dim: int) -> Callable[..., Any]:
    """What runs one layer's pass over rows that `cache` holds and a prompt, over and over."""
    import mlx.core as mx

    from workers.generation.packed.plan import Piece, Staged
    from workers.generation.packed.rows import Decoding

    held = mx.random.normal((1, kv_heads, _HELD, dim), key=mx.random.key(0))
    rows = [Decoding(cache.insert(Staged([(held, held)])), count) for count in _NEW]
    tokens = sum(_NEW) + _PROMPT

    def attend(queries: Any, keys: Any, values: Any) -> Any:
        piece = Piece(Staged([(held, held)]), sum(_NEW), tokens)
        cache.begin(rows, [piece], [0] * tokens)
        cache.layers[0].update_and_fetch(keys, values)
        return cache.layers[0].attend(queries, 0.125)

    return attend


def _gain(
    ours: Callable[..., Any],
    theirs: Callable[..., Any],
    samples: Sequence[Any],
    wrong: float = _WRONG,
) -> float | None:
    """How many times as fast ours is; None when it is no faster, fails, or is wrong."""
    import mlx.core as mx

    try:
        expected, found = theirs(*samples), ours(*samples)
        off: Any = (mx.abs(expected - found).max() / mx.abs(expected).max()).item()
        if not off <= wrong:
            return None
    except (RuntimeError, ValueError, MemoryError, ctypes.ArgumentError):
        return None  # no compiler on this machine
    rounds = [(_seconds(theirs, samples), _seconds(ours, samples)) for _ in range(5)]
    gain = min(slow for slow, _ in rounds) / min(fast for _, fast in rounds)
    return gain if gain > 1.1 else None


def _seconds(function: Callable[..., Any], samples: Sequence[Any]) -> float:
    import mlx.core as mx

    begun = time.perf_counter()
    mx.eval(function(*samples))
    return time.perf_counter() - begun
