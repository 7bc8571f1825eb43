"""Counts what the engine did since the last metrics line, stage by stage.

Knows numbers only.  Invariant: every token is counted in one line.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from workers.performance_logger import (
    MIB,
    BatchFigures,
    Drafts,
    FirstTokens,
    PerformanceLogger,
    length_bucket,
)

_EVERY = 2.0  # seconds between lines


@dataclass
class _Count:
    """One stage's figures of the window that is going on."""

    requests: int = 0
    prompt_tokens: int = 0
    generated_tokens: int = 0
    prefix_tokens: int = 0
    forced_tokens: int = 0
    drafts: dict[str, Drafts] = field(default_factory=dict)
    first_tokens: list[float] = field(default_factory=list)  # seconds, one a request
    prompt_lengths: Counter[str] = field(default_factory=Counter)
    answer_lengths: Counter[str] = field(default_factory=Counter)

    @property
    def work(self) -> int:
        return self.prompt_tokens + self.generated_tokens


class Meter:
    """Turns steps into one `batch` line per stage and window of two seconds.

    `memory` gives what else a line tells, by its key; by default MLX's account of its memory.

    Every method costs about a microsecond, so the engine may call it for each row.
    """

    def __init__(
        self,
        logger: PerformanceLogger | None,
        memory: Callable[[], dict[str, int]] | None = None,
    ) -> None:
        self._logger = logger
        self._memory = memory or mlx_memory
        self._counts: defaultdict[str, _Count] = defaultdict(_Count)
        self._busy = 0.0
        self._passes = 0
        self._rows = 0
        self._steps = 0
        self._limit: int | None = None
        self._flushed = time.monotonic()

    def answered(self, stage: str, prompt_tokens: int, generated_tokens: int) -> None:
        """A request of this stage is done; a choice generates nothing."""
        count = self._counts[stage]
        count.requests += 1
        count.prompt_tokens += prompt_tokens
        count.generated_tokens += generated_tokens
        count.prompt_lengths[length_bucket(prompt_tokens)] += 1
        if generated_tokens:
            count.answer_lengths[length_bucket(generated_tokens)] += 1

    def prefix(self, stage: str, tokens: int) -> None:
        """Prompt tokens whose KV was there already."""
        self._counts[stage].prefix_tokens += tokens

    def forced(self, stage: str, tokens: int) -> None:
        """Tokens that the grammar allowed no other choice for."""
        self._counts[stage].forced_tokens += tokens

    def drafted(self, stage: str, source: str, proposed: int, accepted: int) -> None:
        """One draft of one row was verified; call it once for each draft."""
        drafts = self._counts[stage].drafts
        counts = drafts.get(source)
        if counts is None:
            counts = drafts[source] = Drafts()
        counts.drafts += 1
        counts.proposed += proposed
        counts.accepted += accepted

    def first_token(self, stage: str, seconds: float) -> None:
        """Seconds from a request's arrival to its first token."""
        self._counts[stage].first_tokens.append(seconds)

    def phase(self, name: str, seconds: float) -> None:
        """Time just spent on something: prefill, decode, choose, grammar, draft, wait."""
        if self._logger is not None:
            self._logger.phase(name, seconds)

    def in_phase(self, name: str) -> AbstractContextManager[None]:
        """Count the block's time as a phase; a phase inside it stops it meanwhile."""
        return nullcontext() if self._logger is None else self._logger.in_phase(name)

    def event(self, kind: str, **fields: Any) -> None:
        """Anything else worth a line, where there is a log."""
        if self._logger is not None:
            self._logger.event(kind, **fields)

    def step(self, rows: int, seconds: float, batch_limit: int | None = None) -> None:
        """The engine advanced this many rows; `batch_limit` is the most it may for now."""
        self._busy += seconds
        self._passes += 1
        self._rows += rows
        self._steps += 1
        self._limit = batch_limit
        if time.monotonic() - self._flushed >= _EVERY:
            self.flush()

    def flush(self) -> None:
        """Write what was counted; time and passes are shared out by tokens.

        While no request ends there are no tokens, and they are kept for the next line.
        """
        self._flushed = time.monotonic()
        if not self._counts:
            return
        counts, self._counts = self._counts, defaultdict(_Count)
        whole = sum(count.work for count in counts.values())
        memory = self._memory() if self._logger is not None else {}
        for stage, count in counts.items():
            if self._logger is not None:
                share = count.work / whole if whole else 0.0
                self._logger.batch(stage, self._figures(count, share, memory))
        self._rows, self._steps = 0, 0
        if whole:
            self._busy, self._passes = 0.0, 0

    def _figures(self, count: _Count, share: float, memory: dict[str, int]) -> BatchFigures:
        return BatchFigures(
            rows=round(self._rows / self._steps) if self._steps else 0,
            prompt_tokens=count.prompt_tokens,
            generated_tokens=count.generated_tokens,
            seconds=self._busy * share,
            requests=count.requests,
            steps=round(self._passes * share),
            prefix_tokens=count.prefix_tokens,
            forced_tokens=count.forced_tokens,
            drafts=count.drafts,
            first_tokens=FirstTokens.of(count.first_tokens),
            prompt_lengths=count.prompt_lengths,
            answer_lengths=count.answer_lengths,
            batch_limit=self._limit,
            memory=memory,
        )


def mlx_memory() -> dict[str, int]:
    """MLX's own account of its memory, in MiB: arrays, cached buffers, highest so far."""
    import mlx.core as mx

    return {
        "mlx_active_mb": mx.get_active_memory() // MIB,
        "mlx_cache_mb": mx.get_cache_memory() // MIB,
        "mlx_peak_mb": mx.get_peak_memory() // MIB,
    }
