"""What a person types to call this program: in a checkout, or where it was installed.

Knows names only.  Invariant: a command that a message names can be typed as it stands.
"""

from __future__ import annotations

import sys
from pathlib import Path

SETUP = Path(__file__).parents[2] / "setup.cfg"  # there in a checkout only
COMMAND = "cyberllm"  # of an installed package
_SCRIPT = "coordinator.py"


def program(setup: Path = SETUP) -> str:
    """`cyberllm` where that was called, or no checkout is here; else `coordinator.py`."""
    called = Path(sys.argv[0]).name
    return COMMAND if called == COMMAND or not setup.is_file() else _SCRIPT


def command_line(words: str, setup: Path = SETUP) -> str:
    """A command of the coordinator, such as `resume first`, as a person types it here."""
    name = program(setup)
    return f"{'python ' if name == _SCRIPT else ''}{name} {words}"
