"""Running a packed pass through a model: hidden states of all tokens, logits of a few.

Knows the two parts of a language model, body and head.  Invariant: what comes out is what
the model itself would give, for the places that were asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import mlx.core as mx
import mlx.nn as nn

from workers.generation.architecture import body_of
from workers.generation.packed.attention import install
from workers.generation.packed.rows import RowCache

# Settings by which some architectures change what comes out of the head.
_LOGIT_SCALES = ("final_logit_softcapping", "logits_scaling", "logit_scale", "dim_model_base")


class Forward:
    """A model's forward pass over flat tokens."""

    def __init__(self, model: nn.Module) -> None:
        install(model)
        self._model = model
        self._body, self._head = split(model)

    def logits(self, tokens: Sequence[int], cache: RowCache, places: Sequence[int]) -> mx.array:
        """Logits (places, vocab) in float32 after a pass over `tokens`; may be lazy."""
        inputs = mx.array(list(tokens), dtype=mx.int32)[:, None]
        wanted = mx.array(list(places), dtype=mx.int32)
        if self._head is None:
            logits: mx.array = self._model(inputs, cache=cache.layers)[:, 0][wanted]
        else:
            logits = self._head(self._body(inputs, cache=cache.layers)[:, 0][wanted])
        return logits.astype(mx.float32)


def split(model: nn.Module) -> tuple[Any, Any]:
    """The body and the vocabulary head; None for a head that can't be run alone."""
    body = body_of(model)
    if any(hasattr(model.args, name) for name in _LOGIT_SCALES):
        return body, None
    return body, model.get("lm_head") or getattr(body["embed_tokens"], "as_linear", None)
