"""From a run's settings to a generator: find the model, load it, check it is the right one.

Invariant: a run is only ever worked on with the model it was made with.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from workers.errors import ModelError
from workers.generation.batched import BatchedMLXGenerator
from workers.generation.model import LoadedModel, load
from workers.generation.select import GenerationSettings
from workers.model_store import resolve
from workers.performance_logger import PerformanceLogger
from workers.run_folder import RunFolder


def load_generator(
    run: RunFolder, logger: PerformanceLogger, workers: int = 1, role: str = "batch"
) -> BatchedMLXGenerator:
    """The generator of a run; raises ModelError when its model is not to be had.

    `workers` share the machine's memory; the batch is at most what memory was found to
    hold earlier in the run.  Only a worker of the role "speculative" holds the draft model.
    """
    config = replace(run.config, batch_size=run.batch_ceiling())
    settings = GenerationSettings.of(config, workers)
    if role == "speculative" and config.draft_model is not None:
        settings = replace(settings, draft_model=_loaded(run, "draft", config.draft_model))
    return BatchedMLXGenerator(_loaded(run, "target", config.model), settings, logger)


def _loaded(run: RunFolder, part: str, name: str) -> LoadedModel:
    """The model that the run's manifest names for this part."""
    known = run.manifest.model.get(part, {})
    path = Path(known["path"]) if "path" in known else resolve(name, fetch=False)
    if not path.is_dir():
        raise ModelError(f"model {name}: {path} is gone since the run was made")
    loaded = load(path, run.config.trust_remote_code)
    return replace(loaded, fingerprint=str(known.get("sha256", "")))
