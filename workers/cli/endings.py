"""How a command ends: its exit status, and one line on stderr for an error a user can meet.

Knows the errors, not the commands.  Invariant: only a fault of this program shows a traceback.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable

from workers.core.errors import PoolError
from workers.core.exit_status import ExitStatus

LONGEST_MESSAGE = 2000


def exit_status_of(command: Callable[[], int]) -> int:
    """Run a command to its end; its exit status, with errors reported."""
    _print_anything()
    try:
        status = command()
        sys.stdout.flush()
        return status
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return ExitStatus.INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitStatus.FAILED
    except PoolError as error:
        return _failed(str(error), error.exit_status)
    except OSError as error:
        reason = error.strerror or str(error)
        return _failed(f"{error.filename}: {reason}" if error.filename else reason)


def _print_anything() -> None:
    """A character that the terminal's encoding has not, or half of one, is printed as "?"."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _failed(message: str, status: int = ExitStatus.FAILED) -> int:
    from workers.core.terminal import plain_text

    print(f"error: {plain_text(message, LONGEST_MESSAGE)}", file=sys.stderr)
    return status
