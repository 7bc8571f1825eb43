"""The options of an assembly from a YAML file.

Knows names and types, not bounds.  Invariant: an unknown name or a value of a wrong type is
refused with the file's name.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from workers.core.errors import UsageError

_TEXTS = ("split", "system", "licence", "title")
_LISTS = ("export", "decontaminate")
_NUMBERS = ("dedup_threshold", "ngram")
_FILES = ("sheet", "recipe")
NAMES = (*_TEXTS, *_LISTS, *_NUMBERS, *_FILES, "cap", "no_dedup")
_ALSO = {"format": "export", "license": "licence"}


def read_settings(path: Path) -> dict[str, Any]:
    """The options that a file sets, as the command line would give them."""
    import yaml

    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"--config {path}: {error.strerror}") from None
    except (yaml.YAMLError, ValueError) as error:
        raise UsageError(
            f"--config {path}: not valid YAML: {' '.join(str(error).split())}"
        ) from None
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise UsageError(f"--config {path}: must hold options, one `name: value` per line")
    found = {}
    for key, value in values.items():
        name = str(key).replace("-", "_")
        name = _ALSO.get(name, name)
        if name not in NAMES:
            raise UsageError(f"--config {path}: {key}: no such option; the options are {_all()}")
        if value is not None:
            found[name] = _typed(name, value, f"--config {path}: {key}")
    return found


def _all() -> str:
    return ", ".join(name.replace("_", "-") for name in NAMES)


def _typed(name: str, value: Any, shown: str) -> Any:
    if name == "cap":
        return _caps(value, shown)
    if name == "no_dedup":
        return _checked(value, bool, f"{shown}: must be true or false")
    if name in _NUMBERS:
        kind: Any = int if name == "ngram" else (int, float)
        return _checked(value, kind, f"{shown}: must be a number")
    if name in _LISTS:
        names = [value] if isinstance(value, str) else value
        names = _checked(names, list, f"{shown}: must be a list")
        texts = [_checked(one, str, f"{shown}: must be a list of texts") for one in names]
        return [Path(one) for one in texts] if name == "decontaminate" else texts
    text = _checked(value, str, f"{shown}: must be text")
    return Path(text) if name in _FILES else text


def _caps(value: Any, shown: str) -> list[str]:
    """`cap: {domain: 500, source: 20%}`, or a list as on the command line."""
    if isinstance(value, dict):
        return [f"{field}={limit}" for field, limit in value.items()]
    texts = _checked(value, list, f"{shown}: must be like {{domain: 500, source: 20%}}")
    return [str(one) for one in texts]


def _checked(value: Any, kind: Any, problem: str) -> Any:
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise UsageError(problem)
    return value
