"""The pool with real processes: deaths explained, restarts paced, groups ended."""

from __future__ import annotations

import errno
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import psutil
import pytest

from tests.faults.confine import Unable, memory_group
from tests.run_tools import kill, wait_for
from workers.core.errors import ModelError, PoolError, QueueError
from workers.pool import pool as pool_module
from workers.pool import watchdog
from workers.pool.child import Launch, child_environment, explain
from workers.pool.pool import WorkerPool
from workers.queue.deaths import Death

BEAT = """
import json, os, pathlib, sys, time
spawn = sys.argv[sys.argv.index('--worker-id') + 1]
def beat(state, progress):
    pathlib.Path(os.environ['BEATS'], spawn + '.json').write_text(json.dumps(
        {'state': state, 'progress': progress, 'stage': 's', 'chunk': 'c', 'rss_mb': 7}))
"""
SLEEP = BEAT + "beat('working', 1); time.sleep(60)"

Start = Callable[..., WorkerPool]


class Deaths(list[Death]):
    """What the pool wrote down."""


@pytest.fixture
def deaths() -> Deaths:
    return Deaths()


@pytest.fixture
def start(tmp_path: Path, deaths: Deaths) -> Iterator[Start]:
    made: list[WorkerPool] = []

    def build(code: str, workers: int = 1) -> WorkerPool:
        environ = {**os.environ, "BEATS": str(tmp_path)}
        launch = Launch("run", "cpu", tmp_path, environ, (sys.executable, "-c", code))
        made.append(WorkerPool([launch] * workers, tmp_path, deaths.append))
        return made[-1]

    yield build
    for pool in made:
        pool.kill()


def watch_until(pool: WorkerPool, condition: Callable[[], object], seconds: float = 10) -> None:
    def look() -> object:
        pool.watch()
        return condition()

    wait_for(look, seconds)


def pid_of(pool: WorkerPool) -> int:
    child = pool.slots[0].child
    assert child
    return child.pid


def test_a_worker_killed_by_hand_is_replaced_and_does_not_count(
    start: Start, deaths: Deaths
) -> None:
    pool = start(SLEEP)
    pool.watch()
    first = pid_of(pool)
    kill(first)
    watch_until(pool, lambda: pool.slots[0].restarts == 1)
    assert pid_of(pool) != first
    assert [(death.cause, death.counts) for death in deaths] == [("SIGKILL", False)]


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
        (1, "exit 1", True),
        (137, "exit 137", True),
        (0, "exit 0", False),
        (2, "exit 2", False),
        (3, "exit 3", False),
        (4, "exit 4", False),
        (5, "exit 5", False),
    ],
)
def test_which_deaths_count(status: int, cause: str, counts: bool) -> None:
    death = explain("w1-0", 1, status, signalled=False)
    assert (death.cause, death.counts) == (cause, counts)
    assert explain("w1-0", 1, status, signalled=True).counts is False


def test_a_real_abort_counts(start: Start, deaths: Deaths) -> None:
    pool = start("import os; os.abort()")
    watch_until(pool, lambda: deaths)
    assert (deaths[0].cause, deaths[0].counts) == ("SIGABRT", True)


def restarted(pool: WorkerPool, times: int) -> bool:
    return pool.slots[0].restarts == times


