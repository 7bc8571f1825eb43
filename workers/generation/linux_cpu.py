"""What MLX needs on a Linux CPU to be fast: a good BLAS, exponentials that vectorize, and
attention of many rows in one call.

A Mac never loads this module.  Each piece is taken only where it is measured to be faster
here, and checked against what it takes the place of.  Invariant: only speed changes, and the
last digits.
"""

from __future__ import annotations

import ctypes
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from workers.generation import products
from workers.model_store import cache_dir

_blas: str | None = None
_products: products.Products | None = None


def prepare() -> str | None:
    """Load the fast BLAS, once, before mlx: its symbols then win over the bundled one.

    Returns the library's path, or None where there is none or none is needed.
    The wheel of mlx links the reference BLAS; MKL is some forty times as fast.  Our own product
    for few rows goes before it where there is a compiler, and stays off until `tune_products`.
    """
    global _blas
    if _blas is None and sys.platform == "linux":
        for candidate in _candidates():
            if candidate.is_file():
                _blas = _load(candidate)
                break
    return _blas


def _candidates() -> list[Path]:
    chosen = os.environ.get("CYBERLLM_BLAS")
    if chosen is not None:
        return [Path(chosen)] if chosen else []
    return sorted(Path(sys.prefix, "lib").glob("libmkl_rt.so.*"))


def _load(library: Path) -> str:
    if "mlx.core" in sys.modules:
        raise RuntimeError("linux_cpu.prepare() must run before mlx is imported")
    # MLX calls BLAS with 32-bit integers.
    os.environ.setdefault("MKL_INTERFACE_LAYER", "LP64")
    global _products
    _products = products.before(library, cache_dir())
    return str(library)


def own_products() -> products.Products | None:
    """Our own matrix product, if it was loaded."""
    return _products


def tune_products() -> products.Gain | None:
    """Let our own matrix product take the numbers of rows at which it is faster here."""
    return None if _products is None else _products.tune()


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


def _exp() -> Callable[[Any], Any]:
    """exp(x) for x <= 0 in float32: 2^n from the exponent bits, times e^r by a polynomial.

    Reduction and coefficients are those of Cephes' expf (Moshier); relative error below
    2.5e-7.  Below -87 it gives 2e-38 instead of what is smaller still.
    """
    import mlx.core as mx

    def exp(x: Any) -> Any:
        x = mx.maximum(x, -87.0)
        whole = mx.round(x * 1.4426950408889634)
        part = (x - whole * 0.693359375) + whole * 2.12194440e-4
        found: Any = 1.9875691500e-4
        for coefficient in _EXP:
            found = found * part + coefficient
        found = found * part * part + part + 1.0
        return found * mx.view((whole.astype(mx.int32) + 127) << 23, mx.float32)

    return exp


_WRONG = 1e-6  # of the largest value
_CAUSAL_BLOCK = 64  # queries that attend together in a prompt
_EXP = (1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1)


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

    from workers.generation import attention

    attend = attention_by_parts()
    samples = [mx.random.normal((8, 6, 1, 64)), *(mx.random.normal((8, 2, 300, 64)),) * 2]
    gain = _gain(
        lambda q, k, v: attend(q, k, v, 0.125, None),
        lambda q, k, v: attention.by_mlx(q, k, v, 0.125, None),
        samples,
    )
    if gain is not None and attention.install(model):
        attention.use_attention(attend)
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
    from workers.generation import own_rows, packed

    library = own_rows.load(cache_dir())
    if library is None:
        return None

    def faster(layers: int) -> packed.RowCache:
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

    from workers.generation.attention import Piece, Staged
    from workers.generation.packed import Decoding

    held = mx.random.normal((1, kv_heads, _HELD, dim), key=mx.random.key(0))
    rows = [Decoding(cache.insert(Staged([(held, held)])), count) for count in _NEW]
    tokens = sum(_NEW) + _PROMPT

    def attend(queries: Any, keys: Any, values: Any) -> Any:
        piece = Piece(Staged([(held, held)]), sum(_NEW), tokens)
        cache.begin(rows, [piece], [0] * tokens)
        cache.layers[0].update_and_fetch(keys, values)
        return cache.layers[0].attend(queries, 0.125)

    return attend


def attention_by_parts() -> Callable[..., Any]:
    """Scaled dot products with a softmax by the fast exp, divided after the values are summed.

    Takes and gives what `attention.by_mlx` does; leaves other types than float32 to it.
    """
    import mlx.core as mx

    from workers.generation import attention

    powers = _compiled(_exp_below_zero(_exp()))

    def attend(queries: Any, keys: Any, values: Any, scale: float, mask: Any) -> Any:
        if queries.dtype != mx.float32:
            return attention.by_mlx(queries, keys, values, scale, mask)
        batch, heads, width, size = queries.shape
        groups, columns = keys.shape[1], keys.shape[2]
        if isinstance(mask, str) and width > _CAUSAL_BLOCK:
            return _by_blocks(attend, queries, keys, values, scale)
        grouped = (queries * scale).reshape(batch, groups, -1, size)
        scores = (grouped @ keys.swapaxes(-1, -2)).reshape(batch, heads, width, columns)
        if mask is not None:
            scores = scores + _bias(mask, width, columns)
        weights = powers(scores, scores.max(axis=-1, keepdims=True))
        mixed = weights.reshape(batch, groups, -1, columns) @ values
        total = weights.sum(axis=-1, keepdims=True)
        return mixed.reshape(batch, heads, width, values.shape[-1]) / total

    return attend


def _by_blocks(attend: Any, queries: Any, keys: Any, values: Any, scale: float) -> Any:
    """Causal attention, a block of queries after the other: none looks at what comes after it."""
    import mlx.core as mx

    width, before = queries.shape[2], keys.shape[2] - queries.shape[2]
    parts = []
    for start in range(0, width, _CAUSAL_BLOCK):
        stop = min(width, start + _CAUSAL_BLOCK)
        seen = [x[:, :, : before + stop] for x in (keys, values)]
        parts.append(attend(queries[:, :, start:stop], *seen, scale, "causal"))
    return mx.concatenate(parts, axis=2)


def _exp_below_zero(exp: Callable[[Any], Any]) -> Callable[[Any, Any], Any]:
    def powers(scores: Any, highest: Any) -> Any:
        return exp(scores - highest)

    return powers


def _bias(mask: Any, width: int, columns: int) -> Any:
    """A mask of any of MLX's kinds as numbers to add."""
    import mlx.core as mx

    if isinstance(mask, str):
        rows = mx.arange(columns - width, columns)[:, None]
        mask = rows >= mx.arange(columns)[None]
    return mx.where(mask, 0.0, -mx.inf) if mask.dtype == mx.bool_ else mask


def _compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compiled to one loop; MLX needs a C++ compiler for it on a CPU."""
    import mlx.core as mx

    return mx.compile(function)


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
