"""An argument parser with one-line errors, readable help, and arguments added when needed.

Knows nothing of the flags.  Invariant: wrong usage ends with status 2.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from typing import Any, NoReturn

from workers.core.exit_status import ExitStatus

_WRONG_TYPE = re.compile(r"(.*): invalid (int|float) value: '(.*)'", re.DOTALL)
_IN_WORDS = {"int": "a whole number", "float": "a number"}


def port(text: str) -> int:
    """The type of an argument that is a number of a port."""
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text}: must be from 1 to 65535")
    return int(text)


class _Help(argparse.RawDescriptionHelpFormatter):
    """Keeps the lines of descriptions; writes `-i, --input FILE` instead of the value twice."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=30)

    def _format_action_invocation(self, action: argparse.Action) -> str:
        if len(action.option_strings) < 2 or action.nargs == 0:
            return super()._format_action_invocation(action)
        value = self._format_args(action, self._get_default_metavar_for_optional(action))
        return f"{', '.join(action.option_strings)} {value}"


class _Version(argparse.Action):
    """Prints the version, which is looked up only then."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        from workers.core.version import PACKAGE, version

        print(f"{PACKAGE} {version()}")
        parser.exit()


class CommandParser(argparse.ArgumentParser):
    """A parser whose errors are one line: argparse prints its whole usage above them.

    `fill` adds the arguments once this parser is used, so that a command of many does not wait
    for what the others need.
    """

    def __init__(self, fill: Callable[[CommandParser], None] | None = None, **options: Any) -> None:
        super().__init__(**options, allow_abbrev=False, formatter_class=_Help)
        self._fill = fill

    def add_version(self) -> None:
        """Take --version."""
        self.add_argument("--version", action=_Version, nargs=0, help="show the version and exit")

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """As argparse does it, but what it does not know is an error at once, of this command."""
        if self._fill is not None:
            fill, self._fill = self._fill, None
            fill(self)
        found, unknown = super().parse_known_args(args, namespace)
        if unknown:
            self._refuse(unknown[0])
        return found, unknown

    def _refuse(self, argument: str) -> NoReturn:
        from difflib import get_close_matches

        flag = argument.partition("=")[0]
        near = get_close_matches(flag, self._option_string_actions, 1, 0.75)
        hint = f"; did you mean {near[0]}?" if near else ""
        self.error(f"{flag}: no such {'option' if flag.startswith('-') else 'argument'}{hint}")

    def error(self, message: str) -> NoReturn:
        """End with status 2; the usage is left to --help."""
        from workers.core.terminal import plain_text

        message = message.removeprefix("argument ")
        if wrong := _WRONG_TYPE.fullmatch(message):
            message = f"{wrong[1]} {wrong[3]}: must be {_IN_WORDS[wrong[2]]}"
        line = plain_text(message, 500)
        self.exit(ExitStatus.USAGE, f"error: {line} (more: {self.prog} --help)\n")
