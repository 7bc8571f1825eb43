"""Small models of any architecture that mlx-lm knows, made from a configuration alone.

Knows mlx-lm's loader and the tests' tokenizer; nothing of engines.  Invariant: the same
configuration and seed give the same weights, large enough that answers depend on the prompt.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import mlx.core as mx
import mlx.nn as nn
from mlx.utils import tree_flatten, tree_unflatten
from mlx_lm.utils import MODEL_REMAPPING, load_tokenizer

from tests.tiny_model import VOCABULARY, make_tiny_model
from workers.core.errors import ModelError
from workers.generation.model.load import LoadedModel, from_parts

_SPREAD = 1.6  # of a matrix's products, for inputs of spread one


def model_of(config: Mapping[str, Any], seed: int = 0) -> LoadedModel:
    """A model of this configuration with random weights and the tests' small tokenizer.

    Raises ModelError, in one line, where mlx-lm can't make one.
    """
    name = str(config["model_type"])
    config = _with_room_for_words(config)
    try:
        code = import_module(f"mlx_lm.models.{MODEL_REMAPPING.get(name, name)}")
        model = code.Model(code.ModelArgs.from_dict(config))
    except Exception as error:  # whatever the model's own code raises
        cause = f"{type(error).__name__}: {error}"
        raise ModelError(f"{name}: mlx-lm can't make it ({cause})") from error
    randomize(model, seed)
    with TemporaryDirectory() as folder:
        make_tiny_model(Path(folder))
        tokenizer = load_tokenizer(Path(folder))
    return from_parts(Path(name), model, tokenizer, config)


def _with_room_for_words(config: Mapping[str, Any]) -> dict[str, Any]:
    """The configuration, with a vocabulary that holds all tokens of the tokenizer."""
    found = dict(config)
    if isinstance(inner := found.get("text_config"), Mapping):
        found["text_config"] = _with_room_for_words(inner)
    if "vocab_size" in found:
        found["vocab_size"] = max(VOCABULARY, int(found["vocab_size"]))
    return found


def randomize(model: nn.Module, seed: int) -> None:
    """Random matrices; vectors, such as norms and decays, stay as the model makes them."""
    key, found = mx.random.key(seed), []
    weights: Any = tree_flatten(model.parameters())
    for name, weight in weights:
        key, own = mx.random.split(key)
        if weight.ndim >= 2 and mx.issubdtype(weight.dtype, mx.floating):
            scale = _SPREAD / weight.shape[-1] ** 0.5
            weight = scale * mx.random.normal(weight.shape, dtype=mx.float32, key=own)
        found.append((name, weight))
    model.update(tree_unflatten(found))
    mx.eval(model.parameters())
