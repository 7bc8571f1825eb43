"""How to generate: the engine's own settings."""

from __future__ import annotations

from dataclasses import dataclass

from workers.generation.model.load import LoadedModel
from workers.generation.speculative.drafting import SOURCES
from workers.generation.tokens.sampling import Sampling


@dataclass(frozen=True)
class GenerationSettings:
    """How to generate; the fields are the run's flags of the same names.

    `speculate` with `draft_sources` ("prompt", "suffix") looks drafts up in what was written
    before; `draft_model` drafts with a second model as well, and one that does not fit is refused
    or, with `draft_model_must_fit` False, left out; `draft_missing` says why there is none though
    one was chosen.  None of them changes an answer.
    `thinking`: most tokens that a model thinks before an answer; it does not count them.
    `memory_check_seconds` lie between two looks at what memory is left.
    """

    batch_size: int = 32
    batch_timeout: float = 0.1
    no_batching: bool = False
    kv_bits: int | None = None
    max_tokens: int | None = None
    thinking: int = 0
    sampling: Sampling = Sampling()
    speculate: bool = True
    draft_sources: tuple[str, ...] = SOURCES
    draft_model: LoadedModel | None = None
    draft_model_must_fit: bool = True
    draft_missing: str = ""
    num_draft_tokens: int = 4
    memory_fraction: float = 0.8
    memory_reserve_mb: int = 1024
    memory_share: int = 1
    memory_check_seconds: float = 1.0


DEFAULTS = GenerationSettings()
