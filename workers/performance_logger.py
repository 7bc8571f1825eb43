"""What a worker measures, as JSON lines while it runs and a summary when it ends.

Knows one process's figures and one folder; knows nothing of queues, models or MLX.
Invariant: nothing here raises into the run or waits for a lock; a log that can't be
written is a warning, once.
"""

from __future__ import annotations

import os
import sys
import time
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import orjson
import psutil

FLUSH_SECONDS = 1.0
MIB = 1024 * 1024
# Extras with these endings are amounts, which add up; others (a peak, a rate) do not.
ADDED_UP = ("_tokens", "_count", "_seconds")

Fields = dict[str, Any]


@dataclass
class StageTotals:
    """Sums over one stage's batches and chunks; seconds are busy seconds, not wall time."""

    batches: int = 0
    rows: int = 0
    largest_batch: int = 0
    prompt_tokens: int = 0
    generated_tokens: int = 0
    batch_seconds: float = 0.0
    chunks: int = 0
    records: int = 0
    results: int = 0
    removed: int = 0
    failed: int = 0
    chunk_seconds: float = 0.0
    extras: dict[str, float] = field(default_factory=dict)

    def add(self, **amounts: float) -> None:
        """Add to the sums of these names."""
        for name, amount in amounts.items():
            setattr(self, name, getattr(self, name) + amount)

    def add_extras(self, extras: Fields) -> None:
        """Add those that are amounts."""
        for name, value in extras.items():
            if name.endswith(ADDED_UP):
                self.extras[name] = self.extras.get(name, 0) + value

    def as_fields(self) -> Fields:
        """The sums and what follows from them."""
        return {
            **asdict(self),
            "mean_batch": per(self.rows, self.batches),
            "tokens_per_s": per(self.generated_tokens, self.batch_seconds),
            "items_per_s": per(self.records, self.chunk_seconds),
        }


