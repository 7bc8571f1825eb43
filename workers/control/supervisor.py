"""The loop of a run: split, hand chunks on, keep workers alive, report, and at last merge.

Knows every part by its interface and does none of their work.  Invariant: it may be
stopped between any two steps, or killed in any, and a resumed run ends the same.
"""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from workers.control.flow import Flow
from workers.control.intake import Intake
from workers.control.interrupts import Interrupted, Interrupts
from workers.core.errors import PoolError, QueueError, damage_report
from workers.core.exit_status import ExitStatus
from workers.core.files import NO_ROOM
from workers.observe.meters import Load, Meters, time_left
from workers.observe.observers import Observer
from workers.observe.read_status import write_status
from workers.observe.status import RunStatus, StageStatus
from workers.pool.pool import WorkerPool
from workers.run.machine_view import read_cluster
from workers.run.merge import Merged, merge
from workers.run.review_notice import review_notice
from workers.run.run_folder import RunFolder
from workers.run.run_state import RunState

SLICE_S = 0.1
IDLE_S = 0.05
REPORT_S = 1.0
FULL_DISK_S = 1.0

T = TypeVar("T")


class ReviewNeeded(PoolError):
    """A person has to decide about records before the run can go on; it can be resumed then."""

    exit_status = ExitStatus.REVIEW


@dataclass
class Summary:
    """How a run ended."""

    merged: Merged
    seconds: float
    records_done: int


