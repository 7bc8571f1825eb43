"""The steps that come before the first answer, and may take long on a fresh cache.

Knows their names only.  Invariant: whoever starts such a step, or waits for one, says so first.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum


class Step(StrEnum):
    """What a process is doing before it can answer; also a state of a worker's heartbeat."""

    COMPILING = "compiling"
    MEASURING = "measuring"
    CALIBRATING = "calibrating"
    WAITING = "waiting"


# Called with a step and what exactly it is about, before the step begins.
Begin = Callable[[Step, str], None]


def silent(step: Step, what: str) -> None:
    """Tells nobody."""
