"""The pool with real processes: restarts paced, hangs ended, hopeless failures told of."""

from __future__ import annotations

import errno
import os
import signal
import time
from functools import partial
from pathlib import Path

import pytest

from tests.faults.confine import Unable, memory_group
from tests.pool_tools import BEAT, SLEEP, Desk, child_of, restarted, watch_until
from tests.run_tools import kill
from workers.core.errors import EngineError, ModelError, PoolError, QueueError
from workers.pool import pool as pool_module
from workers.pool import setbacks, slot, watchdog
from workers.pool.pool import WorkerPool
from workers.queue.deaths import Death


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slot, "FIRST_BACKOFF_S", 0.01)
    monkeypatch.setattr(slot, "LAST_BACKOFF_S", 0.04)
    monkeypatch.setattr(pool_module, "BEAT_S", 0.05)


def test_a_worker_killed_by_hand_is_replaced_and_does_not_count(desk: Desk) -> None:
    pool = desk.start(SLEEP)
    pool.watch()
    first = child_of(pool).pid
    kill(first)
    watch_until(pool, lambda: restarted(pool, 1))
    assert child_of(pool).pid != first
    assert [(death.cause, death.counts) for death in desk.deaths] == [("SIGKILL", False)]
    assert desk.notices[0].endswith("ended (SIGKILL); a new one starts")


