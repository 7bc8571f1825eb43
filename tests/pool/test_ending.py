"""Wait statuses put into words, and which of them a record may be to blame for."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from workers.core.exit_status import WorkerExit
from workers.pool import ending
from workers.pool.ending import explain, kernel_kills


@pytest.mark.parametrize(
    ("status", "cause", "counts"),
    [
        (-signal.SIGSEGV, "SIGSEGV", True),
        (-signal.SIGABRT, "SIGABRT", True),
        (-signal.SIGBUS, "SIGBUS", True),
        (-signal.SIGILL, "SIGILL", True),
        (-signal.SIGFPE, "SIGFPE", True),
        (-signal.SIGKILL, "SIGKILL", False),
        (-signal.SIGTERM, "SIGTERM", False),
        (-64, "SIGRTMAX", False),
        (-99, "signal 99", False),
        (1, "exit 1", True),
        (7, "exit 7", True),
        (137, "exit 137", True),
        *((int(status), f"exit {status.value}", False) for status in WorkerExit),
    ],
)
def test_which_deaths_count(status: int, cause: str, counts: bool) -> None:
    death = explain("w1-0", 1, status).death
    assert (death.cause, death.counts) == (cause, counts)
    assert explain("w1-0", 1, status, signalled=True).death.counts is False


def test_the_reason_is_the_workers_own_word_for_it() -> None:
    assert explain("w", 1, WorkerExit.NO_MODEL, "no weights").reason == "no weights"
    assert explain("w", 1, WorkerExit.NO_MODEL).reason == "exit 3"
    assert explain("w", 1, 1, "Traceback").reason == "exit 1"
    assert explain("w", 1, -signal.SIGSEGV, "loading").reason == "SIGSEGV"
    assert explain("w", 1, WorkerExit.DONE, "bye").reason == "exit 0"


def test_a_dead_letter_will_say_why_generation_failed() -> None:
    death = explain("w", 1, WorkerExit.ENGINE, "generation failed: no").death
    assert death.cause == "exit 70: generation failed: no"


def test_the_kernels_count_of_processes_it_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = tmp_path / "vmstat"
    monkeypatch.setattr(ending, "_KERNEL_COUNTS", counts)
    assert kernel_kills() == 0
    counts.write_text("pgfault 12\noom_kill 3\n")
    assert kernel_kills() == 3
