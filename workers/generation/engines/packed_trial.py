"""A trial of packed passes: what must come out of them, on two short rows, before they are used.

Two rows of different lengths start from one prefix, a draft is rejected, and what a layer sees
ends at its window, which is made short for the trial.  Knows a model and the caches that its rows
may be kept in.  Invariant: what passes gave the logits of mlx-lm's own caches at every place, which
read a prompt in one pass and then token by token, as mlx-lm generates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import mlx.core as mx
from mlx_lm.models.cache import RotatingKVCache, make_prompt_cache

from workers.generation.engines.patience import Patience
from workers.generation.model.load import LoadedModel
from workers.generation.packed.forward import Forward
from workers.generation.packed.kinds import LayerKind, flat, nested, nesting
from workers.generation.packed.plan import PrefillChunk, PrefilledKV
from workers.generation.packed.rows import CacheSlot, Decoding, RowCache

FORMAT = 5  # of what is tried, and with which kernels: a verdict holds for one
_WINDOW = 4  # tokens, at most, of a window in the trial
_PREFIX = 4  # tokens that both rows begin with
_ROWS = 12, 9  # tokens of each row
_PROMPTS = 7, 5  # how many of them are prompt
_WRONG = 2  # draft tokens that are taken back
_TOLERANCE = 0.02  # of the logits' spread, or in half precision, if that is more,
_ROUNDING = 2.0  # times what mlx-lm's own caches differ by between one pass and many,
_MOST = 0.1  # but not more than this


@dataclass(frozen=True)
class TrialLogits:
    """Logits (vocab,) after a token of one of the two rows."""

    row: int
    place: int
    logits: mx.array


def packed_trial(loaded: LoadedModel, kv_bits: int | None = None) -> str | None:
    """What is wrong with packed passes of this model, or None.

    Raises TooSlowError where that takes too long to find out, and may raise whatever a model's
    code raises that gets something it does not expect.
    """
    kinds = tuple(map(_shortened, loaded.layer_kinds))
    rows, patience = _texts(loaded.facts.vocab_size), Patience()
    wanted = [_expected(loaded, kinds, row, prompt, patience) for row, prompt in _halves(rows)]
    rounding = partial(own_rounding, loaded, rows, patience)
    for kernels in (loaded.kernels, replace(loaded.kernels, rows=None)):
        patience.check()
        found = _passes(loaded, kernels.cache(kinds), rows)
        off = max(_off(one, wanted[one.row][one.place]) for one in found)
        if not (off <= _TOLERANCE or off <= min(_MOST, _ROUNDING * rounding())):
            return f"a trial pass was off by {off:.1%} of the logits' spread"
    if kv_bits is not None:
        mx.eval([one.logits for one in _passes(loaded, loaded.new_cache(kv_bits), rows)])
    return None


def _shortened(kind: LayerKind) -> LayerKind:
    return replace(kind, window=kind.window and min(kind.window, _WINDOW))


def _texts(vocabulary: int) -> list[list[int]]:
    one = [(7 * i * i + 3) % vocabulary for i in range(_ROWS[0])]
    rest = [(11 * i * i + 5) % vocabulary for i in range(_PREFIX, _ROWS[1])]
    return [one, [*one[:_PREFIX], *rest]]


def _expected(
    loaded: LoadedModel,
    kinds: Sequence[LayerKind],
    tokens: list[int],
    prompt: int,
    patience: Patience,
) -> mx.array:
    """Logits (tokens, vocab) by mlx-lm's caches, of short windows where there are any: of a row
    that begins with so many tokens of prompt."""
    made = make_prompt_cache(loaded.model)
    short = [
        _shorter(cache, kind.window) if kind.window else cache
        for kind, cache in zip(kinds, flat(made), strict=True)
    ]
    caches = nested(short, nesting(made))
    parts = [tokens[: prompt - 1], *([token] for token in tokens[prompt - 1 :])]
    return _by_mlx_lm(loaded.model, parts, caches, patience)


def own_rounding(loaded: LoadedModel, rows: Sequence[list[int]], patience: Patience) -> float:
    """How far mlx-lm's logits for the rows, as far as all windows reach, are apart, of their
    spread, if it reads them in one pass or token by token: nothing in float32, and some hundredths
    in half precision on a GPU."""
    within = min((kind.window for kind in loaded.layer_kinds if kind.window), default=None)
    found = 0.0
    for row in (row[:within] for row in rows):
        whole, each = (
            _by_mlx_lm(loaded.model, parts, make_prompt_cache(loaded.model), patience)
            for parts in ([row], [[t] for t in row])
        )
        places = [TrialLogits(0, place, logits) for place, logits in enumerate(each)]
        found = max(found, *(_off(one, whole[one.place]) for one in places))
    return found


def _by_mlx_lm(
    model: Any, parts: Sequence[list[int]], caches: list[Any], patience: Patience
) -> mx.array:
    found = []
    for part in parts:
        patience.check()
        found.append(model(mx.array(part)[None], cache=caches)[0].astype(mx.float32))
        mx.eval(found[-1])
    return mx.concatenate(found)


def _shorter(cache: Any, window: int) -> Any:
    """mlx-lm's cache with a shorter window.  Models name theirs when they ask for a mask: one that
    asks for more tokens than its cache keeps gets as many more here."""
    kind: Any = RotatingKVCache
    found = kind(max_size=window)
    mask = found.make_mask

    def shorter(tokens: int, window_size: int | None = None, **more: Any) -> Any:
        if window_size is not None:
            window_size = min(window_size, window) + max(0, window_size - cache.max_size)
        return mask(tokens, window_size=window_size, **more)

    found.make_mask = shorter
    return found


def _passes(loaded: LoadedModel, cache: RowCache, rows: list[list[int]]) -> list[TrialLogits]:
    """The rows through their passes: the prefix, the prompts, a wrong draft, and the rest."""
    forward = Forward(loaded.parts)
    prefix = PrefilledKV([None] * len(cache.layers))
    cache.begin([], [PrefillChunk(prefix, 0, _PREFIX)], list(range(_PREFIX)))
    mx.eval(forward.logits(rows[0][:_PREFIX], cache, [0]), prefix.arrays)
    forks = [prefix.fork() for _ in rows]
    found = _prompts(forward, cache, rows, forks)
    slots = [cache.insert(one) for one in forks]
    wrong = [[(token + 1) % loaded.facts.vocab_size for token in rows[0][:_WRONG]], []]
    found += _decode(forward, cache, slots, [row[n : n + 1] for row, n in _halves(rows)], wrong)
    return found + _decode(
        forward, cache, slots, [row[n + 1 :] for row, n in _halves(rows)], [[], []]
    )


def _halves(rows: list[list[int]]) -> list[tuple[list[int], int]]:
    return list(zip(rows, _PROMPTS, strict=True))


def _prompts(
    forward: Forward, cache: RowCache, rows: list[list[int]], forks: list[PrefilledKV]
) -> list[TrialLogits]:
    """What follows the prefix in both prompts, in one pass; the logits after their last tokens."""
    tokens: list[int] = []
    positions: list[int] = []
    chunks = []
    for (row, stop), one in zip(_halves(rows), forks, strict=True):
        chunks.append(PrefillChunk(one, len(tokens), len(tokens) + stop - _PREFIX))
        tokens += row[_PREFIX:stop]
        positions += range(_PREFIX, stop)
    cache.begin([], chunks, positions)
    logits = forward.logits(tokens, cache, [chunk.stop - 1 for chunk in chunks])
    mx.eval(logits, [array for one in forks for array in one.arrays])
    return [TrialLogits(n, stop - 1, logits[n]) for n, stop in enumerate(_PROMPTS)]


def _decode(
    forward: Forward,
    cache: RowCache,
    slots: Sequence[CacheSlot],
    new: Sequence[list[int]],
    wrong: Sequence[list[int]],
) -> list[TrialLogits]:
    """The rows' next tokens, and behind them some that are taken back."""
    flat = [[*tokens, *draft] for tokens, draft in zip(new, wrong, strict=True)]
    rows = [Decoding(slot, len(tokens)) for slot, tokens in zip(slots, flat, strict=True)]
    positions = [row.slot.length + i for row in rows for i in range(row.count)]
    cache.begin(rows, [], positions)
    logits = forward.logits([t for tokens in flat for t in tokens], cache, range(len(positions)))
    mx.eval(logits)
    found, at = [], 0
    for number, (row, tokens) in enumerate(zip(rows, new, strict=True)):
        found += [
            TrialLogits(number, row.slot.length + i, logits[at + i]) for i in range(len(tokens))
        ]
        at += row.count
    cache.commit(rows, [len(tokens) for tokens in new])
    return found


def _off(found: TrialLogits, wanted: mx.array) -> float:
    off: Any = (mx.abs(found.logits - wanted).max() / mx.std(wanted)).item()
    return float(off) if off == off else float("inf")
