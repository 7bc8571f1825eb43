"""The draft model that `selftest` tries beside its target: one that was given, or of the family.

Knows settings and models, no tests.  Invariant: only a draft model that was given is ever a reason
to stop.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from workers.core.errors import ModelError, UsageError
from workers.generation.engines.compatible import why_not_draft
from workers.generation.model.load import LoadedModel, load
from workers.model_store import fingerprint
from workers.settings.config import RunConfig


def fitting_draft(
    target: LoadedModel, config: RunConfig, folder: Path, say: Callable[[str], None]
) -> LoadedModel | None:
    """The draft model in this folder; None for one of the family that can't be used, `say` hears
    why.

    Raises ModelError or UsageError for one that was given and can't be used.
    """
    given = config.draft_model
    try:
        draft = load(folder, config.trust_remote_code, only_drafts=True)
    except ModelError as error:
        if given is not None:
            raise
        say(f"continuing without a draft model: {error}")
        return None
    draft = replace(draft, fingerprint=fingerprint(folder).sha256)
    reason = why_not_draft(target, draft)
    if reason is None:
        return draft
    if given is not None:
        raise UsageError(f"--draft-model {given}: {reason}")
    say(f"continuing without draft model {draft.name}: {reason}")
    return None
