"""Which models can be run in packed passes, and which pairs can draft for each other.

Decides by the type of each layer's cache, then by a trial: a short text through each kind of
cache for rows that may be used must give what it gives through mlx-lm's own.  Invariant: a
refusal names the layer, token or figure at fault.
"""

from __future__ import annotations

import ctypes
from dataclasses import replace
from typing import Any

import mlx.core as mx
from mlx_lm.models.cache import KVCache, make_prompt_cache

from workers.generation.model.load import LoadedModel
from workers.generation.packed.forward import Forward
from workers.generation.packed.plan import Piece, Staged
from workers.generation.packed.rows import Decoding, RowCache

_TRIAL = 12  # tokens
_FAILURES = (
    *(TypeError, ValueError, RuntimeError, AttributeError, IndexError),
    *(AssertionError, MemoryError, ctypes.ArgumentError),
)
_TOLERANCE = 0.02  # of the logits' spread; rounding in half precision stays far below
_WHY = {
    "RotatingKVCache": "a sliding window, which forgets what it would have to take back",
    "ArraysCache": "a recurrent state, which can't take single tokens back",
    "ChunkedKVCache": "chunks, which forget what they would have to take back",
    "CacheList": "several caches at once",
}


def why_not_packed(loaded: LoadedModel) -> str | None:
    """Why this model needs mlx-lm's own batches, or None if it can run in packed passes.

    Tried with both kinds of cache that its rows may be kept in.
    """
    for number, cache in enumerate(make_prompt_cache(loaded.model)):
        if type(cache) is not KVCache:
            name = type(cache).__name__
            return f"layer {number} keeps a {name}: {_WHY.get(name, 'not a plain KV cache')}"
    try:
        return _trial(loaded)
    except _FAILURES as error:
        [first, *_] = str(error).splitlines() or [""]
        return f"a trial pass failed: {type(error).__name__}: {first[:120]}"


def _trial(loaded: LoadedModel) -> str | None:
    """What is wrong with a short text, against mlx-lm's own pass."""
    model, layers = loaded.model, len(loaded.model.layers)
    vocabulary = int(getattr(model.args, "vocab_size", 1000))
    tokens = [(7 * i * i + 3) % vocabulary for i in range(_TRIAL)]
    expected = model(mx.array(tokens)[None], cache=make_prompt_cache(model))[0]
    wanted = expected[_TRIAL // 2 :].astype(mx.float32)
    kinds = [loaded.kernels, replace(loaded.kernels, rows=None)]
    for cache in (kernels.cache(layers) for kernels in kinds):
        found = _logits(loaded, tokens, cache)
        if found is None:
            name = type(model).__module__
            return f"the attention of {name} is not mlx-lm's common one: it passed our cache by"
        off: Any = (mx.abs(found - wanted).max() / mx.std(wanted)).item()
        if not off <= _TOLERANCE:
            return f"a trial pass was off by {off:.1%} of the logits' spread"
    return None


def _logits(loaded: LoadedModel, tokens: list[int], cache: RowCache) -> mx.array | None:
    """Logits of the second half of the tokens: the first half as a prompt, the rest at once."""
    forward, half = Forward(loaded.fast_model), len(tokens) // 2
    staged = Staged([None] * len(cache.layers))
    cache.begin([], [Piece(staged, 0, half)], list(range(half)))
    forward.logits(tokens[:half], cache, [0])
    if not all(layer.attended for layer in cache.layers):
        return None
    row = Decoding(cache.insert(staged), len(tokens) - half)
    cache.begin([row], [], list(range(half, len(tokens))))
    return forward.logits(tokens[half:], cache, range(row.count))


def why_not_draft(target: LoadedModel, draft: LoadedModel) -> str | None:
    """Why `draft` can't draft for `target`, or None if it can: their tokens must be the same."""
    ours, theirs = _vocabulary(target), _vocabulary(draft)
    if ours != theirs:
        odd = next(iter(sorted(ours.items() ^ theirs.items(), key=lambda item: item[1])))
        return (
            f"their tokenizers differ: {len(ours)} and {len(theirs)} tokens, "
            f"and {odd[0]!r} does not have the id {odd[1]} in both"
        )
    if target.eos_token_ids != draft.eos_token_ids:
        both = sorted(target.eos_token_ids), sorted(draft.eos_token_ids)
        return f"their answers end with different tokens: {both[0]} and {both[1]}"
    text = 'CVE-2021-44228: an attacker\'s request,\n\n  {"id": 7} <b>über</b>'
    if target.tokenizer.encode(text) != draft.tokenizer.encode(text):
        return "their tokenizers cut the same text into different tokens"
    reason = why_not_packed(draft)
    return f"the draft model can't run in packed passes: {reason}" if reason else None


def _vocabulary(loaded: LoadedModel) -> dict[str, Any]:
    return dict(loaded.tokenizer.get_vocab())
