"""Options that only one stage has: from YAML, from the stage's own flags, or by a flag's name.

Knows where stages live and what an Options dataclass is; bounds are the dataclass's own.
Invariant: options it returns are keyed by full stage name, and the stage takes them.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping
from dataclasses import fields
from functools import cache
from typing import Any

from stages import ALL_STAGES, is_stage_name, short_name
from workers.core.errors import UsageError
from workers.settings.chosen_stages import stage_class
from workers.settings.config import settings
from workers.settings.values import parse_stages

Options = dict[str, dict[str, Any]]


def from_yaml(given: Any) -> Options:
    """The options under `stage_options:`; raises UsageError naming the stage or option at fault."""
    if not isinstance(given, Mapping):
        raise UsageError("stage_options: must map names of stages to options")
    found: Options = {}
    for name, options in given.items():
        shown = f"stage_options {name}"
        (full,) = parse_stages([str(name)])
        if not is_stage_name(full):
            known = ", ".join(map(short_name, ALL_STAGES))
            raise UsageError(f"{shown}: no such stage; the stages are {known}")
        if full in found:
            raise UsageError(f"{shown}: the same stage twice")
        if not isinstance(options, Mapping):
            raise UsageError(f"{shown}: must map names of options to values")
        found[full] = _checked(full, options, f"{shown}: ")
    return found


def from_flags(args: argparse.Namespace, stages: Iterable[str] = ALL_STAGES) -> Options:
    """The options among parsed arguments; raises UsageError naming the flag at fault."""
    given = vars(args)
    found: Options = {}
    for stage in stages:
        if own := {name: given[name] for name in _names(stage) if name in given}:
            found[stage] = _checked(stage, own, "--")
    return found


@cache
def with_flags() -> Mapping[str, tuple[str, type]]:
    """The options of our stages that have a flag: of which stage each is, and its type.

    Imports the stages, as their flags do.
    """
    found: dict[str, tuple[str, type]] = {}
    for stage in ALL_STAGES:
        parser = argparse.ArgumentParser(add_help=False)
        stage_class(stage).add_arguments(parser)
        for flag in parser._actions:
            of_text = flag.type if isinstance(flag.type, type) else str
            found[flag.dest] = stage, bool if flag.const is True else of_text
    return found


def as_setting(name: str, value: Any, shown: str = "") -> Options:
    """An option `with_flags` that stands among the settings; raises UsageError as `shown` says."""
    stage, _ = with_flags()[name]
    return {} if value is None else {stage: _checked(stage, {name: value}, shown)}


def _names(stage: str) -> list[str]:
    """A stage's own options; the seed is the run's."""
    return [f.name for f in fields(stage_class(stage).Options) if f.name not in settings()]


def merged(low: Mapping[str, Mapping[str, Any]], high: Mapping[str, Mapping[str, Any]]) -> Options:
    """Both by stage; an option in both is as in `high`."""
    return {name: {**low.get(name, {}), **high.get(name, {})} for name in [*low, *high]}


def _checked(stage: str, options: Mapping[Any, Any], shown: str) -> dict[str, Any]:
    """The options, if the stage takes them; messages begin with `shown`."""
    kind = stage_class(stage).Options
    known = [field.name for field in fields(kind)]
    for option in options:
        if option not in known:
            raise UsageError(f"{shown}no option {option!r}; the options are {', '.join(known)}")
    try:
        kind(**options)
    except (TypeError, ValueError) as error:
        raise UsageError(f"{shown}{error}") from error
    return dict(options)
