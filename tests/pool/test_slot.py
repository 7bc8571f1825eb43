"""What a slot remembers from one process to the next."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from tests.pool_tools import SLEEP, Desk, child_of, watch_until
from workers.pool.slot import FIRST_BACKOFF_S, FULL_DISK_BACKOFF_S, LAST_BACKOFF_S, Slot
from workers.run.heartbeat import Heartbeat, WorkerState, write_heartbeat


@pytest.fixture
def slot(desk: Desk, tmp_path: Path) -> Slot:
    """An empty one."""
    return Slot(1, desk.launch("pass"), tmp_path)


def test_backoff_doubles_up_to_a_bound_and_begins_anew_after_something_was_done(slot: Slot) -> None:
    seen = []
    for _ in range(10):
        before = time.monotonic()
        slot.back_off(did_well=False)
        seen.append(slot.due - before)
    assert seen[:3] == pytest.approx([FIRST_BACKOFF_S * n for n in (1, 2, 4)], abs=0.1)
    assert seen[-1] == pytest.approx(LAST_BACKOFF_S, abs=0.1)
    slot.back_off(did_well=True)
    assert slot.due - time.monotonic() == pytest.approx(FIRST_BACKOFF_S, abs=0.1)


def test_a_full_disk_is_waited_for_at_one_pace(slot: Slot) -> None:
    for _ in range(3):
        slot.wait_for_disk()
        assert slot.due - time.monotonic() == pytest.approx(FULL_DISK_BACKOFF_S, abs=0.1)
    assert slot.found_disk_full and slot.backoff == FIRST_BACKOFF_S
    slot.back_off(did_well=True)
    assert not slot.found_disk_full


def test_results_are_noticed_and_the_last_heartbeat_is_kept(desk: Desk, tmp_path: Path) -> None:
    pool = desk.start(SLEEP)
    watch_until(pool, lambda: pool.slots[0].is_ready)
    slot, child = pool.slots[0], child_of(pool)
    path = tmp_path / f"{child.spawn_id}.json"
    assert not slot.has_results and not slot.listen(child)
    beat = Heartbeat(child.spawn_id, "batch", os.getpid(), WorkerState.WORKING, results=2)
    write_heartbeat(path, beat)
    assert slot.listen(child) and slot.has_results
    assert not slot.listen(child)
    path.unlink()
    assert not slot.listen(child) and slot.beat == beat


def test_vacated_it_is_empty_and_tidy(desk: Desk, tmp_path: Path) -> None:
    pool = desk.start(SLEEP)
    watch_until(pool, lambda: pool.slots[0].is_ready)
    slot, child = pool.slots[0], child_of(pool)
    (tmp_path / f".{child.spawn_id}.json.tmp").touch()
    child.kill()
    slot.vacate(child)
    assert slot.child is None and not list(tmp_path.glob("*w1-*.json*"))


def test_a_view_of_each_phase(desk: Desk) -> None:
    pool = desk.start(SLEEP)
    slot = pool.slots[0]
    assert (slot.view().state, slot.view().pid, slot.view().restarts) == ("restarting", None, 0)
    pool.watch()
    assert slot.view().state == "starting" and slot.view().pid == child_of(pool).pid
    watch_until(pool, lambda: slot.is_ready)
    view = slot.view()
    assert (view.state, view.stage, view.chunk, view.rss_mb) == ("working", "s", "c", 7)
