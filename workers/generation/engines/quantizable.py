"""Whether a model's keys and values can be kept in a few bits, in packed passes and one by one.

Found out before anything is generated: from the sizes of what its layers keep, and from passes
that are built and never computed.  Knows mlx-lm's caches.  Invariant: a refusal names what is at
fault, in words of the model's and not of Python's.
"""

from __future__ import annotations

import mlx.core as mx
from mlx_lm.generate import maybe_quantize_kv_cache
from mlx_lm.models.cache import QuantizedKVCache, RotatingKVCache, make_prompt_cache

from workers.generation.architecture import FAILURES
from workers.generation.model.load import LoadedModel
from workers.generation.packed.kinds import NotPackableError
from workers.generation.packed.store import KV_GROUP


def why_not_in_groups(loaded: LoadedModel) -> str | None:
    """Why some layer's keys or values don't fall into groups that share a scale, or None.

    What can't be known, for a model that packed passes refuse anyway, is no reason.
    """
    try:
        tokens = [kind.token for kind in loaded.layer_kinds if kind.token is not None]
    except (NotPackableError, *FAILURES):
        return None
    sizes = (part.shape[-1] for token in tokens for part in token)
    odd = next((size for size in sizes if size % KV_GROUP), None)
    return None if odd is None else f"its head dimension is {odd}, not a multiple of {KV_GROUP}"


def why_not_quantized(loaded: LoadedModel, bits: int) -> str | None:
    """Why mlx-lm's generation of one row can't quantize this model's caches, or None if it can."""
    caches = make_prompt_cache(loaded.model)
    if any(isinstance(cache, RotatingKVCache) for cache in caches):
        return "mlx-lm can't quantize a sliding window"
    tokens = mx.array([[0, 1]])
    try:
        loaded.model(tokens, cache=caches)
        maybe_quantize_kv_cache(caches, 0, KV_GROUP, bits)
        loaded.model(tokens[:, :1], cache=caches)
    except (NotImplementedError, *FAILURES):
        return why_not_in_groups(loaded) or "mlx-lm can't attend to its layers' quantized keys"
    if not any(isinstance(cache, QuantizedKVCache) for cache in caches):
        return "mlx-lm quantizes none of its caches"
    return None
