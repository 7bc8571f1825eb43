"""The numbers that scripts depend on, and those by which a worker's end is told from a crash."""

from __future__ import annotations

import os
import re

from tests.run_tools import PROJECT
from workers.core.errors import InputError, QueueError, UsageError
from workers.core.exit_status import ExitStatus, WorkerExit


def test_the_documented_numbers_of_commands() -> None:
    assert {status.name: status.value for status in ExitStatus} == {
        "FINISHED": 0,
        "FAILED": 1,
        "USAGE": 2,
        "DEAD_LETTERS": 3,
        "REVIEW": 4,
        "INTERRUPTED": 130,
    }


def test_the_page_has_the_numbers_of_commands_and_of_workers() -> None:
    page = (PROJECT / "docs" / "design.md").read_text()
    tables = page.split("| status")[1:]
    found = [[int(number) for number in re.findall(r"^\| (\d+) \|", t, re.M)] for t in tables]
    assert found == [list(ExitStatus), list(WorkerExit)]


def test_errors_carry_the_status_of_their_command() -> None:
    assert [error.exit_status for error in (UsageError, InputError, QueueError)] == [2, 1, 1]


def test_no_worker_ends_like_python_does_after_a_traceback() -> None:
    # 1 is an unhandled exception: a crash, for which a record may be to blame.
    assert 1 not in set(WorkerExit)
    assert (WorkerExit.ENGINE, WorkerExit.SYSTEM) == (os.EX_SOFTWARE, os.EX_OSERR)
