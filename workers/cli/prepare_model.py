"""What `models fetch` does: the download, and then a worker's first start, once and for all.

Compiles, measures, calibrates and tries out a model on this machine, as the workers of a run
would by default.  Knows no run.  Invariant: what is kept here is what workers look for; whatever
else they need they still work out by themselves.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from stages import DEFAULT_STAGES
from stages.base import Stage
from workers.core.cache import CachedResult, cache_dir
from workers.core.errors import UsageError
from workers.generation.machine import machine_key
from workers.generation.steps import Step
from workers.model_store import fetch_default, fetch_gemma, fingerprint, has_gpu
from workers.models import gemma3_270m
from workers.pool.child import child_environment
from workers.pool.sizing import core_count, worker_count
from workers.settings.chosen_stages import make_stage
from workers.settings.config import DEFAULT_MODEL, RunConfig


def fetched(name: str | None, accepted: bool, say: Callable[[str], None]) -> Path:
    """The model of that name, or the default one; raises UsageError for one it can't fetch."""
    if name in (None, DEFAULT_MODEL):
        return fetch_default(say)
    if name != gemma3_270m.NAME:
        raise UsageError(
            f"models fetch {name}: only {DEFAULT_MODEL} and {gemma3_270m.NAME} are fetched by "
            "name; a Hugging Face id is fetched by the run that names it with --model"
        )
    if not accepted:
        raise UsageError(
            f"models fetch {name}: it is under the Gemma terms, {gemma3_270m.TERMS}; read them, "
            "then repeat with --accept-license"
        )
    return fetch_gemma(say)


def prepare_model(path: Path, say: Callable[[str], None]) -> None:
    """Prepare the model in this folder; `say` hears of every step before it begins."""
    config, digest = RunConfig(), fingerprint(path).sha256
    # As many threads as a worker has: figures hold for that number only.
    os.environ.update(child_environment(worker_count(config), core_count(), os.environ))
    stages = [make_stage(config, name) for name in DEFAULT_STAGES]

    def make() -> bytes:
        say("preparing it for this machine, once: a minute or two on a CPU")
        asyncio.run(_prepare(path, digest, stages, say))
        return b"done\n"

    asked = [[stage.trial_key(), *map(asdict, stage.questions())] for stage in stages]
    stamp = cache_dir() / "measured" / f"prepared-{machine_key(digest, asked, *_gpu())}.txt"
    CachedResult(stamp, make, dump=bytes, load=bytes).get(
        lambda: say("waiting for another process that is preparing it")
    )
    fingerprint(path)  # once more, as files that were just written are not believed to stay so
    say("ready for this machine")


def _gpu() -> tuple[str, ...]:
    """The name of the card, if there is one: that of the processor is in every key."""
    if not has_gpu():
        return ()
    from workers.generation import linux_cpu

    linux_cpu.prepare()  # before anything imports mlx
    from workers.generation.model.device import device_name

    return (device_name(),)


async def _prepare(
    path: Path, digest: str, stages: Sequence[Stage], say: Callable[[str], None]
) -> None:
    def begin(step: Step, what: str) -> None:
        say(f"  {step.value} {what}")

    from workers.generation import linux_cpu

    linux_cpu.prepare(begin)  # before anything imports mlx
    from workers.generation.build import build_generator
    from workers.generation.model.load import load
    from workers.worker.load import settings_of
    from workers.worker.trials import keep_trial

    loaded = replace(load(path, begin=begin), fingerprint=digest)
    async with build_generator(loaded, settings_of(RunConfig()), begin=begin) as generator:
        generator.prepare([question for stage in stages for question in stage.questions()])
        for stage in stages:
            if stage.trial_key():
                say(f"  testing which kinds of answers it may write in {stage.name}")
                llm = generator.for_stage(stage.name)
                if told := await keep_trial(stage, llm, generator.identity):
                    say(f"  {told}")
