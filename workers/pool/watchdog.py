"""Tells a worker that hangs from one that works: by what its heartbeat says, not by its CPU time.

Knows heartbeats and how long they may stand still; ends nobody.  Invariant: time counts
only while somebody is looking, so a machine that slept, or a clock that jumped, convicts no
worker.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# A look after more than this was late by our own doing.
_LONGEST_LOOK_S = 2.0
STOPPED_S = 5.0  # somebody may stop and continue a worker
SILENT_S = 30.0  # no beat of the thread that does nothing but beat
LOADING_S = 1800.0
# A step of the model may grow with its batch: this many times the longest one seen is no hang.
_LONGEST_STEPS = 4
LOADING = {None, "loading", "compiling", "measuring", "calibrating", "waiting"}


@dataclass
class Watchdog:
    """What was seen of one worker process; `longest_step` is kept for its successors.

    Parameters
        patience: seconds without a step of work after which a working process hangs.
    """

    patience: float
    longest_step: float = 0.0
    _beats: Any = None
    _progress: Any = None
    _stopped: float = 0.0
    _silent: float = 0.0
    _stuck: float = 0.0

    def look(self, beat: Mapping[str, Any], stopped: bool, seconds: float) -> str | None:
        """Take in a heartbeat, `seconds` after the last; says what is wrong once it is."""
        passed = min(seconds, _LONGEST_LOOK_S)
        beats, progress = beat.get("beats"), beat.get("progress")
        self._stopped = self._stopped + passed if stopped else 0.0
        self._silent = self._silent + passed if beats == self._beats else 0.0
        if progress != self._progress:
            if self._progress is not None and beat.get("state") == "working":
                self.longest_step = max(self.longest_step, self._stuck)
            self._stuck = 0.0
        elif beat.get("state") == "idle":
            self._stuck = 0.0
        else:
            self._stuck += passed
        self._beats, self._progress = beats, progress
        return self._verdict(beat.get("state"))

    def _verdict(self, state: str | None) -> str | None:
        if self._stopped > STOPPED_S:
            return f"was stopped for {self._stopped:.0f} s"
        if self._silent > max(SILENT_S, self.patience if state is None else 0):
            return f"gave no sign of life for {self._silent:.0f} s"
        most = max(self.patience, _LONGEST_STEPS * self.longest_step)
        if state in LOADING:
            most = max(most, LOADING_S)
        return f"made no step for {self._stuck:.0f} s" if self._stuck > most else None

    def for_successor(self) -> Watchdog:
        """One for the next process in the same place."""
        return Watchdog(self.patience, self.longest_step)
