"""When restarting stops to help: after a few rounds without anything done, and never before."""

from __future__ import annotations

import signal
import time
from dataclasses import replace

import pytest

from workers.core.errors import EngineError, ModelError, PoolError
from workers.core.exit_status import WorkerExit
from workers.pool.ending import Ended, explain
from workers.pool.setbacks import CRASH_ROUNDS, MOST_ROUNDS, ROUNDS, START_ROUNDS, Setbacks


def failing(status: int, signalled: bool = False) -> Ended:
    return explain("w1-0", 1, status, "why it failed", signalled)


ENGINE = failing(WorkerExit.ENGINE)


def rounds(
    setbacks: Setbacks, ended: Ended, times: int, ever_ready: bool = True, proved: bool = True
) -> list[bool]:
    """Whether each of the ends counts against a record."""
    counts = []
    for _ in range(times):
        noted = setbacks.note(ended, time.monotonic(), proved)
        setbacks.check(noted, ever_ready)
        counts.append(noted.death.counts)
        time.sleep(0.001)
    return counts


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
    rounds(setbacks, failing(status), ROUNDS - 1, ever_ready)
    with pytest.raises(error, match="why it failed .tried 3 times"):
        rounds(setbacks, failing(status), 1, ever_ready)


def test_different_reasons_are_rounds_all_the_same() -> None:
    setbacks = Setbacks()
    rounds(setbacks, failing(WorkerExit.SYSTEM), 1)
    rounds(setbacks, ENGINE, 1)
    with pytest.raises(ModelError):
        rounds(setbacks, failing(WorkerExit.NO_MODEL), 1)


def test_a_result_makes_up_for_a_round() -> None:
    setbacks = Setbacks()
    for _ in range(20):
        rounds(setbacks, ENGINE, 1)
        setbacks.make_up(1)
    for _ in range(ROUNDS - 1):  # one result for two rounds does not
        rounds(setbacks, ENGINE, 1)
        rounds(setbacks, ENGINE, 1) if setbacks.tries_left > 1 else None
        setbacks.make_up(1)
    with pytest.raises(EngineError):
        rounds(setbacks, ENGINE, ROUNDS)


def test_hours_of_good_work_buy_no_more_than_a_few_rounds() -> None:
    setbacks = Setbacks()
    setbacks.make_up(100_000)
    rounds(setbacks, ENGINE, MOST_ROUNDS - 1)
    with pytest.raises(EngineError, match="tried 5 times"):
        rounds(setbacks, ENGINE, 1)


def test_workers_that_fail_side_by_side_are_one_round() -> None:
    setbacks = Setbacks()
    started = time.monotonic()
    time.sleep(0.001)
    for _ in range(16):
        setbacks.note(failing(WorkerExit.SYSTEM), started, True)
    assert (setbacks.failed.count, setbacks.tries_left) == (1, ROUNDS - 1)


# What a failure of the engine says of the record that was alone


def test_it_counts_where_the_model_had_worked_in_the_same_process() -> None:
    assert rounds(Setbacks(), ENGINE, 2, proved=True) == [True, True]
    assert rounds(Setbacks(), ENGINE, 2, proved=False) == [False, False]
    assert rounds(Setbacks(), failing(WorkerExit.NO_MODEL), 2) == [False, False]


def test_it_counts_once_in_a_round() -> None:
    setbacks = Setbacks()
    started = time.monotonic()
    time.sleep(0.001)
    noted = [setbacks.note(ENGINE, started, True).death.counts for _ in range(3)]
    assert noted == [True, False, False]


def test_the_failure_that_ends_the_run_counts_against_nobody() -> None:
    setbacks = Setbacks()
    rounds(setbacks, ENGINE, ROUNDS - 1)
    assert setbacks.note(ENGINE, time.monotonic(), True).death.counts is False


def test_a_record_can_be_found_when_all_else_is_done() -> None:
    setbacks = Setbacks()
    setbacks.make_up(23)
    assert rounds(setbacks, ENGINE, 3).count(True) == 3  # its third death: a dead letter


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
    counted = rounds(Setbacks(), ended, CRASH_ROUNDS + 1)
    assert set(counted) == {ended.death.counts}


@pytest.mark.parametrize(
    ("ever_ready", "most", "when"),
    [(True, CRASH_ROUNDS, "keep dying"), (False, START_ROUNDS, "die before they start")],
)
def test_crashes_get_more_rounds_for_a_record_to_be_found(
    ever_ready: bool, most: int, when: str
) -> None:
    setbacks = Setbacks()
    assert all(rounds(setbacks, failing(-signal.SIGSEGV), most - 1, ever_ready))
    with pytest.raises(PoolError, match=f"{when} .SIGSEGV.: why it failed"):
        rounds(setbacks, failing(-signal.SIGSEGV), 1, ever_ready)


def test_crashes_and_what_is_explained_are_counted_apart() -> None:
    setbacks = Setbacks()
    rounds(setbacks, failing(-signal.SIGABRT), CRASH_ROUNDS - 1)
    rounds(setbacks, ENGINE, ROUNDS - 1)
    setbacks.make_up(1)
    rounds(setbacks, failing(-signal.SIGABRT), CRASH_ROUNDS - 1)
