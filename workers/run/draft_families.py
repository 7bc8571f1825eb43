"""Draft models by family: a small model of the target's own kind, for --enable-speculative alone.

A table of data, and the choice from it.  Knows configurations on disk, no weights; whether two
tokenizers agree is found out when both are loaded.  Invariant: a draft model has at most half the
work of its target.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workers.core.errors import ModelError

_MOST_WORK = 0.5  # of the target's, for a token: above that a draft is too dear


@dataclass(frozen=True)
class DraftCandidate:
    """A draft model: its Hugging Face id, layers and hidden size."""

    name: str
    layers: int
    hidden: int

    @property
    def work(self) -> int:
        """What a token costs, but for a factor."""
        return self.layers * self.hidden**2


@dataclass(frozen=True)
class Family:
    """Models of one tokenizer: the names of their architectures, the sizes of their vocabularies.

    drafts: the one to fetch comes first.
    unsaid: the vocabulary of a model whose configuration names none, as transformers has it: files
    hold what differs from that.
    """

    types: frozenset[str]
    vocabularies: range
    drafts: tuple[DraftCandidate, ...]
    unsaid: int = 0


FAMILIES = (
    Family(
        frozenset({"gemma3", "gemma3_text"}),
        range(262_000, 262_500),
        (
            DraftCandidate("mlx-community/gemma-3-1b-it-bf16", 26, 1152),
            DraftCandidate("mlx-community/gemma-3-270m-it-bf16", 18, 640),
        ),
        unsaid=262_208,
    ),
    Family(
        frozenset({"qwen3", "qwen3_moe"}),
        range(151_600, 152_100),
        (DraftCandidate("mlx-community/Qwen3-0.6B-bf16", 28, 1024),),
        unsaid=151_936,
    ),
    Family(
        frozenset({"qwen2", "qwen2_moe"}),
        range(151_600, 152_100),
        (DraftCandidate("mlx-community/Qwen2.5-0.5B-Instruct-bf16", 24, 896),),
        unsaid=151_936,
    ),
    Family(
        frozenset({"llama"}),
        range(128_256, 128_257),
        (DraftCandidate("mlx-community/Llama-3.2-1B-Instruct-bf16", 16, 2048),),
    ),
    Family(
        frozenset({"llama"}),
        range(49_152, 49_153),
        (DraftCandidate("mlx-community/SmolLM2-135M-Instruct", 30, 576),),
    ),
)


def family_drafts(target: Path) -> Iterator[str]:
    """Names of the draft models that suit the model in this folder, the one to fetch first."""
    try:
        config = json.loads((target / "config.json").read_bytes())
    except (OSError, ValueError):
        return
    text = {**config, **(config.get("text_config") or {})}
    types = {str(config.get("model_type")), str(text.get("model_type"))}
    for family in FAMILIES:
        vocabulary = _number(text, "vocab_size") or family.unsaid
        if types & family.types and vocabulary in family.vocabularies:
            layers, hidden = _number(text, "num_hidden_layers"), _number(text, "hidden_size")
            most = _MOST_WORK * layers * hidden**2
            yield from (draft.name for draft in family.drafts if draft.work <= most)


def _number(config: dict[str, Any], name: str) -> int:
    value = config.get(name)
    return value if isinstance(value, int) else 0


def family_draft(
    target: Path,
    cached: Callable[[str], Path | None],
    fetched: Callable[[str], Path] | None,
    say: Callable[[str], None],
) -> tuple[str, Path] | None:
    """A draft model of the target's family and its folder: one that is here, or else fetched.

    fetched: fetches one by its name; None: nothing may be.  None where the family has none that
    suits, or none can be had; `say` hears which and why.
    """
    names = list(family_drafts(target))
    here = [(name, path) for name in names if (path := cached(name)) is not None]
    if here:
        say(f"draft model {here[0][0]}, of the model's own family")
        return here[0]
    for name in names[:1]:
        if fetched is None:
            say(f"no draft model of the model's own family here; --draft-model {name} fetches one")
            return None
        say(f"fetching draft model {name}, of the model's own family")
        try:
            return name, fetched(name)
        except ModelError as error:
            say(f"continuing without a draft model: {error}")
    return None
