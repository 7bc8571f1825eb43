"""How fast a run goes: rates now and over the run, and the time that is left.

Learns from the workers' performance logs, read as they grow, and from what the
coordinator counts.  Invariant: a missing or damaged log makes a figure unknown, never
an error.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workers.metrics.metric_lines import decode
from workers.metrics.session_totals import Drafts, number
from workers.observe.status import StageStatus

WINDOW_S = 30.0
COST_WINDOW_S = 300.0
_MOST_BYTES_A_READ = 1 << 20


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
        """The rate over the window, or since the first amount if that is shorter ago."""
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

    def take(self, line: Mapping[str, Any]) -> None:
        """Take in a line that a worker logged."""
        if line.get("kind") == "batch":
            self.tokens.add(number(line.get("generated_tokens")))
            self.model_seconds.add(number(line.get("seconds")))
            self.rows = int(number(line.get("rows"))) or None
            self.batch_limit = int(number(line.get("batch_limit"))) or None
            drafts = line.get("drafts")
            for counts in drafts.values() if isinstance(drafts, dict) else ():
                self.drafts.take(counts if isinstance(counts, dict) else {})
        elif line.get("kind") == "chunk":
            self.records.add(number(line.get("records")))
            self.chunk_seconds.add(number(line.get("busy_seconds", line.get("seconds"))))

    def seconds_per_record(self, in_flight: int = 0) -> float | None:
        """Worker seconds that a record takes of late, or None before the first chunk.

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

    def describe(self, status: StageStatus, elapsed: float) -> None:
        """Write the speed into a stage's status; `elapsed` is this session's length so far."""
        status.items_per_s = self.items.per_second()
        status.tokens_per_s = self.tokens.per_second()
        status.items_per_s_overall = round(self.items.total / max(1.0, elapsed), 2)
        status.tokens_per_s_overall = round(self.tokens.total / max(1.0, elapsed), 2)
        status.batch_rows = self.rows
        status.batch_size = self.batch_limit or status.batch_size
        status.acceptance = self.drafts.acceptance


class LogTail:
    """New lines of the performance logs of a run, from where it was first looked at."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._offsets = {path: path.stat().st_size for path in folder.glob("*.jsonl")}

    def lines(self) -> Iterator[dict[str, Any]]:
        for path in self._folder.glob("*.jsonl"):
            yield from self._new_lines(path)

    def _new_lines(self, path: Path) -> Iterator[dict[str, Any]]:
        start = self._offsets.get(path, 0)
        try:
            with path.open("rb") as log:
                log.seek(start)
                block = log.read(_MOST_BYTES_A_READ)
        except OSError:
            return
        whole = block[: block.rfind(b"\n") + 1]
        self._offsets[path] = start + len(whole)
        yield from filter(None, map(decode, whole.splitlines()))


class Meters:
    """All stages' meters, fed by the performance logs."""

    def __init__(self, stages: Sequence[str], logs: Path) -> None:
        self.stages = {name: StageMeter() for name in stages}
        self._tail = LogTail(logs)

    def read_logs(self) -> None:
        """Take in what the workers logged since the last call."""
        for line in self._tail.lines():
            meter = self.stages.get(str(line.get("stage")))
            if meter is not None:
                meter.take(line)


@dataclass(frozen=True)
class Load:
    """What a stage still has to do: records waiting, and how many come out per one in."""

    waiting: int
    outputs_per_record: float
    seconds_per_record: float | None


def time_left(loads: Sequence[Load], workers: int) -> float | None:
    """Seconds until the last stage is through; None while no cost is known."""
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