def test_backoff_doubles_until_there_is_progress(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool_module, "FIRST_BACKOFF_S", 0.01)
    monkeypatch.setattr(pool_module, "LAST_BACKOFF_S", 0.04)
    pool = start("import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    pool.slots[0].backoff = 0.01
    seen = []
    for deaths in range(1, 5):
        watch_until(pool, partial(restarted, pool, deaths))
        seen.append(pool.slots[0].backoff)
    assert seen == [0.02, 0.04, 0.04, 0.04]
    pool.slots[0].launch = start(SLEEP).slots[0].launch
    watch_until(pool, lambda: pool.views()[0].state == "working")
    kill(pid_of(pool))
    watch_until(pool, lambda: pool.slots[0].backoff == 0.02)


def test_a_model_that_never_loads_stops_the_run(start: Start, deaths: Deaths) -> None:
    pool = start("import sys; print('error: model m: no weights', file=sys.stderr); sys.exit(3)")
    with pytest.raises(ModelError, match="^model m: no weights$"):
        watch_until(pool, lambda: False)
    assert len(deaths) == 3 and not any(death.counts for death in deaths)


def test_workers_that_never_start_stop_the_run(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool_module, "START_TRIES", 2)
    pool = start("import no_such_module")
    with pytest.raises(PoolError, match="No module named 'no_such_module'"):
        watch_until(pool, lambda: False)


def test_a_load_that_fails_later_is_tried_again(start: Start, deaths: Deaths) -> None:
    code = BEAT + "beat('working', 1); time.sleep(0.7); sys.exit(3)"
    pool = start(code)
    watch_until(pool, lambda: len(deaths) >= 1)
    pool.slots[0].launch = start("import sys; sys.exit(3)").slots[0].launch
    watch_until(pool, lambda: len(deaths) >= 4)


def test_a_queue_error_stops_the_run_with_its_message(start: Start) -> None:
    pool = start(
        "import sys; print('error: journal x line 3: damaged', file=sys.stderr); sys.exit(4)"
    )
    with pytest.raises(QueueError, match="journal x line 3: damaged"):
        watch_until(pool, lambda: False)


def test_a_worker_without_disk_space_comes_back_soon(
    start: Start, deaths: Deaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool_module, "FULL_DISK_BACKOFF_S", 0.1)
    monkeypatch.setattr(pool_module, "SETTLED_S", 0.3)
    pool = start("import sys; sys.exit(5)")
    watch_until(pool, lambda: len(deaths) == 3)
    assert pool.disk_full and not any(death.counts for death in deaths)
    pool.slots[0].launch = start(SLEEP).slots[0].launch
    watch_until(pool, lambda: not pool.disk_full)


@pytest.mark.parametrize(("number", "again"), [(errno.EIO, 1), (errno.ENOSPC, 2)])
def test_a_disk_that_failed_is_not_asked_again(start: Start, number: int, again: int) -> None:
    asked: list[Death] = []

    def fail_once(death: Death) -> None:
        asked.append(death)
        if len(asked) == 1:
            raise OSError(number, "no")

    pool = start("pass")
    pool.record_death = fail_once
    with pytest.raises(OSError):
        watch_until(pool, lambda: False)
    pool.kill()
    assert len(asked) == again


def test_last_words_hold_no_terminal_escapes(start: Start) -> None:
    pool = start(r"import sys; print('a \x1b[31mred\x07', file=sys.stderr); sys.exit(4)")
    with pytest.raises(QueueError) as caught:
        watch_until(pool, lambda: False)
    assert "red" in str(caught.value) and str(caught.value).isprintable()


# Hangs, and want of memory


def test_a_stopped_worker_is_killed_and_replaced(
    start: Start, deaths: Deaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watchdog, "STOPPED_S", 1.0)
    pool = start(SLEEP)
    pool.watch()
    os.kill(pid_of(pool), signal.SIGSTOP)
    watch_until(pool, lambda: deaths)
    assert [(death.cause, death.counts) for death in deaths] == [("SIGKILL", False)]
    watch_until(pool, lambda: pool.slots[0].restarts == 1)


def test_a_worker_that_makes_no_step_is_killed_and_a_record_may_be_to_blame(
    start: Start, deaths: Deaths
) -> None:
    pool = start(SLEEP)
    pool.slots[0].watchdog = watchdog.Watchdog(patience=1.0)
    watch_until(pool, lambda: deaths)
    assert deaths[0].counts and deaths[0].cause.startswith("made no step for")


HUNGRY = BEAT + (
    "rows = int(pathlib.Path(os.environ['BEATS'], 'rows').read_text())\n"
    "pathlib.Path(os.environ['BEATS'], spawn + '.json').write_text(json.dumps(\n"
    "    {'state': 'working', 'progress': rows, 'beats': 1, 'batch_size': rows}))\n"
    "memory = bytearray(rows << 20)\n"
    "memory[::4096] = bytes(len(memory[::4096]))\n"
    "time.sleep(60)\n"
)


def lower_ceiling_of(pool: WorkerPool, folder: Path) -> list[int]:
    """Let the pool write down how many rows (here: MiB) a worker may have."""
    lowered: list[int] = []

    def lower(rows: int) -> None:
        lowered.append(rows)
        (folder / "rows").write_text(str(rows))

    (folder / "rows").write_text("400")
    pool.lower_ceiling = lower
    return lowered


def test_killed_by_the_kernel_it_comes_back_with_half_the_batch(
    start: Start, deaths: Deaths, tmp_path: Path
) -> None:
    try:
        with memory_group(80 << 20) as members:
            join = f"open({str(members)!r}, 'w').write(str(os.getpid()))\n"
            pool = start("import os; " + join + HUNGRY)
            lowered = lower_ceiling_of(pool, tmp_path)
            watch_until(pool, lambda: pool.views()[0].batch_size == 50, seconds=20)
    except Unable as reason:
        pytest.skip(str(reason))
    assert lowered == [200, 100, 50]
    assert {(death.cause, death.counts) for death in deaths} == {("SIGKILL, out of memory", False)}


def test_a_worker_that_says_it_ran_out_of_memory(start: Start, deaths: Deaths) -> None:
    lowered: list[int] = []
    pool = start(BEAT + "beat('working', 1); time.sleep(0.7); sys.exit(6)")
    pool.lower_ceiling = lowered.append
    pool.slots[0].beat["batch_size"] = 9
    watch_until(pool, lambda: deaths)
    assert deaths[0] == Death(deaths[0].worker, deaths[0].pid, "exit 6, out of memory", False)
    assert lowered == []  # its heartbeat told of no batch


def test_a_model_that_memory_cannot_hold_stops_the_run(start: Start) -> None:
    pool = start("import sys; sys.exit(6)")
    with pytest.raises(ModelError, match="run out of memory before they start"):
        watch_until(pool, lambda: False)


def test_damage_that_a_worker_met_outlives_it(start: Start) -> None:
    code = BEAT.replace("'stage': 's'", "'stage': 's', 'damaged': {'s/chunk-000001': 'bad'}")
    pool = start(code + "beat('idle', 0); time.sleep(0.7)")
    told: list[str] = []
    pool.notice = told.append
    watch_until(pool, lambda: pool.slots[0].restarts == 2)
    assert pool.damaged == {"s/chunk-000001": "bad"}
    assert told.count("damaged, passed over: bad") == 1


def test_stop_drains_first(start: Start, deaths: Deaths) -> None:
    pool = start(
        "import signal, time, sys; signal.signal(15, lambda *a: sys.exit(0)); time.sleep(60)"
    )
    pool.watch()
    time.sleep(0.5)
    pool.stop()
    assert [death.cause for death in deaths] == ["exit 0"]


def test_stop_kills_what_does_not_drain(
    start: Start, deaths: Deaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool_module, "DRAIN_S", 0.3)
    pool = start(BEAT + "import signal; signal.signal(15, signal.SIG_IGN)\n" + SLEEP, workers=2)
    watch_until(pool, lambda: all(view.state == "working" for view in pool.views()))
    pool.stop()
    assert [(death.cause, death.counts) for death in deaths] == [("SIGKILL", False)] * 2
    assert not any(slot.child for slot in pool.slots)


def test_a_second_signal_does_not_wait(start: Start) -> None:
    pool = start(BEAT + "import signal; signal.signal(15, signal.SIG_IGN)\n" + SLEEP)
    watch_until(pool, lambda: pool.views()[0].state == "working")
    begun = time.monotonic()
    pool.stop(hurry=lambda: True)
    assert time.monotonic() - begun < 1


def test_a_dead_workers_children_go_with_it(start: Start, tmp_path: Path) -> None:
    pool = start(
        "import os, pathlib, subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "path = pathlib.Path(os.environ['BEATS'], 'grandchild')\n"
        "path.with_suffix('.part').write_text(str(child.pid))\n"
        "path.with_suffix('.part').rename(path)\n"
        "time.sleep(60)"
    )
    pool.watch()
    wait_for((tmp_path / "grandchild").exists)
    grandchild = psutil.Process(int((tmp_path / "grandchild").read_text()))
    kill(pid_of(pool))
    watch_until(pool, lambda: pool.slots[0].restarts == 1)
    wait_for(lambda: not _alive(grandchild))


def _alive(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_workers_learn_that_the_coordinator_is_gone(start: Start) -> None:
    pool = start("import os; os.read(0, 1)")
    pool.watch()
    child = pool.slots[0].child
    assert child and child.ended() is None
    child._close_pipe()
    wait_for(child.ended)


def test_heartbeats_are_shown_and_cleared(start: Start, tmp_path: Path) -> None:
    pool = start(SLEEP)
    watch_until(pool, lambda: pool.views()[0].state == "working")
    view = pool.views()[0]
    assert (view.pid, view.chunk, view.rss_mb, view.restarts) == (pid_of(pool), "c", 7, 0)
    pool.kill()
    assert not list(tmp_path.glob("w1-*.json"))


def test_threads_are_shared_out_unless_the_user_did() -> None:
    shared = child_environment(2, 8, {"OMP_NUM_THREADS": "3"})
    assert shared["MKL_NUM_THREADS"] == "4" and shared["OMP_NUM_THREADS"] == "3"
    assert child_environment(16, 8, {})["OPENBLAS_NUM_THREADS"] == "1"
