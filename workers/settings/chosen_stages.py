"""The stages of a run, made with the run's options for them, and which of them ask a model.

Knows stage classes and settings; starts nothing.  Invariant: a stage is only made with
options it knows.
"""

from __future__ import annotations

from stages import BY_HAND, stage_by_name
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
    """The stages of a run, by name, whose records workers process without a model."""
    return frozenset(stage.name for stage in _worked_on(config) if not stage.needs_model)


def needs_model(config: RunConfig) -> bool:
    """Whether any stage of a run asks a model."""
    return any(stage.needs_model for stage in _worked_on(config))


def _worked_on(config: RunConfig) -> list[Stage]:
    """The stages that workers take: all but those where a person decides."""
    return [make_stage(config, name) for name in config.stages if name not in BY_HAND]
