"""What the manifest of a new run says of its models: those here, or the one an endpoint serves.

Knows both ways to have a model.  Invariant: a run is only made when its model is to be had.
"""

from __future__ import annotations

from collections.abc import Callable

from workers.run import prepare
from workers.run.run_model import TARGET, RunModel
from workers.settings.chosen_stages import needs_model
from workers.settings.config import DEFAULT_MODEL, RunConfig


def describe_models(
    config: RunConfig, progress: Callable[[str], None] = lambda line: None
) -> dict[str, RunModel]:
    """As `prepare.describe_models`; of an endpoint the address and its name for the model.

    Raises ModelError for a model that can't be had.
    """
    if config.endpoint is None:
        return prepare.describe_models(config, progress)
    if not needs_model(config):
        progress(f"--endpoint {config.endpoint}: is not asked, nothing in this run needs a model")
        return prepare.describe_models(config, progress)
    from workers.endpoint.load import model_at

    name = model_at(config)
    if config.model == DEFAULT_MODEL:
        progress(f"--endpoint {config.endpoint}: asks its model {name}; --model names another")
    return {TARGET: RunModel(name, endpoint=config.endpoint)}
