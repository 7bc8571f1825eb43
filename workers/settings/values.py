"""A run's settings from plain values: those of a file, a variable, a manifest or a test.

Knows the types of RunConfig's fields; their bounds are its own.  Invariant: a value of a wrong
type is refused under the name that its source gives it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from stages import ALL_STAGES, short_name
from stages.own import own_name
from workers.core.errors import UsageError
from workers.settings.config import RunConfig, settings
from workers.settings.shown import flag_of, shown_as

_IN_WORDS = {int: "a whole number", float: "a number", bool: "true or false", str: "text"}


def checked(name: str, value: Any, shown: str) -> Any:
    """The value of a setting in its right type, the default for None.

    Raises UsageError for a wrong value, beginning with `shown`, and for an unknown name.
    """
    _refuse_unknown(name)
    if name not in settings():
        return value  # stage_options, which the stages know
    if value is None:
        return RunConfig.__dataclass_fields__[name].default
    setting = settings()[name]
    value = _typed(setting.kind, value, shown)
    if problem := setting.check(value):
        raise UsageError(f"{shown}: {problem}")
    return value


def _refuse_unknown(name: str) -> None:
    known = [f.name for f in fields(RunConfig)]
    if name not in known:
        from difflib import get_close_matches

        near = get_close_matches(name, known, 1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise UsageError(f"{name}: no such setting{hint}")


def _typed(kind: type, value: Any, shown: str) -> Any:
    if kind is tuple:
        return parse_stages(value, shown)
    if kind is float and type(value) is int:
        return float(value)
    if type(value) is not kind:
        raise UsageError(f"{shown}: must be {_IN_WORDS[kind]}")
    return value


def build_config(values: Mapping[str, Any]) -> RunConfig:
    """A RunConfig from plain values; raises UsageError naming the setting at fault."""
    return RunConfig(
        **{
            name: checked(name, given, shown_as(flag_of(name), given))
            for name, given in values.items()
        }
    )


def config_from_json(values: Mapping[str, Any]) -> RunConfig:
    """The inverse of `RunConfig.to_json`; unknown settings are a UsageError.

    Runs that were created before duplicates were looked for go on without that.
    """
    return build_config({"no_dedup": True, **values})


def parse_stages(value: Any, shown: str = "stages") -> tuple[str, ...]:
    """Full stage names in order, from a list, "data_filter,4_domain_classifier,own:X" or "all".

    Ours come in pipeline order, any other right behind the one named before it.  Unknown names
    stay as they are; raises UsageError for what is no list of names.
    """
    names = value.split(",") if isinstance(value, str) else value
    if not isinstance(names, list | tuple) or not all(isinstance(name, str) for name in names):
        raise UsageError(f"{shown}: must be a list of stage names")
    if list(names) == ["all"]:
        return ALL_STAGES
    by_short = {short_name(name): name for name in ALL_STAGES}
    groups: list[list[str]] = [[]]
    for name in (name.strip() for name in names):
        full = by_short.get(name, name)
        if full in ALL_STAGES:
            groups.append([full])
        else:
            groups[-1].append(own_name(full) or full)
    first, *others = groups
    others.sort(key=lambda group: ALL_STAGES.index(group[0]))
    return tuple(name for group in (first, *others) for name in group)
