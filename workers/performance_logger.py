"""What a process measures, as JSON lines while it runs and a summary when it ends.

Knows one process's figures and one folder; knows nothing of queues, models or MLX.
Invariant: nothing here raises into the run or waits for a lock; a log that can't be
written is a warning, once.
"""

from __future__ import annotations

import functools
import inspect
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import orjson
import psutil

from workers.metrics.metric_lines import Fields, LineFile, encode, read_metrics
from workers.metrics.phase_clock import PhaseClock
from workers.metrics.session_totals import Drafts, Totals, per

__all__ = ["BatchFigures", "PerformanceLogger", "Work", "length_bucket"]
__all__ += ["read_metrics"]

SCHEMA = "cyberllm-pool/session-summary/1"
FLUSH_SECONDS = 1.0
TIME_SECONDS = 5.0
MIB = 1024 * 1024

F = TypeVar("F", bound=Callable[..., Any])


@dataclass
class BatchFigures:
    """What the model did for one stage in one window of time.

    rows: mean sequences side by side; requests: answers that ended; seconds: model time.
    steps: model passes; prefix_tokens: prompt tokens not recomputed; forced_tokens: tokens
    that the grammar allowed no other choice for; drafts: by source; lengths: requests by
    `length_bucket`; memory: `mlx_active_mb`, `mlx_cache_mb`, `mlx_peak_mb`.
    """

    rows: int
    prompt_tokens: int
    generated_tokens: int
    seconds: float
    requests: int | None = None
    steps: int = 0
    prefix_tokens: int = 0
    forced_tokens: int = 0
    drafts: dict[str, Drafts] = field(default_factory=dict)
    first_tokens: list[float] = field(default_factory=list)  # seconds from asking, one a request
    prompt_lengths: Counter[str] = field(default_factory=Counter)
    answer_lengths: Counter[str] = field(default_factory=Counter)
    batch_limit: int | None = None
    memory: dict[str, int] = field(default_factory=dict)

    def to_fields(self) -> Fields:
        """As a line has it; what is zero or unknown is left out."""
        requests = self.rows if self.requests is None else self.requests
        always = {
            "rows": self.rows,
            "requests": requests,
            "prompt_tokens": self.prompt_tokens,
            "generated_tokens": self.generated_tokens,
            "seconds": round(self.seconds, 4),
            "tokens_per_s": per(self.generated_tokens, self.seconds),
            "items_per_s": per(requests, self.seconds),
        }
        sometimes = {
            "steps": self.steps,
            "prefix_tokens": self.prefix_tokens,
            "forced_tokens": self.forced_tokens,
            "drafts": {source: counts.__dict__ for source, counts in self.drafts.items()},
            "first_token": _first_token(self.first_tokens),
            "prompt_lengths": dict(self.prompt_lengths),
            "answer_lengths": dict(self.answer_lengths),
            "batch_limit": self.batch_limit,
        }
        return always | {k: v for k, v in sometimes.items() if v} | self.memory


@dataclass
class Work:
    """What a block of a user's own stage did; set it inside `PerformanceLogger.measure`."""

    items: int = 1
    fields: Fields = field(default_factory=dict)


