"""Which draft model a run has, and what --enable-speculative does, in one line for a person.

The choice is made once, when a run is created; its manifest names the model from then on.
Invariant: a draft model that was not asked for is never a reason to stop.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from workers.run.draft_families import family_draft
from workers.settings.config import RunConfig


def draft_model_of(
    config: RunConfig, target: Path, say: Callable[[str], None] = lambda line: None
) -> tuple[str, Path] | None:
    """The draft model of a new run and its folder: the one that was given, or one of the family
    of the model in the folder `target`, where one is to be had; `say` hears what is chosen.

    One of the family is fetched from the hub only if the run's model is from there.  Raises
    ModelError for one that was given and can't be had.
    """
    from workers.model_store import cached, is_hub_id, resolve

    if not config.enable_speculative:
        return None
    if config.draft_model is not None:
        return config.draft_model, resolve(config.draft_model, progress=say)
    if config.no_batching or not config.num_draft_tokens:
        return None
    return family_draft(target, cached, resolve if is_hub_id(config.model) else None, say)


def speculation_notice(config: RunConfig, draft: str | None) -> str | None:
    """What speculation does where the flags do not say it themselves; None where they do.

    draft: the name of the run's draft model, by its manifest.
    """
    if not config.enable_speculative:
        return None
    if config.disable_llm:
        return "--enable-speculative has no effect: no model is used with --disable-llm"
    if config.no_batching:
        return "--enable-speculative has no effect: --no-batching drafts nothing"
    if config.num_draft_tokens == 0:
        return "--enable-speculative drafts nothing: --num-draft-tokens is 0"
    if draft is not None:
        return None
    if config.draft_model is not None:
        return "--draft-model has no effect: this run loads no model"
    prefers = "one worker prefers the stages with long answers, " if len(config.stages) > 1 else ""
    return (
        f"speculation without a draft model: {prefers}drafts come from the record's text and "
        "earlier answers; give --draft-model to draft with a second model too"
    )
