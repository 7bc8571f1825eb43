"""How fast a run goes: rates now and over the run, and the remaining time.

Learns from the workers' performance logs, read as they grow, and from what the
coordinator counts.  Invariant: a missing or damaged log makes a figure unknown, never
an error.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from workers.metrics.batch_figures import BatchFigures, Drafts
from workers.metrics.metric_kinds import Body, ModelBatch, SealedChunk
from workers.metrics.metric_lines import MetricLine, MetricLineError, log_files, parse_metric_line
from workers.observe.status import StageSpeed

WINDOW_S = 30.0
COST_WINDOW_S = 300.0
_MAX_BYTES_PER_READ = 1 << 20


@dataclass
class Rate:
    """Amounts per second over the last `window` seconds, and over all time."""

    window: float = WINDOW_S
    clock: Callable[[], float] = time.monotonic
    total: float = 0.0
    _events: deque[tuple[float, float]] = field(default_factory=deque)
    _sum: float = 0.0
    _since: float | None = None

    def add(self, amount: float) -> None:
        """Add an amount, now."""
        now = self.clock()
        self._since = now if self._since is None else self._since
        self._events.append((now, amount))
        self._sum += amount
        self.total += amount

    def recent(self) -> float:
        """The sum over the window."""
        now = self.clock()
        while self._events and self._events[0][0] < now - self.window:
            self._sum -= self._events.popleft()[1]
        return self._sum if self._events else 0.0

    @property
    def is_young(self) -> bool:
        """Whether the window still holds everything."""
        return self._since is None or self.clock() - self._since < self.window

    def per_second(self) -> float:
        """The rate over the window, or since the first amount if that is more recent."""
        recent = self.recent()
        if not self._events or self._since is None:
            return 0.0
        return round(recent / max(1.0, min(self.window, self.clock() - self._since)), 2)


def _cost() -> Rate:
    return Rate(COST_WINDOW_S)


@dataclass
class StageMeter:
    """What one stage costs and how fast it goes."""

    items: Rate = field(default_factory=Rate)
    tokens: Rate = field(default_factory=Rate)
    drafts: Drafts = field(default_factory=Drafts)
    rows: int | None = None
    batch_limit: int | None = None
    records: Rate = field(default_factory=_cost)
    model_seconds: Rate = field(default_factory=_cost)
    chunk_seconds: Rate = field(default_factory=_cost)

    def add(self, body: Body) -> None:
        """Count what a worker logged."""
        if isinstance(body, ModelBatch):
            self._add_batch(body.figures)
        elif isinstance(body, SealedChunk):
            self.records.add(body.records)
            self.chunk_seconds.add(body.busy_seconds)

    def _add_batch(self, figures: BatchFigures) -> None:
        self.tokens.add(figures.generated_tokens)
        self.model_seconds.add(figures.seconds)
        self.rows = figures.rows or None
        self.batch_limit = figures.batch_limit or None
        for drafts in figures.drafts.values():
            self.drafts.add(drafts)

    def seconds_per_record(self, in_flight: int = 0) -> float | None:
        """Recent worker-seconds per record, or None before the first chunk.

        Where a model works, its own time counts: chunks of several stages overlap.  Records
        in flight have cost something and are in no line yet; that matters at the beginning.
        """
        seconds = self.model_seconds if self.model_seconds.total else self.chunk_seconds
        if not self.records.total:
            return None
        if self.records.is_young:
            return seconds.total / (self.records.total + in_flight / 2)
        if records := self.records.recent():
            return seconds.recent() / records
        return seconds.total / self.records.total

    def speed(self, elapsed: float, batch_size: int | None = None) -> StageSpeed:
        """The stage's speed as status shows it.

        Parameters
            elapsed: this session's length so far, in seconds.
            batch_size: the maximum for now, where no line has said so yet.
        """
        elapsed = max(1.0, elapsed)
        return StageSpeed(
            items_per_s=self.items.per_second(),
            tokens_per_s=self.tokens.per_second(),
            items_per_s_overall=round(self.items.total / elapsed, 2),
            tokens_per_s_overall=round(self.tokens.total / elapsed, 2),
            batch_size=self.batch_limit or batch_size,
            batch_rows=self.rows,
            acceptance=self.drafts.acceptance,
        )


class LogTail:
    """New lines of a run's performance logs, from when this was made."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._offsets = {path: path.stat().st_size for path in log_files(folder)}

    def lines(self) -> Iterator[MetricLine]:
        """Lines added since the last call; damaged ones are skipped."""
        for path in log_files(self._folder):
            yield from self._new_lines(path)

    def _new_lines(self, path: Path) -> Iterator[MetricLine]:
        start = self._offsets.get(path, 0)
        try:
            with path.open("rb") as log:
                log.seek(start)
                block = log.read(_MAX_BYTES_PER_READ)
        except OSError:
            return
        whole = block[: block.rfind(b"\n") + 1]
        self._offsets[path] = start + len(whole)
        for line in whole.splitlines():
            try:
                yield parse_metric_line(line, str(path))
            except MetricLineError:
                continue


class Meters:
    """All stages' meters, fed by the performance logs."""

    def __init__(self, stages: Sequence[str], logs: Path) -> None:
        self.stages = {name: StageMeter() for name in stages}
        self._tail = LogTail(logs)

    def read_logs(self) -> None:
        """Count what the workers logged since the last call."""
        for line in self._tail.lines():
            body = line.body
            if isinstance(body, ModelBatch | SealedChunk) and body.stage in self.stages:
                self.stages[body.stage].add(body)


@dataclass(frozen=True)
class Load:
    """What a stage still has to do: records waiting, and how many come out for each one in."""

    waiting: int
    outputs_per_record: float
    seconds_per_record: float | None


def time_left(loads: Sequence[Load], workers: int) -> float | None:
    """Seconds until the last stage is finished; None while no cost is known."""
    known = [load.seconds_per_record for load in loads if load.seconds_per_record is not None]
    if not known or not workers:
        return None
    total, inflow = 0.0, 0.0
    for load in loads:
        records = load.waiting + inflow
        cost = load.seconds_per_record
        total += records * (max(known) if cost is None else cost)
        inflow = records * load.outputs_per_record
    return round(total / workers, 1)
