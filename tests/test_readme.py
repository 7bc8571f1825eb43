"""README and the pages in docs/ name options, commands, modules and constants that exist."""

from __future__ import annotations

import re
from dataclasses import fields
from importlib.util import find_spec
from pathlib import Path

import yaml

from coordinator import build_parser
from stages import ALL_STAGES, stage_by_name
from stages.recipe.recipe import shipped
from workers.core.command_parser import CommandParser
from workers.settings.config import RunConfig
from workers.settings.shown import flag_of
from workers.settings.sources import load_config
from workers.settings.stage_options import with_flags

ROOT = Path(__file__).parents[1]
PAGES = {path: path.read_text(encoding="utf-8") for path in ROOT.glob("*.md")} | {
    path: path.read_text(encoding="utf-8") for path in ROOT.glob("docs/*.md")
}
ALL_TEXT = "\n".join(PAGES.values())
README = PAGES[ROOT / "README.md"]
OPTIONS = PAGES[ROOT / "docs" / "options.md"]
USAGE = PAGES[ROOT / "docs" / "usage.md"]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
ROWS = [
    re.split(r"\s*(?<!\\)\|\s*", row) for row in re.findall(r"^\| `--.*", OPTIONS, re.MULTILINE)
]
TABLE = {row[1].strip("`").split()[0]: row[2] for row in ROWS}
MEANINGS = {row[1].strip("`").split()[0]: row[3] for row in ROWS}
TARGETS = set(re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE))
NOT_IN_ENVIRONMENT = {"--run", "--config", "--resume", "--prometheus-file", "--prometheus-port"}


def settings() -> dict[str, object]:
    return {flag_of(setting.name): setting.default for setting in fields(RunConfig)}


def test_readme_is_short() -> None:
    assert len(README.splitlines()) < 150


def test_every_setting_is_in_the_options_table() -> None:
    assert settings().keys() - TABLE.keys() == {"--stage-options"}


def test_the_table_has_no_others() -> None:
    of_stages = {flag_of(name) for name in with_flags()}
    assert TABLE.keys() - settings().keys() - of_stages == NOT_IN_ENVIRONMENT


def test_the_table_says_what_help_says() -> None:
    parser = run_parser()
    shown = {
        action.option_strings[-1]: re.sub(r" \(default: [^)]*\)", "", action.help or "")
        for action in parser._actions
    }
    assert shown.keys() - TABLE.keys() == {"--help", "--input"}
    assert {flag: shown[flag] for flag in MEANINGS} == MEANINGS
    assert f"| `-i FILE...` | | {shown['--input']} |" in OPTIONS


def test_the_sections_of_the_options_page_are_the_groups_of_help() -> None:
    titles = [g.title for g in run_parser()._action_groups if g.title and g._group_actions]
    sections = re.findall(r"^## (.+)$", OPTIONS, re.MULTILINE)
    assert [title.lower() for title in sections[:-2]] == titles[1:]


def run_parser() -> CommandParser:
    """The parser of `run`, as it is after it was used."""
    parser = build_parser()
    parser.parse_args(["run", "-i", "x"])
    [commands] = [a.choices for a in parser._actions if isinstance(a.choices, dict)]
    found = commands["run"]
    assert isinstance(found, CommandParser)
    return found


def test_numbers_in_the_table_are_the_defaults() -> None:
    stages = [stage_by_name(name).Options() for name in ALL_STAGES]
    own = {flag_of(name): value for stage in stages for name, value in vars(stage).items()}
    own |= {flag_of(name): value for name, value in vars(shipped().bounds).items()}
    shown = {flag: text for flag, text in TABLE.items() if re.fullmatch(r"[\d.]+", text)}
    assert len(shown) > 8
    for flag, text in shown.items():
        assert float(text) == (own | settings())[flag], flag


def test_every_other_option_can_be_set_in_the_environment() -> None:
    samples = {"--kv-bits": "8", "--draft-model": "draft", "--stages": "data_filter"}
    samples["--endpoint"] = "http://127.0.0.1:8080/v1"
    samples |= {"--shard": "1/2", "--languages": "en", "--part-tokens": "900", "--answers": "model"}
    for flag in TABLE.keys() - NOT_IN_ENVIRONMENT:
        name = flag.removeprefix("--").replace("-", "_")
        environ = {"CYBERLLM_ENABLE_SPECULATIVE": "1"} if flag == "--draft-model" else {}
        environ[f"CYBERLLM_{name.upper()}"] = samples.get(flag, "1")
        config = load_config({}, None, environ)
        stage, _ = with_flags().get(name, ("", str))
        given = config.stage_options[stage][name] if stage else getattr(config, name)
        assert given not in (None, False), flag


def test_the_variables_that_pages_name_are_known() -> None:
    """One that the settings do not know is an error of every command."""
    named = set(re.findall(r"CYBERLLM_[A-Z_]*[A-Z]", ALL_TEXT))
    known = settings_by_name() | with_flags().keys()
    own = {name for name in named if name.removeprefix("CYBERLLM_").lower() in known}
    assert len(named - own) > 6
    load_config({}, None, dict.fromkeys(named - own, "1"))
    rows = re.findall(r"^\| `CYBERLLM_.*?\|", OPTIONS, re.MULTILINE)
    assert named - own == set(re.findall(r"`(\w+)`", " ".join(rows)))


def settings_by_name() -> set[str]:
    return {setting.name for setting in fields(RunConfig)}


def test_the_yaml_of_the_options_page_is_valid(tmp_path: Path) -> None:
    [block] = re.findall(r"```yaml\n(.*?)```", OPTIONS, re.DOTALL)
    path = tmp_path / "settings.yaml"
    path.write_text(block)
    config = load_config({}, path, {})
    assert config.batch_size == yaml.safe_load(block)["batch_size"]
    assert config.stages == ("2_data_filter", "3_data_structurer", "6_security_aligner")
    assert config.stage_options["3_data_structurer"] == {"min_grounded": 0.95}


def commands() -> set[str]:
    [found] = [a.choices for a in build_parser()._actions if isinstance(a.choices, dict)]
    return set(found)


def test_the_commands_named_exist_and_all_are_named() -> None:
    shown = set(re.findall(r"python coordinator.py ([a-z]+)", ALL_TEXT))
    assert shown == commands()
    for page in (README, USAGE, PAGES[ROOT / "docs" / "design.md"]):
        assert set(re.findall(r"python coordinator.py ([a-z]+)", page)) == commands()


def test_the_make_targets_named_exist() -> None:
    assert set(re.findall(r"^make ([a-z]+)|`make ([a-z]+)", README, re.MULTILINE))
    named = {
        a or b for a, b in re.findall(r"^make ([a-z]+)|`make ([a-z]+)", ALL_TEXT, re.MULTILINE)
    }
    assert named <= TARGETS


def test_the_modules_named_exist() -> None:
    named = set(re.findall(r"python -m ([a-z][a-z_.]*[a-z])", ALL_TEXT))
    assert len(named) > 6
    assert [name for name in named - {"my_module"} if find_spec(name) is None] == []
