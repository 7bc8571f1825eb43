"""What a setting is: its help, its group on the help page, its type and its bounds.

Knows no setting by name.  Invariant: what a check refuses, it says why in words that follow
"--flag value: ".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

LARGEST = 2**63 - 1  # the largest whole number that the manifest's JSON takes

Check = Callable[[Any], str | None]


class Group(StrEnum):
    """What a setting is about, in the order in which --help shows them."""

    INPUT = "input and run"
    STAGES = "stages"
    WORKERS = "workers"
    MODEL = "model"
    BATCHING = "batching"
    SPECULATION = "speculation"
    SAMPLING = "answers and sampling"
    MEMORY = "memory"


@dataclass(frozen=True)
class Setting:
    """What command line, environment and YAML need to know of a field of RunConfig.

    `check` gives what is wrong with a value, or None; `metavar` stands for the value in help.
    """

    help: str
    group: Group
    kind: type
    check: Check
    metavar: str | None


def between(low: float, high: float) -> Check:
    return lambda value: None if low <= value <= high else f"must be from {low} to {high}"


def at_least(low: float) -> Check:
    return lambda value: None if low <= value <= LARGEST else f"must be {low} or more"


def one_of(*choices: Any) -> Check:
    return lambda value: None if value in choices else f"must be {' or '.join(map(str, choices))}"


def anything(value: Any) -> str | None:
    return None


def printable(value: str) -> str | None:
    if not value.strip():
        return "must not be empty"
    return None if value.isprintable() else "must not hold unprintable characters"


def web_address(value: str) -> str | None:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or not value.isprintable():
        return "must be an address such as http://127.0.0.1:8080/v1"
    if parts.username or parts.password:
        return "must hold no name or password; the key goes into CYBERLLM_ENDPOINT_KEY"
    return "must have no query or fragment (? or #)" if parts.query or parts.fragment else None


def define(
    default: Any,
    text: str,
    group: Group,
    kind: type,
    check: Check = anything,
    metavar: str | None = None,
) -> Any:
    """A field of a dataclass of settings."""
    return field(default=default, metadata={"setting": Setting(text, group, kind, check, metavar)})
