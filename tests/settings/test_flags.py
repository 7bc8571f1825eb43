"""Flags: one for every setting, in groups; one that was not given is not there."""

from __future__ import annotations

import argparse
import re

import pytest

from stages import ALL_STAGES, short_name, stage_by_name
from workers.core.command_parser import CommandParser
from workers.settings.config import settings
from workers.settings.flags import (
    add_flags,
    add_stage_flags,
    describe_stages,
    given_settings,
    option_groups,
)
from workers.settings.setting import Group
from workers.settings.shown import flag_of


def parser() -> CommandParser:
    made = CommandParser(prog="test")
    groups = option_groups(made)
    add_flags(groups)
    add_stage_flags(groups)
    describe_stages(groups)
    return made


def test_flags_that_are_not_given_leave_room_for_environment_and_yaml() -> None:
    args = parser().parse_args([])
    assert vars(args) == {} and given_settings(args) == {}


def test_given_settings_are_those_of_the_run_alone() -> None:
    args = parser().parse_args(["--batch-size", "3", "--no-batching", "--ratio", "0.5"])
    args.command, args.input = "run", ["x"]
    assert given_settings(args) == {"batch_size": 3, "no_batching": True}
    assert args.ratio == 0.5


def test_only_the_flags_that_are_asked_for() -> None:
    made = CommandParser(prog="test")
    add_flags(option_groups(made), ("workers",))
    assert given_settings(made.parse_args(["--workers", "2"])) == {"workers": 2}
    with pytest.raises(SystemExit):
        made.parse_args(["--batch-size", "2"])


def test_help_shows_every_setting_in_its_group_with_its_default() -> None:
    text = parser().format_help()
    parts = dict(re.findall(r"\n([a-z ]+):\n(.*?)(?=\n\S|\Z)", text, re.DOTALL))
    for name, setting in settings().items():
        assert f"  {flag_of(name)}" in parts[setting.group], name
    flat = " ".join(text.split())
    assert "automatically when memory is short (default: 32)" in flat
    assert "greedy decoding (default: 0)" in flat and "(default: None)" not in flat
    assert [group for group in Group if group in parts] == list(Group)


def test_help_says_what_each_stage_does() -> None:
    text = parser().format_help()
    for name in ALL_STAGES:
        assert re.search(rf"  {short_name(name)} +{stage_by_name(name).description}\n", text)


def test_a_percent_sign_in_help_is_no_placeholder(monkeypatch: pytest.MonkeyPatch) -> None:
    made = argparse.ArgumentParser()
    from dataclasses import replace

    from workers.settings import flags

    odd = replace(settings()["temp"], help="100% of it")
    flags.add_flag(made.add_argument_group(), "temp", odd)
    assert "100% of it" in made.format_help()
