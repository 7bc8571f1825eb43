"""The parts of a language model: the body that runs its layers, and its vocabulary head.

Knows how mlx-lm's models are put together; runs them on whatever it is given.  Invariant:
logits are those that the model itself would give for the places that were asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import mlx.core as mx
import mlx.nn as nn

# Settings by which some architectures change what comes out of the head.
_LOGIT_SCALES = ("final_logit_softcapping", "logits_scaling", "logit_scale", "dim_model_base")


@dataclass(frozen=True)
class Parts:
    """A model, its body, and its vocabulary head; None for a head that can't be run alone."""

    model: Any
    body: Any
    head: Any

    def logits(
        self, tokens: mx.array, cache: Any, chosen: Callable[[mx.array], mx.array]
    ) -> mx.array:
        """Logits of the places that `chosen` takes out of (batch, tokens, size); may be lazy.

        The head runs for these places alone if it can.
        """
        if self.head is None:
            return chosen(self.model(tokens, cache=cache))
        found: mx.array = self.head(chosen(self.body(tokens, cache=cache)))
        return found


def split(model: nn.Module) -> Parts:
    """The model in its parts; raises ValueError when no stack of layers is found."""
    body = _body(model)
    if any(hasattr(model.args, name) for name in _LOGIT_SCALES):
        return Parts(model, body, None)
    head = model.get("lm_head") or getattr(body["embed_tokens"], "as_linear", None)
    return Parts(model, body, head)


def _body(model: nn.Module) -> Any:
    """The module that runs the layers in order (model.model in most architectures)."""
    for _, module in model.named_modules():
        layers = module.get("layers") if isinstance(module, dict) else None
        if isinstance(layers, list) and "norm" in module and "embed_tokens" in module:
            return module
    raise ValueError("no stack of layers found in this architecture")
