"""From a run's settings to a generator: find the model, load it, check it is the right one.

Invariant: a run is only ever worked on with the model it was made with.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from workers.core.errors import ModelError
from workers.generation.batched import BatchedMLXGenerator
from workers.generation.build import build_generator
from workers.generation.model.load import LoadedModel, load
from workers.generation.settings import GenerationSettings
from workers.generation.steps import Begin, silent
from workers.generation.tokens.sampling import Sampling
from workers.model_store import resolve
from workers.performance_logger import PerformanceLogger
from workers.run.run_folder import RunFolder
from workers.run.run_model import DRAFT, TARGET, RunModel
from workers.run.speculation import can_draft
from workers.settings.config import RunConfig


def load_generator(
    run: RunFolder,
    logger: PerformanceLogger,
    workers: int = 1,
    role: str = "batch",
    more_expected: Callable[[], bool] = lambda: True,
    others_follow: Callable[[], bool] = lambda: True,
    begin: Begin = silent,
) -> BatchedMLXGenerator:
    """The generator of a run; raises ModelError when its model is not to be had.

    `workers` share the machine's memory; the batch is at most what memory was found to
    hold earlier in the run.  Only a worker of the role "speculative" holds the draft model.
    On a Linux CPU, `linux_cpu.prepare()` has to run before this module is imported.
    """
    config = replace(run.config, batch_size=run.batch_ceiling())
    settings = settings_of(config, workers)
    if role == "speculative" and DRAFT in run.manifest.model and can_draft(config):
        settings = _with_draft(run, config, settings, begin)
    target = _loaded(run, TARGET, config.model, begin)
    return build_generator(
        target,
        settings,
        logger,
        more_expected=more_expected,
        others_follow=others_follow,
        begin=begin,
    )


def _with_draft(
    run: RunFolder, config: RunConfig, settings: GenerationSettings, begin: Begin
) -> GenerationSettings:
    """The settings with the run's draft model; one that nobody asked for may be left out."""
    chosen = config.draft_model is None  # by the run itself
    name = config.draft_model or run.manifest.model[DRAFT].name
    try:
        draft = _loaded(run, DRAFT, name, begin)
    except ModelError as error:
        if not chosen:
            raise
        return replace(settings, draft_missing=f"continuing without a draft model: {error}")
    return replace(settings, draft_model=draft, draft_model_must_fit=not chosen)


def settings_of(config: RunConfig, memory_share: int = 1) -> GenerationSettings:
    """The part of a run's settings that concerns generation."""
    return GenerationSettings(
        batch_size=config.batch_size,
        batch_timeout=config.batch_timeout,
        no_batching=config.no_batching,
        kv_bits=config.kv_bits,
        max_tokens=config.max_tokens,
        thinking=config.thinking,
        sampling=Sampling(config.temp, config.top_p, config.seed),
        speculate=config.num_draft_tokens > 0,
        num_draft_tokens=config.num_draft_tokens,
        memory_fraction=config.memory_fraction,
        memory_reserve_mb=config.memory_reserve_mb,
        memory_share=memory_share,
    )


def _loaded(run: RunFolder, role: str, name: str, begin: Begin) -> LoadedModel:
    """The model that the run's manifest names for this role."""
    known = run.manifest.model.get(role, RunModel(name))
    path = Path(known.path) if known.path is not None else resolve(name, fetch=False)
    if not path.is_dir():
        raise ModelError(f"model {name}: {path} no longer exists; restore it or start a new run")
    weights = known.sha256 or ""
    if role == DRAFT:
        loaded = load(path, run.config.trust_remote_code, begin=begin, only_drafts=True)
        return replace(loaded, fingerprint=weights)
    template = known.chat_template
    loaded = load(path, run.config.trust_remote_code, begin=begin, chat_template=template)
    return replace(loaded, fingerprint=_fingerprint(weights, template))


def _fingerprint(weights: str, template: str | None) -> str:
    """What answers depend on: the model's content, and another chat template than its own."""
    if not weights or template is None:
        return weights
    return hashlib.sha256(f"{weights}\0{template}".encode()).hexdigest()
