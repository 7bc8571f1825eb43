"""The lines of the performance logs as they are read back.

Knows what every line has and where the files are; what a kind holds is its own matter.
Invariant: every line, whoever reads it, is parsed here, and one that is damaged is named by
file and line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from workers.core.json_fields import JsonFields
from workers.metrics.line_file import LINES_ENDING
from workers.metrics.metric_kinds import Body, parse_body


class MetricLineError(ValueError):
    """A damaged line; names file and line."""


@dataclass(frozen=True)
class MetricLine:
    """One line: when (unix seconds) and by which process, its memory (MiB), and what of."""

    time: float
    worker: str
    rss_mb: int | None
    available_mb: int | None
    body: Body

    @property
    def kind(self) -> str:
        """What the line is of."""
        return self.body.kind

    def to_fields(self) -> dict[str, Any]:
        """As in the file."""
        head = {"time": self.time, "worker": self.worker, "kind": self.kind}
        memory = {"rss_mb": self.rss_mb, "available_mb": self.available_mb}
        return {**head, **memory, **self.body.to_fields()}


def parse_metric_line(line: bytes, where: str) -> MetricLine:
    """The inverse of `MetricLine.to_fields`; raises MetricLineError naming `where`."""
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise MetricLineError(f"{where}: not valid JSON: {error.msg}") from None
    fields = JsonFields(value, where, MetricLineError)
    return MetricLine(
        time=fields.read("time", float),
        worker=fields.read("worker", str),
        rss_mb=fields.read_or("rss_mb", int, None),
        available_mb=fields.read_or("available_mb", int, None),
        body=parse_body(fields.read("kind", str), fields),
    )


@dataclass
class DamagedLines:
    """Lines that could not be read, counted, and the first of them."""

    count: int = 0
    first: str = ""

    def add(self, error: MetricLineError) -> None:
        """Count one more."""
        self.first = self.first or str(error)
        self.count += 1


def read_metrics(folder: Path, damaged: DamagedLines | None = None) -> Iterator[MetricLine]:
    """Every process's lines under `folder`, one file after the other.

    A crash may tear a line, so damaged ones are skipped; `damaged` counts them.
    """
    for path in log_files(folder):
        try:
            with open(path, "rb") as file:
                yield from _parse_all(file, path, damaged or DamagedLines())
        except OSError:
            continue  # removed or unreadable: a log may be missing


def _parse_all(lines: Iterable[bytes], path: Path, damaged: DamagedLines) -> Iterator[MetricLine]:
    for number, line in enumerate(lines, 1):
        try:
            if line.strip():
                yield parse_metric_line(line, f"{path} line {number}")
        except MetricLineError as error:
            damaged.add(error)


def log_files(folder: Path) -> list[Path]:
    """The files of metric lines in a folder."""
    return sorted(folder.glob(f"*{LINES_ENDING}"))
