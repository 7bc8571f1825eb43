"""Which engine runs a model with given settings, and what is refused by name.

Knows all engines.  Invariant: whatever is chosen, answers are the same but for rounding.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import partial

from workers.core.errors import UsageError
from workers.generation.engines.compatible import why_not_batched, why_not_draft, why_not_packed
from workers.generation.engines.engine import Engine
from workers.generation.engines.mlx_lm_engines import BatchEngine, OneByOneEngine
from workers.generation.engines.quantizable import why_not_in_groups, why_not_quantized
from workers.generation.meter import Meter
from workers.generation.model.load import LoadedModel
from workers.generation.settings import GenerationSettings
from workers.generation.speculative.decoder import SpeculativeDecoder
from workers.generation.speculative.draft_model import DraftModel
from workers.generation.speculative.drafting import Drafter
from workers.generation.speculative.probe import measured_costs
from workers.generation.steps import Begin, silent


def select_engine(
    loaded: LoadedModel, settings: GenerationSettings, meter: Meter, begin: Begin = silent
) -> Engine:
    """The engine for these settings; `meter` gets an event for a feature that is unavailable.

    Raises UsageError for settings that this model can't be run with.
    """
    bits = settings.kv_bits
    if settings.no_batching:
        if bits and (reason := why_not_quantized(loaded, bits)) is not None:
            raise UsageError(
                f"--kv-bits {bits}: can't be combined with --no-batching for this model: {reason}"
            )
        return OneByOneEngine(loaded, bits, meter)
    reason = why_not_in_groups(loaded) if bits else None
    reason = reason or why_not_packed(loaded, bits, begin)
    if reason is None:
        missing = _why_no_draft_model(loaded, settings, begin)
        if missing:
            print(f"warning: {missing}", file=sys.stderr, flush=True)
            meter.event("draft_model_off", reason=missing)
            settings = replace(settings, draft_model=None)
        drafter = _drafter(loaded, settings, begin)
        return SpeculativeDecoder(loaded, drafter, bits, meter, missing)
    if bits:
        raise UsageError(f"--kv-bits {bits}: this model can't use it: {reason}")
    wrong = why_not_batched(loaded, begin)
    if wrong is None:
        note = f"speculation is off for this model, which runs in mlx-lm's own batches: {reason}"
        _say(meter, note, reason, "batches")
        return BatchEngine(loaded, settings.batch_size, meter, note)
    note = (
        "batching and speculation are off for this model, which answers one request at a time: "
        f"{reason}; {wrong}"
    )
    _say(meter, note, f"{reason}; {wrong}", "one by one")
    return OneByOneEngine(loaded, None, meter, note)


def _say(meter: Meter, note: str, reason: str, engine: str) -> None:
    """On the terminal and in the log: which engine runs, what that costs, and why."""
    print(f"warning: {note}", file=sys.stderr, flush=True)
    meter.event("speculation_off", reason=reason, engine=engine)


def _why_no_draft_model(loaded: LoadedModel, settings: GenerationSettings, begin: Begin) -> str:
    """Why there is none though one was chosen, or ""; raises UsageError for one that was given."""
    draft = settings.draft_model
    if draft is None:
        return settings.draft_missing
    reason = why_not_draft(loaded, draft, begin)
    if reason is None:
        return ""
    if settings.draft_model_must_fit:
        raise UsageError(f"--draft-model {draft.path}: {reason}")
    return f"continuing without draft model {draft.name}: {reason}"


def _drafter(loaded: LoadedModel, settings: GenerationSettings, begin: Begin) -> Drafter | None:
    model = None if settings.draft_model is None else DraftModel(settings.draft_model)
    if not settings.speculate and model is None:
        return None
    sources = settings.draft_sources if settings.speculate else ()
    costs = partial(measured_costs, loaded, settings.kv_bits, begin)
    return Drafter(costs, sources, model, settings.num_draft_tokens)