@dataclass
class Supervisor:
    """One coordinator's work on one run, from taking it up to the merged results."""

    run: RunFolder
    flow: Flow
    intake: Intake
    pool: WorkerPool
    display: Observer
    interrupts: Interrupts
    meters: Meters
    state: RunState = RunState.RUNNING
    message: str | None = None
    _started: float = field(default_factory=time.monotonic)
    _reported: float = float("-inf")
    _records: int = 0
    _begun: bool = False
    _paused_in: RunState = RunState.RUNNING
    _no_answers: bool = False  # an endpoint gives none, and the run is paused for it

    def work(self) -> Summary:
        """Run to the end.

        Raises Interrupted or ReviewNeeded (workers drained, nothing merged), or any other
        PoolError or OSError (workers killed); the run can be resumed after each.
        """
        try:
            self._process()
            merged = self._merge()
        except Interrupted:
            self._end(RunState.DRAINING, RunState.INTERRUPTED)
            raise
        except ReviewNeeded as needed:
            self.message = str(needed)
            self._end(RunState.DRAINING, RunState.WAITING)
            raise
        except BaseException as error:
            self.pool.kill()
            self.message = str(error) or type(error).__name__
            self._report(RunState.FAILED)
            raise
        self._report(RunState.FINISHED)
        return Summary(merged, time.monotonic() - self._started, self._records)

    def step(self) -> bool:
        """One round of the loop; True when something moved."""
        self.interrupts.check()
        moved = not self.intake.complete and self.intake.advance(SLICE_S)
        for stage, records in self.flow.advance(SLICE_S):
            self.meters.stages[stage.name].items.add(records)
            self._records += records
            moved = True
        if self._workers_needed():
            self.pool.watch()
            self._follow_endpoint()
            self._refuse_damaged()
            if self.pool.disk_full:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self.run.path))
        self._report_now_and_then()
        return moved

    @property
    def is_finished(self) -> bool:
        return self.intake.complete and self.flow.is_finished

    def _workers_needed(self) -> bool:
        """A run that only has to be merged again, or reviewed, starts no workers."""
        takes_some = any(not stage.by_hand for stage in self.flow.stages)
        sealed = self.intake.complete and self.flow.is_sealed
        self._begun = self._begun or (takes_some and not sealed)
        return self._begun

    def _refuse_damaged(self) -> None:
        """Stop once nothing is left to do but chunks that are damaged."""
        damaged = self.pool.damaged
        if not damaged:
            return
        self.message = self.message or damage_report(damaged)
        if self.intake.complete and self.flow.has_only(damaged):
            raise QueueError(damage_report(damaged))

    def _process(self) -> None:
        while not self.is_finished:
            if not self._patiently(self.step):
                self._stop_for_review()
                self.interrupts.sleep(IDLE_S)
        self._go_on_with_answers()  # the last ones may have come before anybody looked
        self._end(RunState.DRAINING, RunState.MERGING)

    def _stop_for_review(self) -> None:
        damaged = self.pool.damaged
        if self.intake.complete and self.flow.awaits_review(damaged):
            notice = review_notice(self.run.name, self.flow.undecided())
            raise ReviewNeeded(f"{damage_report(damaged)}; {notice}" if damaged else notice)

    def _merge(self) -> Merged:
        self._report(RunState.MERGING)
        return self._patiently(lambda: merge(self.run, self.interrupts.check))

    def _end(self, state: RunState, final: RunState) -> None:
        """Workers have nothing left to do, or have to stop doing it."""
        self._report(state)
        self.pool.stop(self.interrupts.hurried)
        self._report(final)

    def _patiently(self, action: Callable[[], T]) -> T:
        """Do it; while the disk is full, say so, wait for room and do the whole of it again."""
        while True:
            try:
                done = action()
            except OSError as error:
                if error.errno not in NO_ROOM:
                    raise
                self._pause(error)
            else:
                self._go_on()
                return done

    def _follow_endpoint(self) -> None:
        """While no worker gets an answer from the run's endpoint, the run is paused."""
        trouble = self.pool.trouble
        if trouble and not self._no_answers and self.state is RunState.RUNNING:
            self._no_answers = True
            self.message = f"{self.run.config.endpoint} does not answer: {trouble}"
            self.display.say(f"{self.message}; the run continues when it does")
            self._report(RunState.PAUSED)
        elif not trouble:
            self._go_on_with_answers()

    def _go_on_with_answers(self) -> None:
        if self._no_answers:
            self._no_answers, self.message = False, None
            self.display.say("the endpoint answers again; the run continues")
            self._report(RunState.RUNNING)

    def _pause(self, error: OSError) -> None:
        if self.state is not RunState.PAUSED:
            self._paused_in = self.state
            place = error.filename or self.run.path
            self.message = (
                f"disk full: can't write {place}; free some space and the run continues by itself"
            )
            self.display.say(self.message)
        self._report(RunState.PAUSED)
        self.interrupts.sleep(FULL_DISK_S)
        self.interrupts.check()

    def _go_on(self) -> None:
        if self.state is RunState.PAUSED and not self._no_answers:
            self.state, self.message = self._paused_in, None
            self.display.say("there is disk space again; the run continues")

    def _report_now_and_then(self) -> None:
        if time.monotonic() - self._reported >= REPORT_S:
            self._report(self.state)

    def _report(self, state: RunState) -> None:
        self.state = state
        self._reported = time.monotonic()
        self.meters.read_logs()
        status = self.snapshot()
        write_status(self.run, status)
        self.display.update(status)

    def snapshot(self) -> RunStatus:
        """The run as it is now."""
        views = self.pool.views()
        sizes = {view.stage: view.batch_size for view in views if view.batch_size}
        cluster = read_cluster(self.run.workers_dir) if views else None
        workers = len(self.pool.slots) + (cluster.workers - 1 if cluster else 0)  # less the bridge
        return RunStatus(
            self.run.name,
            self.state,
            tuple(self._stages(sizes)),
            tuple(views),
            self._time_left(max(1, workers)),
            round(time.monotonic() - self._started, 1),
            self.message,
            cluster,
        )

    def _stages(self, sizes: dict[str | None, int]) -> Iterator[StageStatus]:
        entered = self.intake.records
        elapsed = time.monotonic() - self._started
        for stage in self.flow.stages:
            meter = self.meters.stages[stage.name]
            yield stage.status(entered, meter.speed(elapsed, sizes.get(stage.name)))
            entered = stage.outputs

    def _time_left(self, workers: int) -> float | None:
        if self.is_finished or not self.intake.complete:
            return None
        loads = []
        entered = self.intake.records
        for stage in self.flow.stages:
            if stage.by_hand:  # nobody knows when a person is done
                return None
            ended = stage.ends.total
            ratio = stage.outputs / ended if ended else 1.0
            in_flight = stage.claimed() * self.run.manifest.chunk_size
            cost = self.meters.stages[stage.name].seconds_per_record(in_flight)
            loads.append(Load(max(0, entered - ended), ratio, cost))
            entered = stage.outputs
        return time_left(loads, workers)
