"""Models for embeddings as mlx-lm can load them: they come without a head, and named otherwise.

Their weights are those of the backbone alone, `layers.0...` instead of `model.layers.0...`, and no
head is among them, whatever their config says.  Invariant: weights that are named as mlx-lm has
them are left alone.
"""

from __future__ import annotations

import inspect
from typing import Any

from mlx_lm.utils import load_model

_BACKBONE = "model."


def how_without_head() -> dict[str, Any]:
    """What `mlx_lm.utils.load_model` is called with for such a model."""
    return {"model_config": {"tie_word_embeddings": True}, "get_model_classes": _classes}


def _classes(config: dict[str, Any]) -> tuple[type, type]:
    usual = inspect.signature(load_model).parameters["get_model_classes"].default
    kind, arguments = usual(config)

    def sanitize(self: Any, weights: dict[str, Any]) -> dict[str, Any]:
        if not any(name.startswith(_BACKBONE) for name in weights):
            weights = {_BACKBONE + name: weight for name, weight in weights.items()}
        known: Any = getattr(kind, "sanitize", None)
        found: dict[str, Any] = known(self, weights) if known else weights
        return found

    return type(kind.__name__, (kind,), {"sanitize": sanitize}), arguments
