"""Draft models by family: a small model of the target's own kind, for --enable-speculative alone.

A table of data, and the choice from it.  Knows configurations and tokenizers on disk, no weights.
Invariant: a draft model has at most half the weights that its target has, and reads at most half
the bytes for a token, as both lie in memory here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workers.core.errors import ModelError
from workers.models.gemma3_270m import NAME as GEMMA_270M
from workers.run.vocabularies import why_tokenizers_differ
from workers.run.weights import PLAIN_BITS, bytes_per_token, plain_bits, weights

_MOST = 0.5  # of the target's weights and bytes, for a token: above that a draft is too dear


@dataclass(frozen=True)
class DraftCandidate:
    """A draft model: its Hugging Face id, or the name of one that is fetched by name; the megabytes
    of its file that a pass over one token reads, the head's among them; and the bits of a weight,
    to which a group's scale adds half a bit where they are few."""

    name: str
    megabytes: int
    bits: int = PLAIN_BITS

    def in_memory(self, plain: int) -> int:
        """Its megabytes where 16 bits of a file become so many."""
        return self.megabytes * plain // PLAIN_BITS if self.bits == PLAIN_BITS else self.megabytes

    @property
    def weights(self) -> float:
        """How many weights these are."""
        each = self.bits + (0.5 if self.bits < PLAIN_BITS else 0.0)
        return self.megabytes * 1e6 * 8 / each


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
            DraftCandidate("mlx-community/gemma-3-1b-it-4bit", 562, 4),
            DraftCandidate("mlx-community/gemma-3-270m-it-bf16", 536),
            DraftCandidate(GEMMA_270M, 1072, 32),
            DraftCandidate("mlx-community/gemma-3-270m-it-4bit", 151, 4),
        ),
        unsaid=262_208,
    ),
    Family(
        frozenset({"gemma4", "gemma4_text"}),
        range(262_000, 262_500),
        (DraftCandidate("mlx-community/gemma-4-e2b-it-4bit", 1500, 4),),
        unsaid=262_144,
    ),
    Family(
        frozenset({"qwen3_5", "qwen3_5_text", "qwen3_5_moe", "qwen3_5_moe_text"}),
        range(248_000, 248_500),
        (
            DraftCandidate("mlx-community/Qwen3.5-0.8B-MLX-8bit", 800, 8),
            DraftCandidate("mlx-community/Qwen3.5-0.8B-MLX-4bit", 424, 4),
        ),
        unsaid=248_320,
    ),
    Family(
        frozenset({"qwen3", "qwen3_moe"}),
        range(151_600, 152_100),
        (
            DraftCandidate("mlx-community/Qwen3-0.6B-bf16", 1192),
            DraftCandidate("mlx-community/Qwen3-0.6B-4bit", 335, 4),
        ),
        unsaid=151_936,
    ),
    Family(
        frozenset({"qwen2", "qwen2_moe"}),
        range(151_600, 152_100),
        (
            DraftCandidate("mlx-community/Qwen2.5-0.5B-Instruct-bf16", 988),
            DraftCandidate("mlx-community/Qwen2.5-0.5B-Instruct-4bit", 278, 4),
        ),
        unsaid=151_936,
    ),
    Family(
        frozenset({"llama"}),
        range(128_256, 128_257),
        (
            DraftCandidate("mlx-community/Llama-3.2-1B-Instruct-bf16", 2472),
            DraftCandidate("mlx-community/Llama-3.2-1B-Instruct-4bit", 695, 4),
        ),
    ),
    Family(
        frozenset({"llama"}),
        range(49_152, 49_153),
        (DraftCandidate("mlx-community/SmolLM2-135M-Instruct", 269),),
    ),
)


@dataclass(frozen=True)
class SuitableDrafts:
    """Names of the draft models that suit a model, the one to fetch first; `none`: why there are
    none, or ""."""

    names: tuple[str, ...] = ()
    none: str = ""


def family_drafts(target: Path) -> SuitableDrafts:
    """What suits the model in this folder, by its configuration alone."""
    try:
        config: dict[str, Any] = json.loads((target / "config.json").read_bytes())
    except (OSError, ValueError):
        return SuitableDrafts(none="no draft model: the model's config.json can't be read")
    text = {**config, **(config.get("text_config") or {})}
    types = {str(config.get("model_type")), str(text.get("model_type"))}
    for family in FAMILIES:
        size = text.get("vocab_size") or family.unsaid
        if types & family.types and size in family.vocabularies:
            return _suitable(family, {**text, "vocab_size": size})
    kind = text.get("model_type") or config.get("model_type") or "unknown"
    return SuitableDrafts(none=f"no draft model is known for this model's family ({kind!r})")


def _suitable(family: Family, target: Mapping[str, Any]) -> SuitableDrafts:
    """Those of a family that are small enough for a target with this configuration."""
    plain = plain_bits()
    most = _MOST * bytes_per_token(target, plain) / 1e6
    names = tuple(
        draft.name
        for draft in family.drafts
        if draft.in_memory(plain) <= most and draft.weights <= _MOST * weights(target)
    )
    smallest = min(family.drafts, key=lambda draft: draft.in_memory(plain))
    none = (
        f"no draft model of the model's own family is small enough: {smallest.name} reads "
        f"{smallest.in_memory(plain)} MB for a token, and more than {most:.0f} MB would not pay"
    )
    return SuitableDrafts(names, "" if names else none)


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
    found = family_drafts(target)
    if found.none:
        say(found.none)
    names = found.names
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
