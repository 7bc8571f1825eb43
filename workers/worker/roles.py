"""Which stages a worker takes, and in which order.

Knows roles and stages; starts nothing.  Invariant: a cpu worker never takes a stage that asks
a model.
"""

from __future__ import annotations

from stages import BY_HAND
from stages.base import Stage
from stages.recipe.recipe import Recipe
from workers.settings.chosen_stages import make_stage
from workers.settings.config import RunConfig

ROLES = ("batch", "speculative", "cpu")


def stages_for(config: RunConfig, role: str, recipe: Recipe | None = None) -> dict[str, Stage]:
    """The stages that a role takes, by name, the one to look at first in front.

    Late stages come first, so that results appear early and queues stay short; a speculative
    worker prefers long answers.  No worker takes a stage where a person decides.  Raises
    UsageError for an option that a stage hasn't.
    """
    names = [name for name in reversed(config.stages) if name not in BY_HAND]
    made = [make_stage(config, name, recipe) for name in names]
    if role == "cpu":
        made = [stage for stage in made if not stage.needs_model]
    if role == "speculative":
        made.sort(key=lambda stage: not stage.long_answers)
    return {stage.name: stage for stage in made}
