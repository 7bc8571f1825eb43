"""Where a run's settings come from: command line, environment (`CYBERLLM_*`), YAML, defaults.

Knows each source's own spelling of a setting; the bounds are RunConfig's.  Invariant: a wrong
value is refused under the name that its source gives it.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

from workers.core.errors import UsageError
from workers.core.terminal import plain_text
from workers.settings.config import RunConfig, settings
from workers.settings.shown import flag_of, shown_as, without_password
from workers.settings.stage_options import Options, as_setting, from_yaml, merged, with_flags
from workers.settings.values import checked


def load_config(
    flags: Mapping[str, Any],
    yaml_path: Path | None = None,
    environ: Mapping[str, str] = os.environ,
    stage_flags: Mapping[str, Mapping[str, Any]] | None = None,
) -> RunConfig:
    """Command line over environment over YAML over defaults; raises UsageError for a wrong value.

    `flags` are settings by name; `stage_flags` are options of single stages, by stage.
    """
    values, options = _from_yaml(yaml_path) if yaml_path is not None else ({}, {})
    of_environment, its_options = _from_environment(environ)
    values |= of_environment
    for name, value in flags.items():
        values[name] = checked(name, value, shown_as(flag_of(name), value))
    options = merged(merged(options, its_options), stage_flags or {})
    return RunConfig(**{**values, "stage_options": options})


def _from_environment(environ: Mapping[str, str]) -> tuple[dict[str, Any], Options]:
    """An empty variable counts as one that is not set; one that sets nothing is refused."""
    found: dict[str, Any] = {}
    options: Options = {}
    given = [name for name in environ if name.startswith(_PREFIX) and name not in _OTHER_VARIABLES]
    for variable in given:
        name = variable.removeprefix(_PREFIX).lower()
        if name not in settings() and name not in with_flags() or variable != variable.upper():
            _refuse(variable)
        if text := environ[variable]:
            shown = f"{variable}={without_password(text)}"
            kind = settings()[name].kind if name in settings() else with_flags()[name][1]
            value = _parsed(text, kind, shown)
            if name in settings():
                found[name] = checked(name, value, shown)
            else:
                options = merged(options, as_setting(name, value, f"{shown}: "))
    return found, options


_PREFIX = "CYBERLLM_"
_OF_A_MACHINE = ("CLUSTER_MODEL", "CLUSTER_WORKERS", "CLUSTER_CORES", "CLUSTER_PARENT")
_OTHER_VARIABLES = tuple(
    f"{_PREFIX}{name}"
    for name in ("CACHE_DIR", "QUEUES", "LOGS", "BLAS", "ENDPOINT_KEY", *_OF_A_MACHINE)
)


def _refuse(variable: str) -> NoReturn:
    of_settings = [f"{_PREFIX}{name.upper()}" for name in (*settings(), *with_flags())]
    meant = difflib.get_close_matches(variable, [*of_settings, *_OTHER_VARIABLES], n=1)
    hint = f"; did you mean {meant[0]}?" if meant else ""
    raise UsageError(f"{plain_text(variable, 80)}: no such environment variable{hint}")


_TRUE, _FALSE = {"1", "true", "yes"}, {"0", "false", "no"}


def _parsed(text: str, kind: type, shown: str) -> Any:
    """Text of the environment in the setting's type; as it is where that can't be."""
    if kind is bool:
        if text.lower() not in _TRUE | _FALSE:
            raise UsageError(f"{shown}: must be 1 or 0")
        return text.lower() in _TRUE
    if kind is tuple:
        return text
    try:
        return kind(text)
    except ValueError:
        return text


def _from_yaml(path: Path) -> tuple[dict[str, Any], Options]:
    """The settings, and the options of stages: by their flags' names over `stage_options`."""
    found: dict[str, Any] = {}
    below: Options = {}
    options: Options = {}
    for key, (line, value) in _read_yaml(path).items():
        name = _plain_name(key)
        try:
            if name == "stage_options":
                below = from_yaml(value)
            elif name not in settings() and name in with_flags():
                options = merged(options, as_setting(name, value))
            else:
                found[name] = checked(name, value, shown_as(key, value))
        except UsageError as error:
            raise UsageError(f"--config {path} line {line}: {error}") from error
    return found, merged(below, options)


def _read_yaml(path: Path) -> dict[str, tuple[int, Any]]:
    """The top level of a YAML file: key to line and value.  Raises UsageError, in one line."""
    root, values = _parse_yaml(path)
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise UsageError(f"--config {path}: must hold settings, one `name: value` per line")
    lines: dict[str, int] = {}
    for key, _ in root.value:
        line, name = key.start_mark.line + 1, _plain_name(key.value)
        if name in lines:
            first = lines[name]
            raise UsageError(f"--config {path} line {line}: {key.value}: set in line {first} too")
        lines[name] = line
    return {str(key): (lines.get(_plain_name(key), 1), value) for key, value in values.items()}


def _plain_name(key: object) -> str:
    return str(key).replace("-", "_")


def _parse_yaml(path: Path) -> tuple[Any, Any]:
    """The root node, which knows lines, and the values."""
    import yaml

    try:
        text = path.read_text(encoding="utf-8")
        return yaml.compose(text, yaml.SafeLoader), yaml.safe_load(text)
    except OSError as error:
        raise UsageError(f"--config {path}: {error.strerror}") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else "?"
        raise UsageError(f"--config {path} line {line}: not valid YAML: {error.problem}") from error
    except (yaml.YAMLError, ValueError) as error:  # UnicodeDecodeError among the latter
        reason = " ".join(str(error).split())
        raise UsageError(f"--config {path}: not valid YAML: {reason}") from error
    except RecursionError:
        raise UsageError(f"--config {path}: not valid YAML: nested too deeply") from None
