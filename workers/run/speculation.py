"""Which draft model a run has, and what --enable-speculative does, in one line for a person.

The choice is made once, when a run is created; its manifest names the model from then on.
Invariant: a draft model that was not asked for is never a reason to stop.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from workers.core.errors import ModelError
from workers.run.draft_families import family_draft
from workers.run.vocabularies import why_tokenizers_differ
from workers.settings.config import RunConfig


def can_draft(config: RunConfig) -> bool:
    """Whether a draft model would have an effect."""
    return config.enable_speculative and not config.no_batching and config.num_draft_tokens > 0


def draft_model_of(
    config: RunConfig, target: Path, say: Callable[[str], None] = lambda line: None
) -> tuple[str, Path] | None:
    """The draft model of a new run and its folder: the one that was given, or one of the family
    of the model in the folder `target`, where one is to be had; `say` hears what is chosen.

    One of the family is fetched from the hub only if the run's model is from there.  Raises
    ModelError for one that was given and can't be had.  None where it would have no effect.
    """
    from workers.model_store import cached, is_hub_id, resolve

    if not can_draft(config):
        return None
    if config.draft_model is not None:
        return config.draft_model, resolve(config.draft_model, progress=say)
    fetched = (lambda name: _fetched(name, target)) if is_hub_id(config.model) else None
    return family_draft(target, cached, fetched, say)


def _fetched(name: str, target: Path) -> Path:
    """The folder of a draft model; its weights are fetched only if its tokenizer is the target's.

    Raises ModelError.
    """
    from workers.model_store import resolve, small_files

    if reason := why_tokenizers_differ(target, small_files(name)):
        raise ModelError(f"{name} does not fit: {reason}")
    return resolve(name)


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
