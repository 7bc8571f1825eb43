"""When restarting stops to help: after a few rounds without anything done, and never before."""

from __future__ import annotations

import signal
import time
from dataclasses import replace

import pytest

from workers.core.errors import EngineError, ModelError, PoolError
from workers.core.exit_status import WorkerExit
from workers.pool.ending import Ended, explain
from workers.pool.setbacks import CRASH_ROUNDS, ROUNDS, START_ROUNDS, Setbacks


def failing(status: int, signalled: bool = False) -> Ended:
    return explain("w1-0", 1, status, "why it failed", signalled)


def add(setbacks: Setbacks, ended: Ended, times: int, ever_ready: bool = True) -> None:
    for _ in range(times):
        setbacks.add(ended, time.monotonic(), ever_ready)
        time.sleep(0.001)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (WorkerExit.NO_MODEL, ModelError),
        (WorkerExit.ENGINE, EngineError),
        (WorkerExit.SYSTEM, PoolError),
    ],
)
@pytest.mark.parametrize("ever_ready", [True, False])
def test_what_a_worker_explains_ends_the_run_after_a_few_rounds(
    status: int, error: type[PoolError], ever_ready: bool
) -> None:
    setbacks = Setbacks()
    add(setbacks, failing(status), ROUNDS - 1, ever_ready)
    with pytest.raises(error, match="why it failed .tried 3 times"):
        add(setbacks, failing(status), 1, ever_ready)


def test_different_reasons_are_rounds_all_the_same() -> None:
    setbacks = Setbacks()
    add(setbacks, failing(WorkerExit.SYSTEM), 1)
    add(setbacks, failing(WorkerExit.ENGINE), 1)
    with pytest.raises(ModelError):
        add(setbacks, failing(WorkerExit.NO_MODEL), 1)


def test_something_done_in_between_begins_a_new_count() -> None:
    setbacks = Setbacks()
    for _ in range(5):
        add(setbacks, failing(WorkerExit.ENGINE), ROUNDS - 1)
        setbacks.clear()


def test_workers_that_fail_side_by_side_are_one_round() -> None:
    setbacks = Setbacks()
    started = time.monotonic()
    time.sleep(0.001)
    for _ in range(16):
        setbacks.add(failing(WorkerExit.SYSTEM), started, True)
    assert setbacks.explained.count == 1


def no_memory() -> Ended:
    ended = failing(-signal.SIGKILL)
    return replace(ended, death=replace(ended.death, counts=True), no_memory=True)


@pytest.mark.parametrize(
    "ended",
    [
        failing(-signal.SIGKILL),
        failing(-signal.SIGTERM),
        failing(WorkerExit.ENGINE, signalled=True),
        failing(WorkerExit.NO_MEMORY),
        failing(WorkerExit.FULL_DISK),
        failing(WorkerExit.DONE),
        no_memory(),
    ],
)
def test_what_others_ended_is_no_failure(ended: Ended) -> None:
    add(Setbacks(), ended, CRASH_ROUNDS + 1)


@pytest.mark.parametrize(
    ("ever_ready", "rounds", "when"),
    [(True, CRASH_ROUNDS, "again and again"), (False, START_ROUNDS, "before they start")],
)
def test_crashes_get_more_rounds_for_a_record_to_be_found(
    ever_ready: bool, rounds: int, when: str
) -> None:
    setbacks = Setbacks()
    add(setbacks, failing(-signal.SIGSEGV), rounds - 1, ever_ready)
    with pytest.raises(PoolError, match=f"die {when} .SIGSEGV.: why it failed"):
        add(setbacks, failing(-signal.SIGSEGV), 1, ever_ready)


def test_crashes_do_not_use_up_the_rounds_of_what_is_explained() -> None:
    setbacks = Setbacks()
    add(setbacks, failing(-signal.SIGABRT), ROUNDS)
    add(setbacks, failing(WorkerExit.ENGINE), ROUNDS - 1)
