"""How long pairs waited for their decision and were looked at, for the run's report.

Knows the clock and the log; decides nothing.  Invariant: a time in which nobody may have looked
is not counted as looking.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

from stages.manual_reviewer.note import DecisionNote
from workers.metrics.review_lines import UNDONE, ReviewLine, append, log_of

MOST_LOOKED_S = 600.0  # who takes longer was away


class ReviewTimes:
    """The times of one reviewer process; written nowhere without a folder of logs."""

    def __init__(self, logs: Path | None = None) -> None:
        self._log = log_of(logs, f"reviewer-{os.getpid()}-{os.urandom(3).hex()}") if logs else None
        self._shown: dict[str, float] = {}
        self._at = ""  # the pair that was shown last
        self._decided_at = 0.0

    def shown(self, pair_id: str) -> None:
        """A person sees the pair from now on; it may be drawn again meanwhile."""
        if pair_id != self._at:
            self._at = pair_id
            self._shown[pair_id] = time.time()

    def decided(self, pair_id: str, note: DecisionNote | None, published: float) -> None:
        """Log a decision by its note; None for one that was taken back.

        published: when the pair came to the stage, in unix seconds.
        """
        now = time.time()
        looked = None if note and note.rule else self._looked(pair_id, now)
        if self._log is None:
            return
        line = ReviewLine(
            time=round(now, 3),
            pair=pair_id,
            decision=note.decision if note else UNDONE,
            waited_seconds=round(max(0.0, now - published), 3),
            looked_seconds=looked,
            reason=note.reason if note else "",
            rule=note.rule if note else "",
        )
        append(self._log, line)

    def _looked(self, pair_id: str, now: float) -> float | None:
        """Since the pair was shown, or the one before it was decided if that came later."""
        shown = self._shown.pop(pair_id, None)
        self._at = "" if self._at == pair_id else self._at
        before, self._decided_at = self._decided_at, now
        if shown is None:
            return None
        looked = now - max(shown, before)
        return round(looked, 3) if 0 <= looked <= MOST_LOOKED_S else None
