"""What `models fetch` does after the download: a worker's first start, once and for all.

Compiles, measures and calibrates for a model on this machine, as the workers of a run would by
default.  Knows no run.  Invariant: what is kept here is what workers look for; whatever else
they need they still work out by themselves.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

from stages import ALL_STAGES
from stages.base import Question
from workers.core.cache import Kept, cache_dir
from workers.generation.machine import machine_key
from workers.generation.steps import Step
from workers.model_store import fingerprint
from workers.pool.child import child_environment
from workers.pool.sizing import core_count, worker_count
from workers.settings.chosen_stages import make_stage
from workers.settings.config import RunConfig


def prepare_model(path: Path, say: Callable[[str], None]) -> None:
    """Prepare the model in this folder; `say` hears of every step before it begins."""
    config, digest = RunConfig(), str(fingerprint(path)["sha256"])
    # As many threads as a worker has: figures hold for that number only.
    os.environ.update(child_environment(worker_count(config), core_count(), os.environ))
    stages = [make_stage(config, name) for name in ALL_STAGES]
    questions = [question for stage in stages for question in stage.questions()]

    def make() -> bytes:
        say("preparing it for this machine; a minute on a CPU, and only this once")
        _prepare(path, digest, questions, say)
        return b"done\n"

    asked = [asdict(question) for question in questions]
    stamp = cache_dir() / "measured" / f"prepared-{machine_key(digest, asked)}.txt"
    Kept(stamp, make, dump=bytes, load=bytes).get(lambda: say("another process prepares it"))
    say("ready for this machine")


def _prepare(
    path: Path, digest: str, questions: list[Question], say: Callable[[str], None]
) -> None:
    def begin(step: Step, what: str) -> None:
        say(f"  {step.value} {what}")

    from workers.generation import linux_cpu

    linux_cpu.prepare(begin)  # before anything imports mlx
    from workers.generation.build import build_generator
    from workers.generation.model.load import load
    from workers.generation.speculative.probe import measured_costs

    loaded = replace(load(path, begin=begin), fingerprint=digest)
    build_generator(loaded, begin=begin).prepare(questions)
    measured_costs(loaded, begin=begin)
