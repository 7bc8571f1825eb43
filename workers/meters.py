"""How fast a run goes: rates over the last half minute, and the time that is left.

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
from typing import Any

import orjson

WINDOW_S = 30.0
_MOST_BYTES_A_READ = 1 << 20


@dataclass
class Rate:
    """Amounts per second over the last WINDOW_S seconds."""

    clock: Callable[[], float] = time.monotonic
    _events: deque[tuple[float, float]] = field(default_factory=deque)
    _sum: float = 0.0
    _since: float | None = None

    def add(self, amount: float) -> None:
        now = self.clock()
        self._since = now if self._since is None else self._since
        self._events.append((now, amount))
        self._sum += amount

    def per_second(self) -> float:
        now = self.clock()
        while self._events and self._events[0][0] < now - WINDOW_S:
            self._sum -= self._events.popleft()[1]
        if not self._events or self._since is None:
            return 0.0
        return round(self._sum / max(1.0, min(WINDOW_S, now - self._since)), 2)


@dataclass
class StageMeter:
    """What one stage costs and how fast it goes now."""

    items: Rate = field(default_factory=Rate)
    tokens: Rate = field(default_factory=Rate)
    busy_seconds: float = 0.0
    busy_records: int = 0

    @property
    def seconds_per_record(self) -> float | None:
        """Worker seconds that a record takes, or None before the first chunk."""
        return self.busy_seconds / self.busy_records if self.busy_records else None


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
        for line in whole.splitlines():
            try:
                value = orjson.loads(line)
            except ValueError:
                continue
            if isinstance(value, dict):
                yield value


class Meters:
    """All stages' meters, fed by the performance logs."""

    def __init__(self, stages: Sequence[str], logs: Path) -> None:
        self.stages = {name: StageMeter() for name in stages}
        self._tail = LogTail(logs)

    def read_logs(self) -> None:
        """Take in what the workers logged since the last call."""
        for line in self._tail.lines():
            meter = self.stages.get(str(line.get("stage")))
            if meter is None:
                continue
            if line.get("kind") == "batch":
                meter.tokens.add(_number(line.get("generated_tokens")))
            elif line.get("kind") == "chunk":
                meter.busy_seconds += _number(line.get("seconds"))
                meter.busy_records += int(_number(line.get("records")))


def _number(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) else 0.0


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
