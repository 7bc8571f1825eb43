"""Settings that only one stage has: from YAML or a flag, checked against the stage's own list.

Knows where stages live and what an Options dataclass is.  Invariant: what it returns is
keyed by full stage names and holds only options that the stage has.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from stages import stage_by_name
from workers.core.errors import UsageError
from workers.settings.config import STAGE_NAMES, parse_stages

ALIGNER = "6_security_aligner"

Options = dict[str, dict[str, Any]]


def normalized(given: Any, ratio: float | None = None) -> Options:
    """Options by full stage name; `ratio` is the aligner's flag and wins over the YAML.

    Raises UsageError naming the stage, option or flag at fault.
    """
    if not isinstance(given, Mapping):
        raise UsageError("stage_options: must map stage names to options")
    found: Options = {}
    for name, options in given.items():
        found[_full_name(str(name))] = _checked(str(name), options)
    if ratio is not None:
        if not 0 <= ratio <= 1:
            raise UsageError(f"--ratio {ratio}: must be from 0 to 1")
        found.setdefault(ALIGNER, {})["ratio"] = ratio
    return found


def _full_name(name: str) -> str:
    (full,) = parse_stages([name])
    if full not in STAGE_NAMES:
        raise UsageError(f"stage_options {name}: known stages are {', '.join(STAGE_NAMES)}")
    return full


def _checked(name: str, options: Any) -> dict[str, Any]:
    if not isinstance(options, Mapping):
        raise UsageError(f"stage_options {name}: must be a mapping of options")
    kind = stage_by_name(_full_name(name)).Options
    known = [field.name for field in fields(kind)]
    for option in options:
        if option not in known:
            raise UsageError(
                f"stage_options {name}: unknown option {option!r}; known: {', '.join(known)}"
            )
    try:
        kind(**options)
    except (TypeError, ValueError) as error:
        raise UsageError(f"stage_options {name}: {error}") from error
    return dict(options)
