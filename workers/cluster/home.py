"""The workers at home, as the bridge sees them: whether they have nothing to do.

Knows their heartbeats.  Invariant: one look is not enough, for a worker is idle for a moment
between two chunks.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from workers.run.heartbeat import WorkerState, read_heartbeat
from workers.run.run_folder import RunFolder
from workers.settings.chosen_stages import needs_model


@dataclass
class HomeWorkers:
    """Workers of a run on the coordinator's machine."""

    run: RunFolder
    _idle: set[str] = field(default_factory=set)  # at the last look

    def idle(self) -> int:
        """How many were idle at this look and the last; of those that take every stage."""
        roles = ("batch", "speculative") if needs_model(self.run.config) else ("cpu",)
        beats = map(read_heartbeat, self.run.workers_dir.glob("*.json"))
        found = {
            beat.worker
            for beat in beats
            if beat and beat.role in roles and beat.state is WorkerState.IDLE
        }
        again, self._idle = found & self._idle, found
        return len(again)
