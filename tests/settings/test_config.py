"""RunConfig: valid or refused by the name of the setting; the same after a way through JSON."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from stages import DEFAULT_STAGES
from workers.core.errors import UsageError
from workers.settings.config import RunConfig, settings
from workers.settings.setting import Setting
from workers.settings.values import build_config


def test_every_field_but_the_stages_own_options_is_a_setting() -> None:
    names = {f.name for f in fields(RunConfig)}
    assert names - settings().keys() == {"stage_options"}
    assert all(isinstance(setting, Setting) and setting.help for setting in settings().values())


def test_the_defaults_are_within_the_bounds() -> None:
    assert build_config({}) == RunConfig()
    assert RunConfig().stages == DEFAULT_STAGES


def test_a_config_cannot_be_made_invalid_later() -> None:
    with pytest.raises(UsageError, match="--workers -3"):
        replace(RunConfig(), workers=-3)
