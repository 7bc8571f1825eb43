"""A place for one worker at a time, and what is remembered of it from one process to the next.

Knows its process, heartbeat, backoff and watchdog; decides nothing about other slots.
Invariant: the heartbeat kept is that of the process in the slot, or of the one that just ended.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from pathlib import Path

from workers.pool.child import Child, Launch
from workers.pool.watchdog import PATIENCE_S, Watchdog
from workers.run.heartbeat import Heartbeat, read_heartbeat
from workers.run.worker_view import WorkerView

FIRST_BACKOFF_S = 0.2
LAST_BACKOFF_S = 30.0
FULL_DISK_BACKOFF_S = 2.0
SETTLED_S = 1.5


@dataclass
class Slot:
    """Where one worker runs, and where its successor is started."""

    number: int
    launch: Launch
    heartbeats: Path
    child: Child | None = None
    restarts: int = -1  # the first start is none
    backoff: float = FIRST_BACKOFF_S
    due: float = 0.0
    beat: Heartbeat | None = None
    steps_told: int = 0
    found_disk_full: bool = False
    watchdog: Watchdog = field(default_factory=lambda: Watchdog(PATIENCE_S))

    def start(self) -> None:
        """Start a process in it."""
        self.child = Child(self.launch, self.number)
        self.restarts += 1
        self.beat = None
        self.steps_told = 0
        self.watchdog = self.watchdog.for_successor()

    def listen(self, child: Child) -> int:
        """Read its heartbeat; returns how many results it has made since the last time."""
        before = self.beat.results if self.beat else 0
        # Kept when there is none any more: a worker removes its own when it ends in good order.
        self.beat = read_heartbeat(self._heartbeat_file(child)) or self.beat
        return self.beat.results - before if self.beat else 0

    def new_steps(self) -> tuple[str, ...]:
        """What its process has begun, before it can work, since this was asked last."""
        if self.beat is None:
            return ()
        left_out = self.beat.steps_left_out
        steps = self.beat.steps[max(0, self.steps_told - left_out) :]
        self.steps_told = left_out + len(self.beat.steps)
        return steps

    @property
    def is_ready(self) -> bool:
        """Whether its process has loaded, or had when it ended."""
        return self.beat is not None and self.beat.is_ready

    @property
    def has_results(self) -> bool:
        """Whether its process has made any."""
        return self.beat is not None and self.beat.results > 0

    @property
    def is_proved(self) -> bool:
        """Whether the model has worked in its process."""
        return self.beat is not None and self.beat.proved

    def has_lived(self, seconds: float) -> bool:
        return self.child is not None and time.monotonic() - self.child.started >= seconds

    def vacate(self, child: Child) -> None:
        """The process is gone: remove what it left."""
        beat = self._heartbeat_file(child)
        for path in (beat, beat.with_name(f".{beat.name}.tmp")):
            path.unlink(missing_ok=True)
        self.child = None

    def _heartbeat_file(self, child: Child) -> Path:
        return self.heartbeats / f"{child.spawn_id}.json"

    def wait_for_disk(self) -> None:
        """The next process is due when there may be room again."""
        self.found_disk_full = True
        self.due = time.monotonic() + FULL_DISK_BACKOFF_S

    def back_off(self, did_well: bool) -> None:
        """The next process is due after a while, a longer one each time."""
        self.found_disk_full = False
        if did_well:
            self.backoff = FIRST_BACKOFF_S
        self.due = time.monotonic() + self.backoff
        self.backoff = min(LAST_BACKOFF_S, self.backoff * 2)

    def view(self) -> WorkerView:
        """The slot as it is now."""
        beat = self.beat if self.child else None
        pid, state = (self.child.pid, "starting") if self.child else (None, "restarting")
        view = WorkerView(pid, self.launch.role, state, restarts=max(0, self.restarts))
        return view if beat is None else _showing(view, beat)


def _showing(view: WorkerView, beat: Heartbeat) -> WorkerView:
    return replace(
        view,
        state=beat.state.value,
        stage=beat.stage,
        chunk=beat.chunk,
        rss_mb=beat.rss_mb,
        batch_size=beat.batch_size,
        note=beat.note,
    )
