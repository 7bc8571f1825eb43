"""Starts, watches, stops and restarts the worker processes of one run.

Knows roles, deaths and backoff; knows nothing of chunks or stages.  Invariant: every
death is written to the run's deaths file before the worker's successor starts.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workers.core.errors import ModelError, PoolError, QueueError
from workers.core.files import NO_ROOM
from workers.pool.child import (
    EXIT_FULL_DISK,
    EXIT_NO_MEMORY,
    EXIT_NO_MODEL,
    EXIT_QUEUE,
    EXIT_USAGE,
    Child,
    Ended,
    Launch,
    kernel_kills,
    read_heartbeat,
)
from workers.pool.watchdog import LOADING, Watchdog
from workers.queue.deaths import Death
from workers.run.worker_view import WorkerView

FIRST_BACKOFF_S = 0.2
LAST_BACKOFF_S = 30.0
FULL_DISK_BACKOFF_S = 2.0
SETTLED_S = 1.5
BEAT_S = 0.5
STEADY_LIFE_S = 60.0
PATIENCE_S = 120.0
DRAIN_S = 3.0
LOAD_TRIES = 3
# A worker that can't even start (a broken install) would otherwise be restarted for ever.
START_TRIES = 8


@dataclass
class Slot:
    """A place for one worker at a time; keeps what outlives each process in it."""

    number: int
    launch: Launch
    child: Child | None = None
    restarts: int = -1  # the first start is none
    backoff: float = FIRST_BACKOFF_S
    due: float = 0.0
    beat: dict[str, Any] = field(default_factory=dict)
    found_disk_full: bool = False
    watchdog: Watchdog = field(default_factory=lambda: Watchdog(PATIENCE_S))

    def start(self) -> None:
        self.child = Child(self.launch, self.number)
        self.restarts += 1
        self.beat = {}
        self.watchdog = self.watchdog.for_successor()

    def has_lived(self, seconds: float) -> bool:
        return self.child is not None and time.monotonic() - self.child.started >= seconds


@dataclass
class WorkerPool:
    """All workers of a run that this coordinator started.

    `lower_ceiling` is told how many rows a batch may have after memory ran out; `patience`
    is how many seconds a worker may go without a step of work.  `damaged` collects what is
    wrong with chunks that workers passed over, by STAGE/CHUNK.
    """

    launches: list[Launch]
    heartbeats: Path
    record_death: Callable[[Death], None]
    notice: Callable[[str], None] = lambda message: None
    lower_ceiling: Callable[[int], None] = lambda rows: None
    patience: float = PATIENCE_S
    slots: list[Slot] = field(init=False)
    damaged: dict[str, str] = field(default_factory=dict)
    _failed_loads: int = 0
    _failed_starts: int = 0
    _ever_ready: bool = False
    _last_look: float = field(default_factory=time.monotonic)
    _kernel_kills: int = field(default_factory=kernel_kills)
    _stopped: bool = False
    _deaths_lost: bool = False

    def __post_init__(self) -> None:
        self.slots = [
            Slot(number, launch, watchdog=Watchdog(self.patience))
            for number, launch in enumerate(self.launches, 1)
        ]

    def watch(self) -> None:
        """One look at every slot: bury the dead, start what is due.

        Raises ModelError, QueueError or PoolError when restarting can't help.
        """
        self._look_after()
        for slot in self.slots:
            if slot.child and (ended := slot.child.ended()):
                self._bury(slot, slot.child, ended)
            if slot.child is None and time.monotonic() >= slot.due:
                slot.start()

    def _look_after(self) -> None:
        """Twice a second: read the heartbeats, and kill who hangs."""
        passed = time.monotonic() - self._last_look
        if passed < BEAT_S:
            return
        self._last_look += passed
        for slot in self.slots:
            if slot.child:
                # Kept, for a worker takes its own away when it ends in good order.
                slot.beat = self._beat(slot.child) or slot.beat
                self._ever_ready = self._ever_ready or _is_ready(slot.beat)
                self._note_damage(slot.beat)
                self._kill_if_hung(slot, slot.child, passed)

    def _note_damage(self, beat: dict[str, Any]) -> None:
        for chunk, why in beat.get("damaged", {}).items():
            if chunk not in self.damaged:
                self.damaged[chunk] = why
                self.notice(f"damaged, passed over: {why}")

    def _kill_if_hung(self, slot: Slot, child: Child, passed: float) -> None:
        stopped = child.is_stopped()
        how = slot.watchdog.look(slot.beat, stopped, passed)
        if how:
            self.notice(f"worker {child.spawn_id} {how}: killed")
            child.kill_hung(how, own_doing=not stopped and not child.waits_for_disk())

    def stop(self, hurry: Callable[[], bool] = lambda: False) -> None:
        """Drain all, and kill those still there after DRAIN_S, or at once when `hurry()`."""
        living = [slot for slot in self.slots if slot.child]
        for slot in living:
            if slot.child:
                slot.child.drain()
        deadline = time.monotonic() + DRAIN_S
        while living and time.monotonic() < deadline and not hurry():
            living = [slot for slot in living if not self._is_gone(slot)]
            time.sleep(0.02)
        self.kill()

    def kill(self) -> None:
        """Kill every worker's group and wait for it."""
        self._stopped = True
        for slot in self.slots:
            if slot.child:
                slot.child.kill()
        while not all(self._is_gone(slot) for slot in self.slots):
            time.sleep(0.005)

    @property
    def disk_full(self) -> bool:
        """Whether a worker ended for want of room and its successor hasn't lived a while."""
        return any(slot.found_disk_full and not slot.has_lived(SETTLED_S) for slot in self.slots)

    def views(self) -> list[WorkerView]:
        """Every slot as it is now, from our process table and the workers' heartbeats."""
        return [] if self._stopped else [self._view(slot) for slot in self.slots]

    def _view(self, slot: Slot) -> WorkerView:
        beat = slot.beat if slot.child else {}
        return WorkerView(
            pid=slot.child.pid if slot.child else None,
            role=slot.launch.role,
            state=str(beat.get("state", "starting")) if slot.child else "restarting",
            stage=beat.get("stage"),
            chunk=beat.get("chunk"),
            rss_mb=beat.get("rss_mb"),
            restarts=max(0, slot.restarts),
            batch_size=beat.get("batch_size"),
        )

    def _beat(self, child: Child) -> dict[str, Any]:
        return read_heartbeat(self.heartbeats / f"{child.spawn_id}.json")

    def _is_gone(self, slot: Slot) -> bool:
        if slot.child and (ended := slot.child.ended()):
            self._forget(slot, slot.child, ended)
        return slot.child is None

    def _bury(self, slot: Slot, child: Child, ended: Ended) -> None:
        beat = self._beat(child) or slot.beat
        ended = self._after_want_of_memory(child, ended, beat)
        self._forget(slot, child, ended)
        self._refuse_hopeless(child, ended, beat)
        if time.monotonic() - child.started >= STEADY_LIFE_S or _is_ready(beat):
            slot.backoff = FIRST_BACKOFF_S
        slot.found_disk_full = ended.status == EXIT_FULL_DISK
        if slot.found_disk_full:
            slot.due = time.monotonic() + FULL_DISK_BACKOFF_S
            return
        slot.due = time.monotonic() + slot.backoff
        slot.backoff = min(LAST_BACKOFF_S, slot.backoff * 2)
        self.notice(f"worker {child.spawn_id} ended ({ended.death.cause}); a new one starts")

    def _after_want_of_memory(self, child: Child, ended: Ended, beat: dict[str, Any]) -> Ended:
        """Halve the batch when memory ran out; at a batch of one the record is to blame."""
        before, self._kernel_kills = self._kernel_kills, kernel_kills()
        by_kernel = ended.status == -signal.SIGKILL and self._kernel_kills > before
        if child.signalled or not (by_kernel or ended.status == EXIT_NO_MEMORY):
            return ended
        rows = beat.get("batch_size") or 0
        if rows > 1:
            self.notice(f"worker {child.spawn_id} ran out of memory: batches of {rows // 2} now")
            self.lower_ceiling(rows // 2)
        death = Death(child.spawn_id, child.pid, f"{ended.death.cause}, out of memory", rows == 1)
        return Ended(ended.status, death, no_memory=True)

    def _forget(self, slot: Slot, child: Child, ended: Ended) -> None:
        self._write_down(ended.death)
        for name in (f"{child.spawn_id}.json", f".{child.spawn_id}.json.tmp"):
            (self.heartbeats / name).unlink(missing_ok=True)
        slot.child = None

    def _write_down(self, death: Death) -> None:
        """Raises OSError; after any but a full disk, that file is not touched again.

        What an fsync could not write may be gone: the next coordinator reads what there is.
        """
        if self._deaths_lost:
            return
        try:
            self.record_death(death)
        except OSError as error:
            self._deaths_lost = error.errno not in NO_ROOM
            raise

    def _refuse_hopeless(self, child: Child, ended: Ended, beat: dict[str, Any]) -> None:
        self._ever_ready = self._ever_ready or _is_ready(beat)
        if ended.status == EXIT_QUEUE:
            raise QueueError(child.last_words())
        if ended.status == EXIT_USAGE:
            raise PoolError(f"a worker refused its settings: {child.last_words()}")
        if self._ever_ready:
            return
        self._failed_loads += ended.status == EXIT_NO_MODEL or ended.no_memory
        if self._failed_loads >= LOAD_TRIES:
            raise ModelError(_no_room(ended) if ended.no_memory else child.last_words())
        self._failed_starts += ended.death.counts
        if self._failed_starts >= START_TRIES:
            raise PoolError(
                f"workers die before they start ({ended.death.cause}): {child.last_words()} "
                f"(log: {child.log_path})"
            )


def _no_room(ended: Ended) -> str:
    return (
        f"workers run out of memory before they start ({ended.death.cause}): "
        "use fewer with --workers, or a smaller model"
    )


def _is_ready(beat: dict[str, Any]) -> bool:
    return beat.get("state") not in LOADING
