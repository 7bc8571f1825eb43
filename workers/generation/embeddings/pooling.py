"""How a model's folder says that a text's vector is made of its tokens' hidden states.

Knows the files of sentence-transformers, which models for embeddings carry beside their weights.
Invariant: what can't be done as they say is refused, never done otherwise.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_MODULES = "modules.json"
_WAYS = {"pooling_mode_lasttoken": True, "pooling_mode_mean_tokens": False}
_MODE = "pooling_mode"


class NoPoolingError(Exception):
    """The model gives no embeddings, or not in a way that is known here: with the reason."""


@dataclass(frozen=True)
class Pooling:
    """How to make a vector of a text's hidden states.

    last: of the last token's state, else of the mean of all.
    normalized: whether vectors get length 1.
    before: what stands before every text.
    """

    last: bool
    normalized: bool
    before: str = ""


def is_for_embeddings(folder: Path) -> bool:
    """Whether a model's folder says how vectors are made."""
    return (folder / _MODULES).is_file()


def pooling_of(folder: Path) -> Pooling:
    """What a model's folder says; raises NoPoolingError."""
    if not is_for_embeddings(folder):
        raise NoPoolingError(
            f"the model is not made for embeddings: it has no {_MODULES}, which says how vectors "
            "are made"
        )
    try:
        return _read(folder)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise NoPoolingError(f"the model's {_MODULES} can't be read: {error}") from error


def _read(folder: Path) -> Pooling:
    _refuse_both_sides(folder)
    modules = _json(folder / _MODULES)
    kinds = {one["type"].rsplit(".", 1)[-1]: folder / one["path"] for one in modules}
    if others := kinds.keys() - {"Transformer", "Pooling", "Normalize"}:
        raise NoPoolingError(f"the model has a module {min(others)}, which this engine can't run")
    how = _json(kinds["Pooling"] / "config.json")
    before = _before(folder)
    if before and not how.get("include_prompt", True):
        raise NoPoolingError(
            "the model leaves its prompt out of the mean, which this engine can't do"
        )
    return Pooling(_is_last(how), "Normalize" in kinds, before)


def _refuse_both_sides(folder: Path) -> None:
    """mlx-lm's models read from left to right."""
    config = _json(folder / "config.json")
    if config.get("use_bidirectional_attention") or config.get("is_causal") is False:
        raise NoPoolingError("the model attends in both directions, which this engine can't do")


def _is_last(how: dict[str, Any]) -> bool:
    chosen = [name for name, on in how.items() if name.startswith(f"{_MODE}_") and on is True]
    if _MODE in how:  # as newer folders have it
        named = {"lasttoken": "lasttoken", "mean": "mean_tokens"}.get(how[_MODE], how[_MODE])
        chosen = [f"{_MODE}_{named}"]
    if len(chosen) != 1 or chosen[0] not in _WAYS:
        shown = " and ".join(chosen) or "no pooling"
        raise NoPoolingError(f"the model wants {shown}, which this engine can't do")
    return _WAYS[chosen[0]]


def _before(folder: Path) -> str:
    """The prompt that stands before every text, if the model has one by default."""
    path = folder / "config_sentence_transformers.json"
    config = _json(path) if path.is_file() else {}
    name = config.get("default_prompt_name")
    return str(config["prompts"][name]) if name else ""


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
