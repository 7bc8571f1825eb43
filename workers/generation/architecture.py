"""The parts of a language model: the body that runs its layers, and its vocabulary head."""

from __future__ import annotations

from typing import Any

import mlx.nn as nn


def body_of(model: nn.Module) -> Any:
    """The module that runs the layers in order (model.model in most architectures)."""
    for _, module in model.named_modules():
        layers = module.get("layers") if isinstance(module, dict) else None
        if isinstance(layers, list) and "norm" in module and "embed_tokens" in module:
            return module
    raise ValueError("no stack of layers found in this architecture")