class PerformanceLogger:
    """Metrics of one worker process.

    Lines wait in memory and are appended once a second by whichever call comes
    next; call `flush` from a heartbeat so that an idle worker's lines come out too.
    """

    def __init__(self, folder: Path, worker: str) -> None:
        self.lines_path = folder / f"{worker}.jsonl"
        self.summary_path = folder / f"{worker}.summary.json"
        self._worker = worker
        self._waiting: deque[bytes] = deque()
        self._stages: dict[str, StageTotals] = {}
        self._events: Counter[str] = Counter()
        self._process = psutil.Process()
        self._started = time.time()
        self._started_at = self._flushed_at = time.monotonic()
        self._logging_seconds = 0.0
        self._peak_rss_mb = 0
        self._dropped = 0
        self._warned = False
        self._memory = self._read_memory()

    def batch(
        self,
        stage: str,
        rows: int,
        prompt_tokens: int,
        generated_tokens: int,
        seconds: float,
        **extra: Any,
    ) -> None:
        """One batch the model ran, or a window of one that is refilled as it goes.

        `rows` are the sequences side by side.  `requests_count` says how many were answered
        in a window; without it, all rows were.  Extras ending in `_tokens`, `_count` or
        `_seconds` are amounts and are summed; other extras are only written down.
        """
        begun = time.perf_counter()
        totals = self._totals(stage)
        tokens = {"prompt_tokens": prompt_tokens, "generated_tokens": generated_tokens}
        totals.add(batches=1, rows=rows, batch_seconds=seconds, **tokens)
        totals.add_extras(extra)
        totals.largest_batch = max(totals.largest_batch, rows)
        rates = {
            "tokens_per_s": per(generated_tokens, seconds),
            "items_per_s": per(extra.get("requests_count", rows), seconds),
        }
        head = {"stage": stage, "rows": rows, **tokens, "seconds": seconds}
        self._append("batch", head | rates | extra, begun)

    def chunk(
        self,
        stage: str,
        chunk: str,
        records: int,
        seconds: float,
        results: int,
        removed: int,
        failed: int,
    ) -> None:
        """One chunk sealed: how many records it held and how they ended."""
        begun = time.perf_counter()
        counts = {"records": records, "results": results, "removed": removed, "failed": failed}
        self._totals(stage).add(chunks=1, chunk_seconds=seconds, **counts)
        times = {"seconds": seconds, "items_per_s": per(records, seconds)}
        self._append("chunk", {"stage": stage, "chunk": chunk, **counts, **times}, begun)

    def event(self, kind: str, **fields: Any) -> None:
        """Anything else worth a line: an error, a restart, a changed batch size."""
        begun = time.perf_counter()
        self._events[kind] += 1
        self._append(kind, fields, begun)

    def flush(self) -> None:
        """Append what waits.  Lines that can't be written are dropped and counted."""
        self._flushed_at = time.monotonic()
        self._memory = self._read_memory()
        lines = self._take_waiting()
        if not lines:
            return
        start = b"\n" if _ends_torn(self.lines_path) else b""
        if not self._write(self.lines_path, "ab", start + b"".join(lines)):
            self._dropped += len(lines)

    def summary(self) -> Fields:
        """Totals of the session so far; `logging_seconds` is what the logger itself took."""
        wall = time.monotonic() - self._started_at
        return {
            "worker": self._worker,
            "started": self._started,
            "wall_seconds": wall,
            "peak_rss_mb": self._peak_rss_mb,
            "logging_seconds": self._logging_seconds,
            "lines_dropped": self._dropped,
            "events": dict(self._events),
            "stages": {name: totals.as_fields() for name, totals in self._stages.items()},
        }

    def close(self) -> None:
        """Flush, and write the session summary.  May be called again."""
        self.flush()
        self._write(self.summary_path, "wb", _encode(self.summary(), orjson.OPT_INDENT_2))

    def _totals(self, stage: str) -> StageTotals:
        totals = self._stages.get(stage)
        if totals is None:
            totals = self._stages[stage] = StageTotals()
        return totals

    def _append(self, kind: str, fields: Fields, begun: float) -> None:
        head = {"time": time.time(), "worker": self._worker, "kind": kind, **self._memory}
        self._waiting.append(_encode(head | fields))
        if time.monotonic() - self._flushed_at >= FLUSH_SECONDS:
            self.flush()
        self._logging_seconds += time.perf_counter() - begun

    def _take_waiting(self) -> list[bytes]:
        # popleft is atomic, so a line another thread adds meanwhile stays for the next time.
        return [self._waiting.popleft() for _ in range(len(self._waiting))]

    def _read_memory(self) -> Fields:
        """Read once per flush: /proc costs far more than a line does."""
        try:
            rss_mb = self._process.memory_info().rss // MIB
            available_mb = psutil.virtual_memory().available // MIB
        except (psutil.Error, OSError):
            return {"rss_mb": None, "available_mb": None}
        self._peak_rss_mb = max(self._peak_rss_mb, rss_mb)
        return {"rss_mb": rss_mb, "available_mb": available_mb}

    def _write(self, path: Path, mode: str, data: bytes) -> bool:
        """Opened anew each time, so that a folder someone removed comes back."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with open(path, mode) as file:
                file.write(data)
        except OSError as error:
            self._warn(f"{path}: {error.strerror or error}")
            return False
        return True

    def _warn(self, problem: str) -> None:
        if not self._warned:
            self._warned = True
            print(f"performance log: {problem}; the run goes on without it", file=sys.stderr)


def per(amount: float, whole: float) -> float | None:
    """A rate to 3 decimals, or None where there is nothing to divide by."""
    return round(amount / whole, 3) if whole > 0 else None


def read_metrics(folder: Path) -> Iterator[Fields]:
    """Every worker's lines under `folder`, one worker after the other; skips damaged lines."""
    for path in sorted(folder.glob("*.jsonl")):
        try:
            with open(path, "rb") as file:
                yield from filter(None, map(_decode, file))
        except OSError:
            continue  # removed or unreadable: a log may be missing


def _ends_torn(path: Path) -> bool:
    """Whether a crash or a full disk cut the last line; the next must not be glued to it."""
    try:
        with open(path, "rb") as file:
            file.seek(-1, os.SEEK_END)
            return file.read(1) != b"\n"
    except OSError:
        return False  # no file yet, or an empty one


def _encode(fields: Fields, options: int = 0) -> bytes:
    options |= orjson.OPT_APPEND_NEWLINE | orjson.OPT_SERIALIZE_NUMPY
    try:
        return orjson.dumps(fields, default=str, option=options)
    except TypeError:  # a lone surrogate, a huge integer, a cycle
        plain = {ascii(key)[1:-1]: _plain(value) for key, value in fields.items()}
        return orjson.dumps(plain, default=str, option=options)


def _plain(value: Any) -> Any:
    try:
        orjson.dumps(value, default=str, option=orjson.OPT_SERIALIZE_NUMPY)
    except TypeError:
        return ascii(value)
    return value


def _decode(line: bytes) -> Fields | None:
    try:
        fields = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    return fields if isinstance(fields, dict) else None
