"""Starts, watches, stops and restarts the worker processes of one run.

Knows slots, deaths and setbacks; knows nothing of chunks or stages.  Invariant: every
death is written to the run's deaths file before the worker's successor starts.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from workers.core.errors import ModelError, PoolError, QueueError
from workers.core.exit_status import WorkerExit
from workers.core.files import NO_ROOM
from workers.pool.child import CLUSTER_ROLE, Child, Launch
from workers.pool.ending import Ended, kernel_kills
from workers.pool.setbacks import Setbacks
from workers.pool.slot import SETTLED_S, Slot
from workers.pool.watchdog import PATIENCE_S, Watchdog
from workers.queue.deaths import Death
from workers.run.heartbeat import Heartbeat, WorkerState
from workers.run.worker_view import WorkerView

BEAT_S = 0.5
STEADY_LIFE_S = 60.0
DRAIN_S = 3.0
MEMORY_TRIES = 3  # before any worker was ready


@dataclass
class WorkerPool:
    """All workers of a run that this coordinator started.

    record_death: writes a death to the run's deaths file.
    notice: is told what a person should know.
    lower_ceiling: is told how many sequences a batch may have after memory ran out.
    patience: seconds that a worker may go without a step of work.
    damaged: what is wrong with chunks that workers skipped, by STAGE/CHUNK.
    """

    launches: list[Launch]
    heartbeats: Path
    record_death: Callable[[Death], None]
    notice: Callable[[str], None] = lambda message: None
    lower_ceiling: Callable[[int], None] = lambda sequences: None
    patience: float = PATIENCE_S
    slots: list[Slot] = field(init=False)
    damaged: dict[str, str] = field(default_factory=dict)
    _noted: set[str] = field(default_factory=set)
    _setbacks: Setbacks = field(default_factory=Setbacks)
    _out_of_memory: int = 0
    _ever_ready: bool = False
    _last_look: float = field(default_factory=time.monotonic)
    _kernel_kills: int = field(default_factory=kernel_kills)
    _stopped: bool = False
    _deaths_lost: bool = False

    def __post_init__(self) -> None:
        self.slots = [
            Slot(
                *(number, launch, self.heartbeats),
                watchdog=Watchdog(max(self.patience, launch.patience)),
            )
            for number, launch in enumerate(self.launches, 1)
        ]

    def watch(self) -> None:
        """One look at every slot: bury the dead, start what is due.

        Raises ModelError, EngineError, QueueError or PoolError when restarting can't help.
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
                self._listen(slot, slot.child)
                self._kill_if_hung(slot, slot.child, passed)

    def _listen(self, slot: Slot, child: Child) -> None:
        """Take in what a worker says of itself."""
        self._setbacks.make_up(slot.listen(child))
        self._ever_ready = self._ever_ready or slot.is_ready
        for step in slot.new_steps():
            if not step.startswith(WorkerState.WAITING):  # for a worker that says what it does
                of_cluster = slot.launch.role == CLUSTER_ROLE  # it speaks of machines
                self.notice(step if of_cluster else f"worker {slot.number}: {step}")
        if slot.beat:
            self._note_damage(slot.beat)
            self._say_note(slot.beat)

    def _say_note(self, beat: Heartbeat) -> None:
        """Say once how the model runs, or what it can't do; a paused worker's note is trouble."""
        if beat.note and beat.state != WorkerState.PAUSED and beat.note not in self._noted:
            self._noted.add(beat.note)
            self.notice(beat.note)

    def _note_damage(self, beat: Heartbeat) -> None:
        for chunk, why in beat.damaged.items():
            if chunk not in self.damaged:
                self.damaged[chunk] = why
                self.notice(f"skipped a damaged chunk: {why}")

    def _kill_if_hung(self, slot: Slot, child: Child, passed: float) -> None:
        stopped = child.is_stopped()
        how = slot.watchdog.look(slot.beat, stopped, passed)
        if how:
            self.notice(f"worker {child.spawn_id} {how}: killed")
            child.kill_hung(how, own_doing=not stopped and not child.waits_for_disk())

    def restart(self) -> None:
        """Drain every worker; their successors start as after any end."""
        for slot in self.slots:
            if slot.child:
                slot.child.drain()

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
        """Whether a worker ended because the disk is full, and its successor is no surer yet."""
        return any(slot.found_disk_full and not slot.has_lived(SETTLED_S) for slot in self.slots)

    @property
    def trouble(self) -> str:
        """Why no worker gets answers from the run's endpoint; empty while one gets some."""
        asking = [view for view in self.views() if view.role != "cpu" and view.pid is not None]
        paused = [view for view in asking if view.state == WorkerState.PAUSED]
        return paused[0].note if paused and len(paused) == len(asking) else ""

    def views(self) -> list[WorkerView]:
        """Every slot as it is now, from our process table and the workers' heartbeats."""
        return [] if self._stopped else [slot.view() for slot in self.slots]

    def _is_gone(self, slot: Slot) -> bool:
        """Whether nobody is in a slot while all are being stopped; no error keeps that up."""
        if slot.child and (ended := slot.child.ended()):
            try:
                self._write_down(ended.death)
            except OSError as error:
                where = f"{error.filename}: " if error.filename else ""
                self.notice(f"{where}{error.strerror}; how the workers ended is not recorded")
            slot.vacate(slot.child)
        return slot.child is None

    # Deaths

    def _bury(self, slot: Slot, child: Child, ended: Ended) -> None:
        self._listen(slot, child)
        ended = self._handle_oom(slot, child, ended)
        ended = self._setbacks.note(ended, child.started, slot.is_proved)
        self._forget(slot, child, ended)
        self._refuse_hopeless(ended)
        if ended.status == WorkerExit.FULL_DISK:
            slot.wait_for_disk()
            return
        slot.back_off(did_well=_did_well(slot, child, ended))
        self.notice(f"worker {child.spawn_id} ended ({ended.reason}); a new one starts")

    def _handle_oom(self, slot: Slot, child: Child, ended: Ended) -> Ended:
        """Halve the batch when memory ran out; at a batch of one the record is to blame."""
        before, self._kernel_kills = self._kernel_kills, kernel_kills()
        by_kernel = ended.status == -signal.SIGKILL and self._kernel_kills > before
        if child.signalled or not (by_kernel or ended.status == WorkerExit.NO_MEMORY):
            return ended
        size = slot.beat.batch_size if slot.beat else 0
        if size > 1:
            self.notice(f"worker {child.spawn_id} ran out of memory: batches of {size // 2} now")
            self.lower_ceiling(size // 2)
        cause = f"{ended.death.cause}, out of memory"
        return replace(
            ended, death=replace(ended.death, cause=cause, counts=size == 1), no_memory=True
        )

    def _forget(self, slot: Slot, child: Child, ended: Ended) -> None:
        self._write_down(ended.death)
        slot.vacate(child)

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

    def _refuse_hopeless(self, ended: Ended) -> None:
        """Raise what ends the run, when another worker would only fail the same way."""
        if ended.status == WorkerExit.QUEUE:
            raise QueueError(ended.words)
        if ended.status == WorkerExit.USAGE:
            raise PoolError(f"a worker refused its settings: {ended.words}")
        self._setbacks.check(ended, self._ever_ready)
        self._out_of_memory += ended.no_memory and not self._ever_ready
        if self._out_of_memory >= MEMORY_TRIES:
            raise ModelError(
                f"workers run out of memory before they start ({ended.death.cause}): "
                "use fewer with --workers, or a smaller model"
            )


def _did_well(slot: Slot, child: Child, ended: Ended) -> bool:
    """Whether a process did enough for its successor to be started soon."""
    long_lived = time.monotonic() - child.started >= STEADY_LIFE_S
    return slot.has_results or long_lived or (slot.is_ready and not ended.is_explained)
