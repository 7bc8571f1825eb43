"""An argument parser whose errors are one line, like every other error of this program.

Knows nothing of the flags.  Invariant: wrong usage ends with status 2.
"""

from __future__ import annotations

import argparse
from typing import NoReturn

from workers.core.exit_status import ExitStatus

_WORDS = {"invalid int value": "not a whole number", "invalid float value": "not a number"}


class CommandParser(argparse.ArgumentParser):
    """argparse prints its whole usage above an error, which then is easily missed."""

    def error(self, message: str) -> NoReturn:
        """End with status 2; the usage is left to --help."""
        for theirs, ours in _WORDS.items():
            message = message.replace(theirs, ours)
        message = message.removeprefix("argument ")
        self.exit(ExitStatus.USAGE, f"error: {message} (more: {self.prog} --help)\n")
