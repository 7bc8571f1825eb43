"""Draft models by family: a small model of the target's own kind, for --enable-speculative alone.

A table of data, and the choice from it.  Knows configurations and tokenizers on disk, no weights.
Invariant: a draft model reads at most half the bytes that its target reads for a token.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workers.core.errors import ModelError
from workers.models.gemma3_270m import NAME as GEMMA_270M
from workers.run.vocabularies import why_tokenizers_differ
from workers.run.weights import bytes_per_token

_MOST_BYTES = 0.5  # of the target's, for a token: above that a draft is too dear


@dataclass(frozen=True)
class DraftCandidate:
    """A draft model: its Hugging Face id, or the name of one that is fetched by name; and the
    megabytes of weights that a pass over one token reads, the head's among them."""

    name: str
    megabytes: int


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
            DraftCandidate("mlx-community/gemma-3-1b-it-bf16", 2000),
            DraftCandidate("mlx-community/gemma-3-270m-it-bf16", 536),
            DraftCandidate(GEMMA_270M, 1072),
        ),
        unsaid=262_208,
    ),
    Family(
        frozenset({"gemma4", "gemma4_text"}),
        range(262_000, 262_500),
        (DraftCandidate("mlx-community/gemma-4-e2b-it-4bit", 1500),),
        unsaid=262_144,
    ),
    Family(
        frozenset({"qwen3_5", "qwen3_5_text", "qwen3_5_moe", "qwen3_5_moe_text"}),
        range(248_000, 248_500),
        (DraftCandidate("mlx-community/Qwen3.5-0.8B-MLX-8bit", 800),),
        unsaid=248_320,
    ),
    Family(
        frozenset({"qwen3", "qwen3_moe"}),
        range(151_600, 152_100),
        (DraftCandidate("mlx-community/Qwen3-0.6B-bf16", 1192),),
        unsaid=151_936,
    ),
    Family(
        frozenset({"qwen2", "qwen2_moe"}),
        range(151_600, 152_100),
        (DraftCandidate("mlx-community/Qwen2.5-0.5B-Instruct-bf16", 988),),
        unsaid=151_936,
    ),
    Family(
        frozenset({"llama"}),
        range(128_256, 128_257),
        (DraftCandidate("mlx-community/Llama-3.2-1B-Instruct-bf16", 2472),),
    ),
    Family(
        frozenset({"llama"}),
        range(49_152, 49_153),
        (DraftCandidate("mlx-community/SmolLM2-135M-Instruct", 269),),
    ),
)


def family_drafts(target: Path) -> Iterator[str]:
    """Names of the draft models that suit the model in this folder, the one to fetch first."""
    try:
        config = json.loads((target / "config.json").read_bytes())
    except (OSError, ValueError):
        return
    text: dict[str, Any] = {**config, **(config.get("text_config") or {})}
    types = {str(config.get("model_type")), str(text.get("model_type"))}
    for family in FAMILIES:
        text["vocab_size"] = text.get("vocab_size") or family.unsaid
        if types & family.types and text["vocab_size"] in family.vocabularies:
            most = _MOST_BYTES * bytes_per_token(text) / 1e6
            yield from (draft.name for draft in family.drafts if draft.megabytes <= most)


def family_draft(
    target: Path,
    cached: Callable[[str], Path | None],
    fetched: Callable[[str], Path] | None,
    say: Callable[[str], None],
) -> tuple[str, Path] | None:
    """A draft model of the target's family and its folder: one that is here, or else fetched.

    fetched: fetches one by its name if its tokenizer is the target's; None: nothing may be.  None
    where the family has none that suits, or none can be had; `say` hears which and why.
    """
    names = list(family_drafts(target))
    if not names:
        say(
            "no draft model: of the model's own family none is known that reads at most half of "
            "the bytes that the model reads for a token"
        )
    here = [(name, path) for name in names if (path := cached(name)) is not None]
    for name, path in here:
        if not (reason := why_tokenizers_differ(target, path)):
            say(f"draft model {name}, of the model's own family")
            return name, path
        say(f"draft model {name}, of the model's own family, does not fit: {reason}")
    for name in [name for name in names if name not in dict(here)][:1]:
        if fetched is None:
            say(f"no draft model of the model's own family here; --draft-model {name} fetches one")
            return None
        say(f"fetching draft model {name}, of the model's own family")
        try:
            return name, fetched(name)
        except ModelError as error:
            say(f"continuing without a draft model: {error}")
    return None
