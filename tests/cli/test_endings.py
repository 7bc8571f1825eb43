"""How commands end: the documented status, and one line that a terminal can be shown."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from typing import NoReturn

import pytest

from tests.run_tools import PROJECT
from workers.cli.endings import exit_status_of
from workers.core.errors import InputError, UsageError


def raising(error: BaseException) -> Callable[[], int]:
    def command() -> NoReturn:
        raise error

    return command


@pytest.mark.parametrize(
    ("error", "status", "line"),
    [
        (UsageError("--x: wrong"), 2, "error: --x: wrong\n"),
        (InputError("in.jsonl: gone"), 1, "error: in.jsonl: gone\n"),
        (InputError("a\nb\x1b[31m"), 1, "error: a?b?[31m\n"),
        (KeyboardInterrupt(), 130, "interrupted\n"),
        (OSError(errno.EACCES, "Permission denied", "f"), 1, "error: f: Permission denied\n"),
        (OSError("odd"), 1, "error: odd\n"),
    ],
)
def test_errors_are_one_line_with_their_status(
    capsys: pytest.CaptureFixture[str], error: BaseException, status: int, line: str
) -> None:
    assert exit_status_of(raising(error)) == status
    assert capsys.readouterr().err == line


def test_a_command_that_ends_well_keeps_its_status() -> None:
    assert exit_status_of(lambda: 0) == 0 and exit_status_of(lambda: 3) == 3


def test_a_fault_of_this_program_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError):
        exit_status_of(lambda: 1 // 0)


def test_what_the_terminal_can_not_show_is_no_reason_to_fail() -> None:
    code = (
        "import sys; from workers.cli.endings import exit_status_of\n"
        "sys.exit(exit_status_of(lambda: print('na\\xefve \\u65e5 \\udce9 end') or 3))"
    )
    environ = {**os.environ, "PYTHONIOENCODING": "latin-1"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, env=environ, capture_output=True
    )
    assert (done.returncode, done.stdout) == (3, b"na\xefve ? ? end\n"), done.stderr


def test_a_reader_that_goes_away_leaves_no_traceback() -> None:
    code = (
        "import sys; from workers.cli.endings import exit_status_of\n"
        "sys.exit(exit_status_of(lambda: print('x') or 0))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=PROJECT,
        env=os.environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    assert process.wait(20) == 1 and process.stderr.read() == b""
    process.stderr.close()
