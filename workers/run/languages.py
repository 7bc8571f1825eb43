"""The languages of a run whose filter is left to find them: decided once, and kept with the run.

They are those that the recipe has questions in, without those that the model's card leaves out.
Knows the front matter of a card; opens no model.  Invariant: English always stays, since every
prompt is in English, and a card that names no language leaves none out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from stages.recipe.recipe import Recipe
from stages.text.language import ENGLISH, KNOWN, short_code
from workers.run.run_model import TARGET, RunModel
from workers.settings.config import RunConfig

FILTER, AUTO = "2_data_filter", "auto"
DECIDED = "decided_languages"  # the filter's option
_CARD = "README.md"
_LARGEST_CARD = 1 << 20  # bytes that are read of one
_OF_ALL = "multilingual"


def with_languages(config: RunConfig, recipe: Recipe, models: Mapping[str, RunModel]) -> RunConfig:
    """The settings with what `--languages auto` stands for, where there is a choice."""
    given = config.stage_options.get(FILTER, {})
    is_auto = str(given.get("languages", AUTO)).strip().lower() == AUTO
    if FILTER not in config.stages or not is_auto or len(recipe.languages) < 2:
        return config
    folder = models[TARGET].path if TARGET in models else None
    known = languages_of_card(Path(folder) / _CARD) if folder else frozenset()
    stay = [code for code in recipe.languages if code == ENGLISH or not known or code in known]
    decided = {**given, DECIDED: ",".join(stay)}
    return replace(config, stage_options={**config.stage_options, FILTER: decided})


def languages_notice(config: RunConfig) -> str | None:
    """What was decided; None where nothing had to be."""
    decided = config.stage_options.get(FILTER, {}).get(DECIDED)
    return f"languages: {decided}; records in others are removed" if decided else None


def languages_of_card(card: Path) -> frozenset[str]:
    """The languages that a model's card names; none where it names none, or is not there."""
    import yaml

    try:
        with card.open("rb") as file:
            text = file.read(_LARGEST_CARD).decode("utf-8", "replace")
        # Not as YAML's own types: Norwegian is `no`.
        front = yaml.load(_front_matter(text), Loader=yaml.BaseLoader)  # noqa: S506
    except (OSError, yaml.YAMLError):
        return frozenset()
    named = front.get("language") if isinstance(front, dict) else None
    names = [one for one in (named if isinstance(named, list) else [named]) if isinstance(one, str)]
    if any(name.strip().lower() == _OF_ALL for name in names):
        return frozenset()
    return frozenset(map(short_code, names)) & frozenset(KNOWN)


def _front_matter(text: str) -> str:
    """The YAML between the two lines of dashes that a card begins with."""
    first, *lines = text.lstrip("\ufeff").splitlines() or [""]
    if first.strip() != "---" or "---" not in lines:
        return ""
    return "\n".join(lines[: lines.index("---")])
