"""README's options and modules are those that exist."""

from __future__ import annotations

import re
from dataclasses import fields
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from coordinator import build_parser
from stages.security_aligner.stage import AlignerOptions
from workers.settings.config import RunConfig, flag_of

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
MAKEFILE = (Path(__file__).parents[1] / "Makefile").read_text(encoding="utf-8")
ROWS = [re.split(r"\s*(?<!\\)\|\s*", row) for row in re.findall(r"^\| `--.*", README, re.MULTILINE)]
TABLE = {row[1].strip("`").split()[0]: row[2] for row in ROWS}


def settings() -> dict[str, object]:
    return {flag_of(setting.name): setting.default for setting in fields(RunConfig)}


def test_every_setting_is_in_the_options_table() -> None:
    assert settings().keys() - TABLE.keys() == {"--stage-options"}


def test_the_table_has_no_others() -> None:
    assert TABLE.keys() - settings().keys() == {
        "--run",
        "--config",
        "--resume",
        "--ratio",
        "--prometheus-file",
        "--prometheus-port",
    }


def test_numbers_in_the_table_are_the_defaults() -> None:
    ratio = {"--ratio": AlignerOptions().ratio}
    shown = {flag: text for flag, text in TABLE.items() if re.fullmatch(r"[\d.]+", text)}
    assert len(shown) > 8
    for flag, text in shown.items():
        assert float(text) == (settings() | ratio)[flag], flag


def test_the_commands_it_names_exist() -> None:
    parser = build_parser()
    [commands] = [a.choices for a in parser._actions if isinstance(a.choices, dict)]
    shown = set(re.findall(r"python coordinator.py ([a-z]+)", README))
    assert shown == set(commands)
    targets = set(re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE))
    assert set(re.findall(r"^make ([a-z]+)", README, re.MULTILINE)) <= targets


def test_the_constants_it_names_exist() -> None:
    named = re.findall(r"`([A-Z_]+)` in\s+`([a-z_/]+)\.py`", README)
    assert len(named) >= 4
    for constant, module in named:
        assert hasattr(import_module(f"stages.{module.replace('/', '.')}"), constant), (
            constant,
            module,
        )


def test_the_modules_it_names_exist() -> None:
    named = set(re.findall(r"python -m ([a-z_.]+)", README))
    assert named and all(find_spec(name) for name in named)
