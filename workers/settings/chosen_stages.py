"""The stages of a run, made with the run's options for them, and which of them ask a model.

Knows stage classes and settings; starts nothing.  Invariant: a stage is only made with
options it knows.
"""

from __future__ import annotations

from stages import ALL_STAGES, BY_HAND, stage_by_name
from stages.base import Question, Stage
from stages.recipe.recipe import Recipe
from workers.core.errors import UsageError
from workers.settings.config import RunConfig


def make_stage(config: RunConfig, name: str, recipe: Recipe | None = None) -> Stage:
    """A stage with the run's options for it, which goes by a recipe, or the shipped one.

    Raises UsageError for a stage that can't be made, or an option it hasn't.
    """
    kind = stage_class(name)
    given = {"seed": config.seed, **config.stage_options.get(name, {})}
    if config.disable_llm:
        given["use_model"] = False
    try:
        options = kind.Options(**given)
    except (TypeError, ValueError) as error:
        raise UsageError(f"options of stage {name}: {error}") from error
    try:
        stage = kind(options, recipe)
    except (Exception, SystemExit) as error:  # a stage of somebody's own may raise anything
        raise UsageError(f"stage {name}: {type(error).__name__}: {error}") from error
    stage.from_outside = _is_given_pairs_from_outside(config, name)
    stage.made_in_run = name in config.stages and makes_pairs(config, before=name)
    return stage


def _is_given_pairs_from_outside(config: RunConfig, name: str) -> bool:
    """Whether a stage is the run's first, or stands behind one of a user's own or the filter."""
    stages = ("", *config.stages)
    before = stages[stages.index(name) - 1] if name in config.stages else ""
    return before not in ALL_STAGES[1:]


def makes_pairs(config: RunConfig, before: str = "") -> bool:
    """Whether a stage of ours makes the run's pairs, before one of its stages or at all."""
    stages = config.stages[: config.stages.index(before)] if before else config.stages
    return any(stage_class(one).makes_pairs for one in stages if one in ALL_STAGES)


def stage_class(name: str) -> type[Stage]:
    """The class of a stage; raises UsageError if there is none."""
    try:
        return stage_by_name(name)
    except ValueError as error:
        raise UsageError(str(error)) from error


def check_stages(config: RunConfig, recipe: Recipe) -> None:
    """Raise UsageError for a stage that can't be made, or asks under the name of another question.

    A question is calibrated and answered by its name.
    """
    asked: dict[str, Question] = {}
    for name in config.stages:
        stage = make_stage(config, name, recipe)
        for question in stage.questions() if stage.needs_model else ():
            if asked.setdefault(question.name, question) != question:
                raise UsageError(
                    f"stage {name}: its question {question.name!r} has the name of another "
                    "stage's question; give it one of its own"
                )


def stages_without_model(config: RunConfig) -> frozenset[str]:
    """The stages of a run, by name, whose records workers process without a model."""
    return frozenset(stage.name for stage in _worked_on(config) if not stage.needs_model)


def needs_model(config: RunConfig) -> bool:
    """Whether any stage of a run asks a model."""
    return any(stage.needs_model for stage in _worked_on(config))


def stage_without_pairs(config: RunConfig) -> str | None:
    """The stage of a run that takes pairs and has none before it that makes them, if there is one.

    The input has to hold them then.  A stage of a user's own may make some.
    """
    for name in config.stages:
        kind = stage_class(name)
        if kind.takes_pairs:
            return name
        if kind.makes_pairs or name not in ALL_STAGES:
            return None
    return None


def _worked_on(config: RunConfig) -> list[Stage]:
    """The stages that workers take: all but those where a person decides."""
    return [make_stage(config, name) for name in config.stages if name not in BY_HAND]
