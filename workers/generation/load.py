"""From a run's settings to a generator: find the model, load it, check it is the right one.

Invariant: a run is only ever worked on with the model it was made with.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from workers.errors import ModelError
from workers.generation.batched import BatchedMLXGenerator, GenerationSettings
from workers.generation.model import load
from workers.model_store import resolve
from workers.performance_logger import PerformanceLogger
from workers.run_folder import RunFolder


def load_generator(
    run: RunFolder, logger: PerformanceLogger, workers: int = 1
) -> BatchedMLXGenerator:
    """The generator of a run; raises ModelError when its model is not to be had.

    `workers` share the machine's memory; the batch is at most what memory was found to
    hold earlier in the run.
    """
    config = replace(run.config, batch_size=run.batch_ceiling())
    target = run.manifest.model.get("target", {})
    path = Path(target["path"]) if "path" in target else resolve(config.model, fetch=False)
    if not path.is_dir():
        raise ModelError(f"model {config.model}: {path} is gone since the run was made")
    loaded = replace(
        load(path, config.trust_remote_code), fingerprint=str(target.get("sha256", ""))
    )
    return BatchedMLXGenerator(loaded, GenerationSettings.of(config, workers), logger)
