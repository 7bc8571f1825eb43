"""The settings as command-line flags, in groups, and back from what argparse read.

Knows argparse and RunConfig's fields; checks nothing but types.  Invariant: a flag that was not
given is absent from the namespace, so that environment and YAML count.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from stages import ALL_STAGES, short_name, stage_by_name
from workers.settings.config import RunConfig, settings
from workers.settings.setting import Group, Setting
from workers.settings.shown import flag_of

OptionGroups = Mapping[Group, argparse._ArgumentGroup]


def option_groups(parser: argparse.ArgumentParser) -> OptionGroups:
    """The groups of a parser's help page in their order; --help leaves out empty ones."""
    return {group: parser.add_argument_group(group.value) for group in Group}


def add_flags(groups: OptionGroups, names: Iterable[str] | None = None) -> None:
    """A flag for each setting, or for those of these names."""
    wanted = settings() if names is None else {name: settings()[name] for name in names}
    for name, setting in wanted.items():
        add_flag(groups[setting.group], name, setting)


def add_flag(group: argparse._ArgumentGroup, name: str, setting: Setting) -> None:
    """Add the flag of one setting."""
    given: dict[str, Any] = {"dest": name, "default": argparse.SUPPRESS}
    if setting.kind is bool:
        group.add_argument(flag_of(name), action="store_true", help=setting.help, **given)
    else:
        kind = str if setting.kind is tuple else setting.kind
        text = (setting.help + _default_of(name)).replace("%", "%%")
        group.add_argument(flag_of(name), type=kind, metavar=setting.metavar, help=text, **given)


def _default_of(name: str) -> str:
    """The default as help shows it; nothing where the machine or the stage decides."""
    default = RunConfig.__dataclass_fields__[name].default
    if isinstance(default, tuple):
        return f" (default: {','.join(map(short_name, default))})"
    if default is None:
        return ""
    return f" (default: {default:g})" if isinstance(default, float) else f" (default: {default})"


def add_stage_flags(groups: OptionGroups, stages: Iterable[str] = ALL_STAGES) -> None:
    """The flags that single stages have.  Imports the stages, which takes some 50 ms."""
    for name in stages:
        stage_by_name(name).add_arguments(groups[Group.STAGES])


def describe_stages(groups: OptionGroups) -> None:
    """Show above the flags about stages what each stage does."""
    lines = (f"{short_name(name):<19}{stage_by_name(name).description}" for name in ALL_STAGES)
    groups[Group.STAGES].description = "\n".join(lines)


def given_settings(args: argparse.Namespace) -> dict[str, Any]:
    """The settings among parsed arguments, by their names."""
    given = vars(args)
    return {f.name: given[f.name] for f in fields(RunConfig) if f.name in given}
