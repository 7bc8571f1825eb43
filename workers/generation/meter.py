"""Counts what the engine did since the last metrics line, stage by stage.

Knows numbers only.  Invariant: every token is counted in one line.
"""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass

from workers.performance_logger import PerformanceLogger

_EVERY = 2.0  # seconds between lines


@dataclass
class _Count:
    requests: int = 0
    prompt_tokens: int = 0
    generated_tokens: int = 0

    @property
    def work(self) -> int:
        return self.prompt_tokens + self.generated_tokens


class Meter:
    """Turns steps into one `batch` line per stage and window of two seconds."""

    def __init__(self, logger: PerformanceLogger | None) -> None:
        self._logger = logger
        self._counts: dict[str, _Count] = defaultdict(_Count)
        self._busy = 0.0
        self._rows = 0
        self._steps = 0
        self._flushed = time.monotonic()

    def answered(self, stage: str, prompt_tokens: int, generated_tokens: int) -> None:
        """A request of this stage is done."""
        count = self._counts[stage]
        count.requests += 1
        count.prompt_tokens += prompt_tokens
        count.generated_tokens += generated_tokens

    def step(self, rows: int, seconds: float) -> None:
        """The engine advanced this many rows."""
        self._busy += seconds
        self._rows += rows
        self._steps += 1
        if time.monotonic() - self._flushed >= _EVERY:
            self.flush()

    def flush(self) -> None:
        """Write what was counted; time is shared out by tokens."""
        self._flushed = time.monotonic()
        counts, self._counts = self._counts, defaultdict(_Count)
        whole = sum(count.work for count in counts.values()) or 1
        rows = round(self._rows / self._steps) if self._steps else 0
        if self._logger is not None:
            for stage, count in counts.items():
                self._logger.batch(
                    stage,
                    rows,
                    count.prompt_tokens,
                    count.generated_tokens,
                    self._busy * count.work / whole,
                    requests_count=count.requests,
                )
        if counts:
            self._busy, self._rows, self._steps = 0.0, 0, 0