class PerformanceLogger:
    """Metrics of one process.

    Lines wait in memory and are appended once a second by whichever call comes next; call
    `flush` from a heartbeat so that an idle process's lines come out too.  `since` (unix
    seconds) moves the start of the session back, to when the process began.
    """

    def __init__(self, folder: Path, worker: str, since: float | None = None) -> None:
        self.summary_path = folder / f"{worker}.summary.json"
        self._worker = worker
        self._lines = LineFile(folder / f"{worker}.jsonl")
        self._totals = Totals()
        self._chunk_at = float("-inf")
        self._process = psutil.Process()
        before = max(0.0, time.time() - since) if since is not None else 0.0
        self._started = time.time() - before
        self._flushed_at = time.monotonic()
        self._started_at = self._flushed_at - before
        self._clock = PhaseClock(self._started_at)
        self._logging_seconds = 0.0
        self._memory = self._read_memory()

    @property
    def lines_path(self) -> Path:
        """The file that gets the lines."""
        return self._lines.path

    # What is measured

    def batch(self, stage: str, figures: BatchFigures) -> None:
        """A window of what the model did for a stage."""
        begun = time.perf_counter()
        self._append("batch", {"stage": stage, **figures.to_fields()}, begun)

    def chunk(
        self,
        stage: str,
        chunk: str,
        records: int,
        seconds: float,
        results: int,
        removed: int,
        failed: int,
        **more: Any,
    ) -> None:
        """One chunk sealed: how many records it held and how they ended.

        More may be `waited_seconds` in the queue, and `errors` and `reasons`: how many
        records failed or were removed, by kind.
        """
        begun = time.perf_counter()
        # Chunks in hand at the same time overlap; this share of each does not.
        busy, self._chunk_at = min(seconds, begun - self._chunk_at), begun
        counts = {"records": records, "results": results, "removed": removed, "failed": failed}
        times: Fields = {"seconds": round(seconds, 4), "busy_seconds": round(busy, 4)}
        times["items_per_s"] = per(records, seconds)
        given = {name: value for name, value in more.items() if value}
        self._append("chunk", {"stage": stage, "chunk": chunk, **counts, **times, **given}, begun)

    def phase(self, name: str, seconds: float) -> None:
        """Time just spent on one thing; what no phase claims is "other"."""
        self._clock.add(name, seconds)

    def in_phase(self, name: str) -> AbstractContextManager[None]:
        """Count the block's time as a phase."""
        return self._clock.running(name)

    def event(self, kind: str, **fields: Any) -> None:
        """Anything else worth a line: an error, a restart, a changed batch size."""
        self._append(kind, fields, time.perf_counter())

    # A user's own stages

    @contextmanager
    def measure(self, stage: str, items: int = 1) -> Iterator[Work]:
        """Time a block of `items` items; an error is noted by its type and goes on."""
        work, error = Work(items), None
        begun = time.perf_counter()
        try:
            yield work
        except BaseException as problem:
            error = type(problem).__name__
            raise
        finally:
            self._work(stage, work, time.perf_counter() - begun, error)

    def measured(self, stage: str, items: int = 1) -> Callable[[F], F]:
        """A decorator: each call, plain or awaited, is a `measure` block."""

        def decorate(function: F) -> F:
            if inspect.iscoroutinefunction(function):

                @functools.wraps(function)
                async def awaited(*args: Any, **kwargs: Any) -> Any:
                    with self.measure(stage, items):
                        return await function(*args, **kwargs)

                return awaited  # type: ignore[return-value]

            @functools.wraps(function)
            def called(*args: Any, **kwargs: Any) -> Any:
                with self.measure(stage, items):
                    return function(*args, **kwargs)

            return called  # type: ignore[return-value]

        return decorate

    def _work(self, stage: str, work: Work, seconds: float, error: str | None) -> None:
        figures: Fields = {"items": work.items, "seconds": round(seconds, 6)}
        figures |= {"items_per_s": per(work.items, seconds)} | ({"error": error} if error else {})
        self._append("work", {**work.fields, "stage": stage, **figures}, time.perf_counter())

    # Writing

    def flush(self) -> None:
        """Append what waits."""
        begun = time.perf_counter()
        self._flush()
        self._logging_seconds += time.perf_counter() - begun

    def _flush(self) -> None:
        self._flushed_at = time.monotonic()
        self._memory = self._read_memory()
        if self._clock.window >= TIME_SECONDS:
            self._append_time()
        self._lines.flush()

    def summary(self) -> Fields:
        """Totals of the session so far; `logging_seconds` is what the logger itself took."""
        wall = time.monotonic() - self._started_at
        return {
            "schema": SCHEMA,
            "worker": self._worker,
            "started": self._started,
            "wall_seconds": round(wall, 3),
            "logging_seconds": round(self._logging_seconds, 6),
            "logging_share": round(self._logging_seconds / wall, 6) if wall else None,
            "lines_dropped": self._lines.dropped,
            **self._totals.as_fields(),
        }

    def close(self) -> None:
        """Flush, and write the session summary.  May be called again."""
        self._append_time()
        self.flush()
        self._lines.write(self.summary_path, "wb", encode(self.summary(), orjson.OPT_INDENT_2))

    def _append(self, kind: str, fields: Fields, begun: float) -> None:
        head = {"time": time.time(), "worker": self._worker, "kind": kind, **self._memory}
        line = head | fields
        self._totals.take(line)
        self._lines.append(line)
        if time.monotonic() - self._flushed_at >= FLUSH_SECONDS:
            self._flush()
        self._logging_seconds += time.perf_counter() - begun

    def _append_time(self) -> None:
        """Where the time went since the last such line; the phases add up to `seconds`."""
        begun = time.perf_counter()
        seconds, phases = self._clock.take()
        rounded = {name: round(spent, 4) for name, spent in phases.items()}
        self._append("time", {"seconds": round(seconds, 4), "phases": rounded}, begun)

    def _read_memory(self) -> Fields:
        """Read once per flush: /proc costs far more than a line does."""
        try:
            rss_mb = self._process.memory_info().rss // MIB
            available_mb = psutil.virtual_memory().available // MIB
        except (psutil.Error, OSError):
            return {"rss_mb": None, "available_mb": None}
        return {"rss_mb": rss_mb, "available_mb": available_mb}


def length_bucket(tokens: int) -> str:
    """The lower bound of a length's bucket: 0, 16, 32, 48, 64, 96, 128, 192 and so on."""
    if tokens < 32:
        return "16" if tokens >= 16 else "0"
    low = 1 << (tokens.bit_length() - 1)
    return str(low + low // 2 if tokens >= low + low // 2 else low)


def _first_token(seconds: list[float]) -> Fields:
    if not seconds:
        return {}
    whole = {"count": len(seconds), "seconds": round(sum(seconds), 4)}
    return {**whole, "slowest_s": round(max(seconds), 4)}
