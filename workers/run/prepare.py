"""Makes a run ready: its name, its models' hashes, its manifest; or takes up one that exists.

Invariant: a run that is resumed has the input and the models that it was made with.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from workers.core.errors import InputError, ModelError, UsageError
from workers.run.chunk_size import LARGEST, fitting_size
from workers.run.input_lines import InputFile, check_unchanged
from workers.run.manifest import Manifest, SplitState
from workers.run.run_folder import RunFolder
from workers.settings.chosen_stages import needs_model
from workers.settings.config import RunConfig, flag_of

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
    if not needs_model(config):
        return {}
    from workers.model_store import fingerprint, resolve

    models = {"target": {"name": config.model, **fingerprint(resolve(config.model))}}
    if config.draft_model:
        found = fingerprint(resolve(config.draft_model))
        models["draft"] = {"name": config.draft_model, **found}
    return models


def create(
    run: RunFolder,
    config: RunConfig,
    inputs: Sequence[InputFile],
    models: Mapping[str, Any],
    workers: int = 1,
) -> None:
    """Write the manifest of a new run that so many workers will begin with."""
    size = LARGEST
    if needs_model(config):  # else a record costs less than a chunk
        size = fitting_size(inputs, workers, config.limit)
    run.create(config, inputs, models, _versions(), SplitState(chunk_size=size))


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


def _versions() -> dict[str, str]:
    found = {"python": ".".join(map(str, sys.version_info[:3]))}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found
