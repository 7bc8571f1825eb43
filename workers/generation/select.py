"""Which engine runs a model with given settings, and what is refused by name.

Knows all engines.  Invariant: whatever is chosen, answers are the same but for rounding.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass

from workers.config import RunConfig
from workers.errors import UsageError
from workers.generation.attention import KV_GROUP
from workers.generation.compatible import why_not_draft, why_not_packed
from workers.generation.draft_model import DraftModel
from workers.generation.drafting import SOURCES, Drafter
from workers.generation.engines import BatchEngine, Engine, OneByOneEngine
from workers.generation.meter import Meter
from workers.generation.model import LoadedModel
from workers.generation.sampling import Sampling
from workers.generation.speculative import SpeculativeDecoder


@dataclass(frozen=True)
class GenerationSettings:
    """How to generate; the fields are the run's flags of the same names.

    `speculate` with `draft_sources` ("prompt", "suffix") looks drafts up in what was written
    before; `draft_model` drafts with a second model as well.  None of them changes an answer.
    """

    batch_size: int = 32
    batch_timeout: float = 0.1
    no_batching: bool = False
    kv_bits: int | None = None
    max_tokens: int | None = None
    sampling: Sampling = Sampling()
    speculate: bool = True
    draft_sources: tuple[str, ...] = SOURCES
    draft_model: LoadedModel | None = None
    num_draft_tokens: int = 4
    memory_fraction: float = 0.8
    memory_reserve_mb: int = 1024
    memory_share: int = 1

    @classmethod
    def of(cls, config: RunConfig, memory_share: int = 1) -> GenerationSettings:
        """The part of a run's settings that concerns generation."""
        return cls(
            batch_size=config.batch_size,
            batch_timeout=config.batch_timeout,
            no_batching=config.no_batching,
            kv_bits=config.kv_bits,
            max_tokens=config.max_tokens,
            sampling=Sampling(config.temp, config.top_p, config.seed),
            speculate=config.num_draft_tokens > 0,
            num_draft_tokens=config.num_draft_tokens,
            memory_fraction=config.memory_fraction,
            memory_reserve_mb=config.memory_reserve_mb,
            memory_share=memory_share,
        )


DEFAULTS = GenerationSettings()


def select_engine(
    loaded: LoadedModel,
    settings: GenerationSettings,
    meter: Meter,
    told: Callable[..., None],
    others_follow: Callable[[], bool] = lambda: True,
) -> Engine:
    """The engine for these settings; `told(event, **details)` hears of what can't be done.

    `others_follow()` tells whether other rows will take the places of those that end.
    """
    if settings.no_batching:
        return OneByOneEngine(loaded, settings.kv_bits, meter)
    reason = why_not_packed(loaded.model)
    if settings.kv_bits and loaded.facts.head_dim % KV_GROUP:
        reason = f"its keys have {loaded.facts.head_dim} numbers, not a multiple of {KV_GROUP}"
    elif reason is None:
        drafter = _drafter(loaded, settings)
        return SpeculativeDecoder(loaded, drafter, settings.kv_bits, meter, others_follow)
    if settings.kv_bits:
        raise UsageError(f"--kv-bits {settings.kv_bits}: not with this model: {reason}")
    say = f"no speculation with this model: {reason}; plain batches instead"
    print(f"warning: {say}", file=sys.stderr, flush=True)
    told("speculation_off", reason=reason)
    return BatchEngine(loaded, settings.batch_size, meter)


def _drafter(loaded: LoadedModel, settings: GenerationSettings) -> Drafter | None:
    model = None
    if settings.draft_model is not None:
        reason = why_not_draft(loaded, settings.draft_model)
        if reason is not None:
            raise UsageError(f"--draft-model {settings.draft_model.path}: {reason}")
        model = DraftModel(settings.draft_model)
    if not settings.speculate and model is None:
        return None
    sources = settings.draft_sources if settings.speculate else ()
    return Drafter(sources, model, settings.num_draft_tokens)
