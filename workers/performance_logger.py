"""What a process measures, as JSON lines while it runs and a summary when it ends.

Knows one process's figures and one folder; knows nothing of queues, models or MLX.
Invariant: nothing here raises into the run or waits for a lock; a log that can't be
written causes one warning.
"""

from __future__ import annotations

import functools
import inspect
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

import orjson
import psutil

from workers.metrics.batch_figures import BatchFigures, Drafts, FirstTokens, length_bucket
from workers.metrics.line_file import LINES_ENDING, LineFile, encode
from workers.metrics.metric_kinds import Body, Event, ModelBatch, PhaseTimes, SealedChunk, WorkBlock
from workers.metrics.metric_lines import MetricLine, read_metrics
from workers.metrics.phase_clock import PhaseClock
from workers.metrics.session_summary import SessionSummary, StageSummary
from workers.metrics.session_totals import Totals

__all__ = ["BatchFigures", "Drafts", "FirstTokens", "MetricLine", "PerformanceLogger"]
__all__ += ["SealedChunk", "SessionSummary", "StageSummary", "Work", "length_bucket"]
__all__ += ["read_metrics"]

FLUSH_SECONDS = 1.0
TIME_SECONDS = 5.0
MIB = 1024 * 1024

F = TypeVar("F", bound=Callable[..., Any])


@dataclass
class Work:
    """What a block of a custom stage did; set it inside `PerformanceLogger.measure`."""

    items: int = 1
    fields: dict[str, Any] = field(default_factory=dict)


class PerformanceLogger:
    """Metrics of one process.

    Lines wait in memory and are appended once a second by whichever call comes next; call
    `flush` from a heartbeat so that an idle process's lines come out too.  `since` (unix
    seconds) moves the start of the session back, to when the process began.
    """

    def __init__(self, folder: Path, worker: str, since: float | None = None) -> None:
        self.summary_path = folder / f"{worker}.summary.json"
        self._worker = worker
        self._lines = LineFile(folder / f"{worker}{LINES_ENDING}")
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
        rounded = replace(figures, seconds=round(figures.seconds, 4))
        self.record(ModelBatch(stage, rounded), begun)

    def chunk(self, sealed: SealedChunk) -> None:
        """One chunk sealed: how many records it held and how they ended."""
        begun = time.perf_counter()
        # Chunks in hand at the same time overlap; this share of each does not.
        busy, self._chunk_at = min(sealed.seconds, begun - self._chunk_at), begun
        seconds = round(sealed.seconds, 4)
        self.record(replace(sealed, seconds=seconds, busy_seconds=round(busy, 4)), begun)

    def phase(self, name: str, seconds: float) -> None:
        """Seconds just spent on one thing; what no phase claims is "other"."""
        self._clock.add(name, seconds)

    def in_phase(self, name: str) -> AbstractContextManager[None]:
        """Count the block's time as a phase."""
        return self._clock.running(name)

    def event(self, kind: str, **fields: Any) -> None:
        """Anything else worth a line: an error, a restart, a changed batch size."""
        self.record(Event(kind, fields))

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
        self.record(WorkBlock(stage, work.items, round(seconds, 6), error, work.fields))

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

    def summary(self) -> SessionSummary:
        """Totals of the session so far."""
        totals = self._totals
        return SessionSummary(
            self._worker,
            self._started,
            wall_seconds=time.monotonic() - self._started_at,
            logging_seconds=self._logging_seconds,
            lines_dropped=self._lines.dropped,
            peak_rss_mb=totals.peak_rss_mb,
            peak_mlx_mb=totals.peak_mlx_mb,
            phases=dict(totals.phases),
            events=dict(totals.events),
            stages={name: stage.summary() for name, stage in totals.stages.items()},
        )

    def close(self) -> None:
        """Flush, and write the session summary.  May be called again."""
        self._append_time()
        self.flush()
        summary = encode(self.summary().to_json(), orjson.OPT_INDENT_2)
        self._lines.write(self.summary_path, "wb", summary)

    def record(self, body: Body, begun: float | None = None) -> None:
        """A line of any kind; `begun`, by time.perf_counter, is when its logging started."""
        begun = time.perf_counter() if begun is None else begun
        line = MetricLine(time.time(), self._worker, *self._memory, body)
        self._totals.add(line)
        self._lines.append(line.to_fields())
        if time.monotonic() - self._flushed_at >= FLUSH_SECONDS:
            self._flush()
        self._logging_seconds += time.perf_counter() - begun

    def _append_time(self) -> None:
        """Where the time went since the last such line; the phases add up to `seconds`."""
        begun = time.perf_counter()
        spent = self._clock.end_window()
        phases = {name: round(seconds, 4) for name, seconds in spent.phases.items()}
        self.record(PhaseTimes(round(spent.seconds, 4), phases), begun)

    def _read_memory(self) -> tuple[int | None, int | None]:
        """Of the process, and free on the machine, in MiB.

        Read once per flush: /proc costs far more than a line does.
        """
        try:
            rss_mb = self._process.memory_info().rss // MIB
            available_mb = psutil.virtual_memory().available // MIB
        except (psutil.Error, OSError):
            return None, None
        return rss_mb, available_mb
