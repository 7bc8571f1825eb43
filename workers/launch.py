"""Makes a run ready to be worked on: name, model, manifest, worker count, all parts joined.

Knows how the parts fit together; the loop is the supervisor's.  Invariant: nothing is
created before input, settings and model were found good, and a run that is taken up has
the input and the model that it was made with.
"""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from workers.child import Launch, child_environment
from workers.config import RunConfig, flag_of
from workers.errors import InputError, ModelError, UsageError
from workers.flow import Flow
from workers.input_lines import InputFile, check_unchanged
from workers.intake import Intake
from workers.interrupts import Interrupts
from workers.manifest import Manifest
from workers.meters import Meters
from workers.pool import WorkerPool
from workers.run_folder import RunFolder
from workers.supervisor import Display, Supervisor

BYTES_PER_WORKER = 2 * 2**30
WORKERS_WITHOUT_MODEL = 2
_PACKAGES = ("mlx", "mlx-lm", "filelock", "orjson")


def new_name(first_input: Path) -> str:
    """A run name from the input's name and the time: attack-20260131-142530."""
    stem = re.sub(r"[^A-Za-z0-9._-]+", "-", first_input.stem).strip("._-")[:40] or "run"
    name = f"{stem}-{time.strftime('%Y%m%d-%H%M%S')}"
    taken = (f"{name}-{number}" for number in range(2, 1000))
    while RunFolder.named(name).exists():
        name = next(taken)
    return name


def describe_models(config: RunConfig) -> dict[str, Any]:
    """Content hashes of the models a run needs; raises ModelError when one can't be had."""
    if config.disable_llm:
        return {}
    from workers.model_store import fingerprint, resolve

    models = {"target": {"name": config.model, **fingerprint(resolve(config.model))}}
    if config.draft_model:
        found = fingerprint(resolve(config.draft_model))
        models["draft"] = {"name": config.draft_model, **found}
    return models


def create(
    run: RunFolder, config: RunConfig, inputs: Sequence[InputFile], models: Mapping[str, Any]
) -> None:
    """Write the manifest of a new run."""
    run.create(config, inputs, models, _versions())


def take_up(run: RunFolder, workers: int | None) -> RunConfig:
    """Settings to go on with; raises InputError or ModelError when run and world differ."""
    manifest = run.manifest
    check_unchanged(manifest.inputs)
    _check_models(manifest)
    return replace(manifest.config, workers=workers or manifest.config.workers)


def _check_models(manifest: Manifest) -> None:
    now = describe_models(manifest.config)
    for role, then in manifest.model.items():
        if now.get(role, {}).get("sha256") != then.get("sha256"):
            raise ModelError(
                f"model {then.get('name')}: changed since run {manifest.run} was made; "
                "put the old one back or start a new run"
            )


def refuse_other_settings(run: RunFolder, config: RunConfig, inputs: Sequence[InputFile]) -> None:
    """`run --resume` must ask for the run that exists; only --workers may differ."""
    then, now = run.config.to_json(), config.to_json()
    for name in now:
        if name != "workers" and then[name] != now[name]:
            raise UsageError(
                f"{flag_of(name)} {now[name]}: run {run.name} was made with {then[name]}; "
                "a resume changes only --workers"
            )
    if [source.path for source in run.manifest.inputs] != [source.path for source in inputs]:
        raise InputError(f"run {run.name}: was made from other input files; use another --run")


def worker_count(config: RunConfig) -> int:
    """How many workers: as told; one per GPU; else one per core that has the memory."""
    if config.workers:
        return config.workers
    if config.disable_llm:
        return WORKERS_WITHOUT_MODEL
    from workers.model_store import has_gpu

    if has_gpu():
        return 1
    import psutil

    fitting = psutil.virtual_memory().available // BYTES_PER_WORKER
    return max(1, min(core_count(), fitting))


def core_count() -> int:
    """Cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def roles(config: RunConfig, workers: int) -> list[str]:
    """One role per worker."""
    if config.disable_llm:
        return ["cpu"] * workers
    if config.enable_speculative:
        return ["speculative", *["batch"] * (workers - 1)]
    return ["batch"] * workers


def join_parts(
    run: RunFolder,
    config: RunConfig,
    display: Display,
    interrupts: Interrupts,
    environ: Mapping[str, str] = os.environ,
    notice: Callable[[str], None] | None = None,
) -> Supervisor:
    """The supervisor of a run whose lock is held, after clearing up what crashes left."""
    run.recover()
    _clear_heartbeats(run)
    run.logs_dir.mkdir(parents=True, exist_ok=True)
    flow = Flow(run.queues)
    flow.scan()
    return Supervisor(
        run=run,
        flow=flow,
        intake=Intake(run, flow.stages[0]),
        pool=_pool(run, config, environ, notice or display.say),
        display=display,
        interrupts=interrupts,
        meters=Meters(config.stages, run.logs_dir),
    )


def _pool(
    run: RunFolder, config: RunConfig, environ: Mapping[str, str], notice: Callable[[str], None]
) -> WorkerPool:
    count = worker_count(config)
    shared = child_environment(count, core_count(), environ)
    launches = [
        Launch(run.name, role, run.logs_dir, shared, workers=count) for role in roles(config, count)
    ]
    return WorkerPool(
        launches,
        run.workers_dir,
        run.add_death,
        notice,
        run.lower_batch_ceiling,
        config.worker_timeout,
    )


def _clear_heartbeats(run: RunFolder) -> None:
    # Those of an earlier coordinator's workers; a worker that lives writes its own again.
    for path in run.workers_dir.glob("*.json"):
        path.unlink(missing_ok=True)


def _versions() -> dict[str, str]:
    found = {"python": ".".join(map(str, sys.version_info[:3]))}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found