def test_backoff_doubles_until_a_worker_is_ready(desk: Desk, quick: None) -> None:
    pool = desk.start("import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    pool.slots[0].backoff = 0.01
    seen = []
    for deaths in range(1, 5):
        watch_until(pool, partial(restarted, pool, deaths))
        seen.append(pool.slots[0].backoff)
    assert seen == [0.02, 0.04, 0.04, 0.04]
    pool.slots[0].launch = desk.launch(SLEEP)
    watch_until(pool, lambda: pool.views()[0].state == "working")
    kill(child_of(pool).pid)
    watch_until(pool, lambda: pool.slots[0].backoff == 0.02)


# What ends the run


def ends_with(pool: WorkerPool, error: type[PoolError], match: str) -> None:
    with pytest.raises(error, match=match):
        watch_until(pool, lambda: False, seconds=30)


def test_a_model_that_never_loads(desk: Desk) -> None:
    pool = desk.start(BEAT + "say('error: model m: no weights'); sys.exit(3)")
    ends_with(pool, ModelError, "^model m: no weights .tried 3 times; log: ")
    assert len(desk.deaths) == 3 and not any(death.counts for death in desk.deaths)
    assert desk.notices[0].endswith("ended (model m: no weights); a new one starts")


@pytest.mark.parametrize(("status", "error"), [(3, ModelError), (70, EngineError), (71, PoolError)])
def test_a_failure_after_workers_were_ready(
    desk: Desk, quick: None, status: int, error: type[PoolError]
) -> None:
    code = f"beat('working', 1); say('error: broke down'); sys.exit({status})"
    pool = desk.start(BEAT + code, workers=2)
    ends_with(pool, error, "^broke down .tried 3 times")
    assert 3 <= len(desk.deaths) <= 6 and not any(death.counts for death in desk.deaths)


def test_a_failure_after_hours_of_good_work(desk: Desk, quick: None) -> None:
    pool = desk.start(BEAT + "beat('working', 900, results=800); time.sleep(60)")
    watch_until(pool, lambda: pool.slots[0].has_results)
    failing = "beat('working', 1); say('error: generation failed: no'); sys.exit(70)"
    pool.slots[0].launch = desk.launch(BEAT + failing)
    kill(child_of(pool).pid)
    ends_with(pool, EngineError, "generation failed: no")
    assert [death.cause for death in desk.deaths] == [
        "SIGKILL",
        *["exit 70: generation failed: no"] * setbacks.MOST_ROUNDS,
    ]


def test_what_a_worker_did_before_it_failed_begins_a_new_count(desk: Desk, quick: None) -> None:
    failing = "beat('working', 1, results=1); say('error: now and then'); sys.exit(70)"
    pool = desk.start(BEAT + failing)
    watch_until(pool, lambda: len(desk.deaths) >= setbacks.ROUNDS + 2, seconds=30)
    assert all(death.counts for death in desk.deaths)  # the model works: a record may be at fault


def test_deaths_by_hand_never_end_the_run(desk: Desk, quick: None) -> None:
    pool = desk.start(BEAT + "beat('working', 1); os.kill(os.getpid(), 9)")
    watch_until(pool, lambda: len(desk.deaths) >= setbacks.CRASH_ROUNDS + 2, seconds=60)


def test_workers_that_never_start(desk: Desk, quick: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setbacks, "START_ROUNDS", 2)
    pool = desk.start("import no_such_module")
    ends_with(pool, PoolError, "die before they start .exit 1.: .*'no_such_module'; log: ")


def test_workers_that_crash_whatever_they_do(
    desk: Desk, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setbacks, "CRASH_ROUNDS", 2)
    pool = desk.start(BEAT + "beat('working', 1); time.sleep(0.2); os.abort()")
    ends_with(pool, PoolError, "keep dying .SIGABRT.")


def test_a_damaged_queue(desk: Desk) -> None:
    pool = desk.start(BEAT + "say('error: journal x line 3: damaged'); sys.exit(4)")
    ends_with(pool, QueueError, "^journal x line 3: damaged$")


def test_settings_that_a_worker_refuses(desk: Desk) -> None:
    pool = desk.start(BEAT + "say('error: --kv-bits 4: not with this model'); sys.exit(2)")
    ends_with(pool, PoolError, "refused its settings: --kv-bits 4")


def test_a_model_that_memory_cannot_hold(desk: Desk) -> None:
    ends_with(
        desk.start("import sys; sys.exit(6)"), ModelError, "run out of memory before they start"
    )


def test_what_it_shows_holds_no_terminal_escapes(desk: Desk) -> None:
    pool = desk.start(BEAT + r"say('error: a \x1b[31mred\x07'); sys.exit(4)")
    with pytest.raises(QueueError) as caught:
        watch_until(pool, lambda: False)
    assert "red" in str(caught.value) and str(caught.value).isprintable()


# Disks


def test_a_worker_without_disk_space_comes_back_soon(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slot, "FULL_DISK_BACKOFF_S", 0.1)
    monkeypatch.setattr(pool_module, "SETTLED_S", 0.3)
    pool = desk.start("import sys; sys.exit(5)")
    watch_until(pool, lambda: len(desk.deaths) == 4)
    assert pool.disk_full and not any(death.counts for death in desk.deaths)
    pool.slots[0].launch = desk.launch(SLEEP)
    watch_until(pool, lambda: not pool.disk_full)


@pytest.mark.parametrize(("number", "again"), [(errno.EIO, 1), (errno.ENOSPC, 2)])
def test_a_disk_that_failed_is_not_asked_again(desk: Desk, number: int, again: int) -> None:
    asked: list[Death] = []

    def fail_once(death: Death) -> None:
        asked.append(death)
        if len(asked) == 1:
            raise OSError(number, "no")

    pool = desk.start("pass")
    pool.record_death = fail_once
    with pytest.raises(OSError):
        watch_until(pool, lambda: False)
    pool.kill()
    assert len(asked) == again


# Hung, or out of memory


def test_a_stopped_worker_is_killed_and_replaced(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watchdog, "STOPPED_S", 1.0)
    pool = desk.start(SLEEP)
    pool.watch()
    os.kill(child_of(pool).pid, signal.SIGSTOP)
    watch_until(pool, lambda: desk.deaths)
    assert [(death.cause, death.counts) for death in desk.deaths] == [("SIGKILL", False)]
    watch_until(pool, lambda: restarted(pool, 1))


def test_a_worker_that_makes_no_step_is_killed_and_a_record_may_be_to_blame(desk: Desk) -> None:
    pool = desk.start(SLEEP)
    pool.slots[0].watchdog = watchdog.Watchdog(patience=1.0)
    watch_until(pool, lambda: desk.deaths)
    assert desk.deaths[0].counts and desk.deaths[0].cause.startswith("made no progress for")


HUNGRY = BEAT + (
    "rows = int(pathlib.Path(os.environ['BEATS'], 'rows').read_text())\n"
    "beat('working', rows, batch_size=rows)\n"
    "memory = bytearray(rows << 20)\n"
    "memory[::4096] = bytes(len(memory[::4096]))\n"
    "time.sleep(60)\n"
)


def lower_ceiling_of(pool: WorkerPool, folder: Path) -> list[int]:
    """Let the pool write down how many sequences (here: MiB) a worker may have."""
    lowered: list[int] = []

    def lower(size: int) -> None:
        lowered.append(size)
        (folder / "rows").write_text(str(size))

    (folder / "rows").write_text("400")
    pool.lower_ceiling = lower
    return lowered


def test_killed_by_the_kernel_it_comes_back_with_half_the_batch(desk: Desk, tmp_path: Path) -> None:
    try:
        with memory_group(80 << 20) as members:
            join = f"open({str(members)!r}, 'w').write(str(os.getpid()))\n"
            pool = desk.start("import os; " + join + HUNGRY)
            lowered = lower_ceiling_of(pool, tmp_path)
            watch_until(pool, lambda: pool.views()[0].batch_size == 50, seconds=20)
    except Unable as reason:
        pytest.skip(str(reason))
    assert lowered == [200, 100, 50]
    assert {(death.cause, death.counts) for death in desk.deaths} == {
        ("SIGKILL, out of memory", False)
    }


@pytest.mark.parametrize(("size", "lower_to", "counts"), [(9, [4], False), (1, [], True)])
def test_a_worker_that_says_it_ran_out_of_memory(
    desk: Desk, size: int, lower_to: list[int], counts: bool
) -> None:
    lowered: list[int] = []
    pool = desk.start(BEAT + f"beat('working', 1, batch_size={size}); sys.exit(6)")
    pool.lower_ceiling = lowered.append
    watch_until(pool, lambda: desk.deaths)
    assert (desk.deaths[0].cause, desk.deaths[0].counts) == ("exit 6, out of memory", counts)
    assert lowered == lower_to


def test_damage_that_a_worker_met_outlives_it(desk: Desk) -> None:
    damaged = "beat('idle', damaged={'s/chunk-000001': 'bad'}); time.sleep(0.7)"
    pool = desk.start(BEAT + damaged)
    watch_until(pool, lambda: restarted(pool, 2))
    assert pool.damaged == {"s/chunk-000001": "bad"}
    assert desk.notices.count("skipped a damaged chunk: bad") == 1


def test_what_a_worker_prepares_is_told_once(desk: Desk) -> None:
    code = """
beat('compiling', steps=['compiling x.c'])
time.sleep(0.7)
steps = ['compiling x.c', 'waiting for another', 'measuring y']
beat('measuring', steps=steps)
time.sleep(0.7)
beat('working', 1, steps=steps)
time.sleep(60)
"""
    pool = desk.start(BEAT + code)
    watch_until(pool, lambda: pool.slots[0].is_ready)
    assert desk.notices == ["worker 1: compiling x.c", "worker 1: measuring y"]


def test_how_a_model_runs_is_told_once_and_trouble_is_not(desk: Desk) -> None:
    code = """
beat('working', 1, note='no thinking')
time.sleep(0.7)
beat('paused', 1, note='nobody answers')
time.sleep(0.7)
beat('idle', 1, note='no thinking')
time.sleep(0.7)
"""
    pool = desk.start(BEAT + code)
    watch_until(pool, lambda: restarted(pool, 2))
    assert [one for one in desk.notices if "ended" not in one] == ["no thinking"]


# Stopping


def test_stop_drains_first(desk: Desk) -> None:
    code = "import signal; signal.signal(15, lambda *a: sys.exit(0)); beat('idle'); time.sleep(60)"
    pool = desk.start(BEAT + code)
    watch_until(pool, lambda: pool.slots[0].is_ready)
    pool.stop()
    assert [death.cause for death in desk.deaths] == ["exit 0"]


def test_a_full_disk_does_not_keep_it_from_stopping(desk: Desk) -> None:
    def full(death: Death) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "deaths.jsonl")

    pool = desk.start(SLEEP, workers=2)
    pool.watch()
    pool.record_death = full
    pool.stop(hurry=lambda: True)
    assert not any(slot.child for slot in pool.slots)
    assert "deaths.jsonl: No space left on device; how the workers" in desk.notices[-1]


STUBBORN = BEAT + "import signal; signal.signal(15, signal.SIG_IGN)\n" + SLEEP


def test_stop_kills_what_does_not_drain(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool_module, "DRAIN_S", 0.3)
    pool = desk.start(STUBBORN, workers=2)
    watch_until(pool, lambda: all(view.state == "working" for view in pool.views()))
    pool.stop()
    assert [(death.cause, death.counts) for death in desk.deaths] == [("SIGKILL", False)] * 2
    assert not any(slot.child for slot in pool.slots)


def test_a_second_signal_does_not_wait(desk: Desk) -> None:
    pool = desk.start(STUBBORN)
    watch_until(pool, lambda: pool.views()[0].state == "working")
    begun = time.monotonic()
    pool.stop(hurry=lambda: True)
    assert time.monotonic() - begun < 1


def test_views_are_of_the_living(desk: Desk, tmp_path: Path) -> None:
    pool = desk.start(SLEEP)
    watch_until(pool, lambda: pool.views()[0].state == "working")
    assert pool.views()[0].pid == child_of(pool).pid
    pool.kill()
    assert pool.views() == [] and not list(tmp_path.glob("w1-*.json"))
