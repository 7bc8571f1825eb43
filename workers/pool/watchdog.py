"""Distinguishes a hung worker from a busy one: by its heartbeat, not by its CPU time.

Knows heartbeats and how long they may stand still; ends nobody.  Invariant: time counts
only while somebody is looking, so a machine that slept, or a clock that jumped, convicts no
worker.
"""

from __future__ import annotations

from dataclasses import dataclass

from workers.run.heartbeat import Heartbeat, WorkerState

PATIENCE_S = 120.0
# A look after more than this was late by our own doing.
_LONGEST_LOOK_S = 2.0
STOPPED_S = 5.0  # somebody may stop and continue a worker
SILENT_S = 30.0  # no beat of the thread that does nothing but beat
LOADING_S = 1800.0
# A step of the model may grow with its batch: this many times the longest one seen is no hang.
_LONGEST_STEPS = 4


@dataclass
class Watchdog:
    """What was seen of one worker process; `longest_step` is kept for its successors.

    Parameters
        patience: seconds without a step of work after which a working process hangs.
    """

    patience: float
    longest_step: float = 0.0
    _beats: int = 0
    _progress: int | None = None
    _stopped: float = 0.0
    _silent: float = 0.0
    _stuck: float = 0.0

    def look(self, beat: Heartbeat | None, stopped: bool, seconds: float) -> str | None:
        """Take in a heartbeat, `seconds` after the last; says what is wrong once it is.

        `beat` is None while the process has written none; `stopped`: by a signal.
        """
        passed = min(seconds, _LONGEST_LOOK_S)
        self._stopped = self._stopped + passed if stopped else 0.0
        beats = beat.beats if beat else 0
        self._silent = self._silent + passed if beats == self._beats else 0.0
        self._beats = beats
        self._follow(beat, passed)
        return self._verdict(beat)

    def _follow(self, beat: Heartbeat | None, passed: float) -> None:
        """Count the time since the last step of work."""
        progress = beat.progress if beat else None
        if progress != self._progress:
            if self._progress is not None and beat and beat.state is WorkerState.WORKING:
                self.longest_step = max(self.longest_step, self._stuck)
            self._stuck = 0.0
        elif beat and beat.state is WorkerState.IDLE:
            self._stuck = 0.0
        else:
            self._stuck += passed
        self._progress = progress

    def _verdict(self, beat: Heartbeat | None) -> str | None:
        if self._stopped > STOPPED_S:
            return f"was stopped for {self._stopped:.0f} s"
        if self._silent > (SILENT_S if beat else max(SILENT_S, self.patience)):
            return f"gave no sign of life for {self._silent:.0f} s"
        limit = max(self.patience, _LONGEST_STEPS * self.longest_step)
        if beat is None or not beat.is_ready:
            limit = max(limit, LOADING_S)
        return f"made no progress for {self._stuck:.0f} s" if self._stuck > limit else None

    def for_successor(self) -> Watchdog:
        """One for the next process in the same place."""
        return Watchdog(self.patience, self.longest_step)
