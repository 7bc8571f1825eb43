"""The stages of a run, made with the run's options for them, and which of them ask a model.

Knows stage classes and settings; starts nothing.  Invariant: a stage is only made with
options it knows.
"""

from __future__ import annotations

from stages import stage_by_name
from stages.base import Stage
from workers.core.errors import UsageError
from workers.settings.config import RunConfig


def make_stage(config: RunConfig, name: str) -> Stage:
    """A stage with the run's options for it; raises UsageError for an option it hasn't."""
    kind = stage_by_name(name)
    given = {"seed": config.seed, **config.stage_options.get(name, {})}
    if config.disable_llm:
        given["use_model"] = False
    try:
        return kind(kind.Options(**given))
    except (TypeError, ValueError) as error:
        raise UsageError(f"options of stage {name}: {error}") from error


def stages_without_model(config: RunConfig) -> frozenset[str]:
    """The stages of a run that ask no model, by name."""
    made = (make_stage(config, name) for name in config.stages)
    return frozenset(stage.name for stage in made if not stage.needs_model)


def needs_model(config: RunConfig) -> bool:
    """Whether any stage of a run asks a model."""
    return len(stages_without_model(config)) < len(config.stages)
