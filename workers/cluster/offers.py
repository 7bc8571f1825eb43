"""A run as it is offered to machines, so that each can tell whether it has what the run needs.

Knows the run's manifest, recipe and stages.  Invariant: what is offered is what workers at home go
by.
"""

from __future__ import annotations

from importlib.metadata import version

from workers.cluster.messages import RunOffer
from workers.cluster.stage_code import stages_digest
from workers.core.errors import PoolError
from workers.run.kept_recipe import kept_recipe
from workers.run.run_folder import RunFolder


def offer_of(run: RunFolder) -> RunOffer:
    """What a machine has to know of a run; raises PoolError when its recipe is gone."""
    recipe = kept_recipe(run)
    try:
        texts = {name: file.data.decode() for name, file in recipe.files.items()}
    except UnicodeDecodeError as error:
        raise PoolError(f"the recipe of run {run.name}: not UTF-8: {error}") from error
    manifest = run.manifest.to_bytes().decode()
    return RunOffer(manifest, texts, stages_digest(run.config.stages), version("distributed"))
