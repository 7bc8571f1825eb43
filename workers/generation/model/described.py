"""What a model says of itself: sizes, and how long its texts may be, wherever it keeps them.

A published config.json leaves out what transformers takes for granted, and may keep the rest in a
`text_config`; mlx-lm's modules are made from arguments with defaults of their own, where a size may
be a list with one for each layer.  Knows these three places, no weights.  Invariant: a figure that
is nowhere is 0, never an error.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import mlx.nn as nn
from transformers.models.auto.configuration_auto import CONFIG_MAPPING

from workers.generation.architecture import made_from

_NO_LIMIT = 1 << 30  # what tokenizers declare that know none is larger
_WINDOW = (
    *("max_position_embeddings", "max_seq_len", "max_context_length", "n_positions", "n_ctx"),
    *("seq_length", "block_size", "model_max_length"),
)
_HIDDEN = "hidden_size", "dim", "d_model", "n_embd", "model_dim"
_INNER = "intermediate_size", "ffn_hidden_size", "hidden_dim", "n_inner"
_HEADS, _KV_HEADS, _HEAD_DIM = "num_attention_heads", "num_key_value_heads", "head_dim"
_SCALED = "rope_scaling", "rope_parameters"
_WITHIN = "llama3"  # stretches as far as max_position_embeddings says, not by its whole factor
_HIDDEN_UNSAID, _TIMES_UNSAID, _HEADS_UNSAID, _HEAD_DIM_UNSAID = 1024, 4, 8, 64


def text_window(model: nn.Module, config: Mapping[str, Any], tokenizer: Any) -> int:
    """Most tokens of a text, by the model or its tokenizer; 0 where neither says it."""
    written = _written(config)
    named = _first(written, _WINDOW) or _first(_by_default(written), _WINDOW)
    window = max(named or _first(made_from(model), _WINDOW), *map(_scaled, written))
    declared = getattr(tokenizer, "model_max_length", None)
    if isinstance(declared, int) and 0 < declared < (window or _NO_LIMIT):
        return declared
    return window


def widths(model: nn.Module, config: Mapping[str, Any]) -> tuple[int, int]:
    """Numbers of a token between layers, and at most within one."""
    places = [*made_from(model), *_written(config)]
    hidden = _first(places, _HIDDEN) or _HIDDEN_UNSAID
    return hidden, _first(places, _INNER) or _TIMES_UNSAID * hidden


def heads_of(model: nn.Module) -> tuple[int, int, int]:
    """Heads of queries, heads of keys and values, and elements of a key."""
    places = made_from(model)
    heads = _first(places, [_HEADS]) or _HEADS_UNSAID
    hidden = _first(places, _HIDDEN) or _HEAD_DIM_UNSAID * heads
    return (
        heads,
        _first(places, [_KV_HEADS]) or heads,
        _first(places, [_HEAD_DIM]) or hidden // heads,
    )


def _written(config: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What stands in a config.json, of the language model first."""
    inner = config.get("text_config")
    return [inner, config] if isinstance(inner, Mapping) else [config]


def _by_default(written: Sequence[Mapping[str, Any]]) -> Iterator[Any]:
    """The configurations of transformers for these, which say what is left out of a file."""
    for one in written:
        try:
            yield CONFIG_MAPPING[str(one.get("model_type"))]
        except (KeyError, ImportError, AttributeError):  # it knows no such model
            continue


def _scaled(place: Mapping[str, Any]) -> int:
    """How far rotary positions reach that are stretched from an original length; 0 for others."""
    found = [place.get(name) for name in _SCALED]
    scalings = [one for one in found if isinstance(one, Mapping)]
    scalings += [one for outer in scalings for one in outer.values() if isinstance(one, Mapping)]
    return max((_stretched(one) for one in scalings), default=0)


def _stretched(scaling: Mapping[str, Any]) -> int:
    if scaling.get("rope_type", scaling.get("type")) == _WITHIN:
        return 0
    original, factor = scaling.get("original_max_position_embeddings"), scaling.get("factor")
    both = isinstance(original, int) and isinstance(factor, (int, float))
    return int(original * factor) if both else 0  # type: ignore[operator]


def _first(places: Any, names: Sequence[str]) -> int:
    """The first of these numbers that is named somewhere; of one for each layer the largest."""
    found = (_number(place, name) for place in places for name in names)
    return next((number for number in found if number > 0), 0)


def _number(place: Any, name: str) -> int:
    value = place.get(name) if isinstance(place, Mapping) else getattr(place, name, None)
    several = value if isinstance(value, (list, tuple)) else [value]
    numbers = [one for one in several if isinstance(one, int) and not isinstance(one, bool)]
    return max(numbers, default=0)
