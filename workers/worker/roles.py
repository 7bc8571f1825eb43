"""Which stages a worker takes, and each stage made with the run's options for it.

Knows roles and stages by name; starts nothing.  Invariant: a stage is only made with
options it knows.
"""

from __future__ import annotations

from stages import stage_by_name
from stages.base import Stage
from workers.core.errors import UsageError
from workers.run.run_folder import RunFolder
from workers.settings.config import RunConfig

ROLES = ("batch", "speculative", "cpu")


def make_stage(config: RunConfig, name: str) -> Stage:
    """A stage with the run's options for it; raises UsageError for an option it hasn't."""
    kind = stage_by_name(name)
    given = {"seed": config.seed, **config.stage_options.get(name, {})}
    try:
        return kind(kind.Options(**given))
    except (TypeError, ValueError) as error:
        raise UsageError(f"options of stage {name}: {error}") from error


def stage_order(run: RunFolder, role: str) -> list[str]:
    """The stages a role takes, the one to look at first in front.

    Late stages come first, so that results appear early and queues stay short; a
    speculative worker prefers long answers.  A cpu worker takes what needs no model.
    """
    names = list(reversed(run.config.stages))
    if role == "cpu" and not run.config.disable_llm:
        return []
    if role == "speculative":
        names.sort(key=lambda name: not stage_by_name(name).long_answers)
    return names
