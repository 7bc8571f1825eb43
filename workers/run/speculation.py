"""Which draft model a run has, and what --enable-speculative does, in one line for a person.

Knows settings only.  Invariant: whoever needs a run's draft model asks `draft_model_of`.
"""

from __future__ import annotations

from workers.settings.config import RunConfig


def draft_model_of(config: RunConfig) -> str | None:
    """The draft model of a run: the one that was given.

    A draft model that is chosen for a run, by its model's family, has to be chosen here.
    """
    return config.draft_model if config.enable_speculative else None


def speculation_notice(config: RunConfig) -> str | None:
    """What speculation does where the flags do not say it themselves; None where they do."""
    if not config.enable_speculative:
        return None
    if config.disable_llm:
        return "--enable-speculative has no effect: no model is used with --disable-llm"
    if config.no_batching:
        return "--enable-speculative has no effect: --no-batching drafts nothing"
    if config.num_draft_tokens == 0:
        return "--enable-speculative drafts nothing: --num-draft-tokens is 0"
    if draft_model_of(config) is not None:
        return None
    prefers = "one worker prefers the stages with long answers, " if len(config.stages) > 1 else ""
    return (
        f"speculation without a draft model: {prefers}drafts come from the record's text and "
        "earlier answers; give --draft-model to draft with a second model too"
    )
