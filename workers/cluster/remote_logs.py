"""The performance logs of another machine's workers, written into the run's own.

Knows metric lines.  Invariant: only lines that parse are written, under the machine's name, and
none of the chunks there, which are parts of chunks here.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from workers.metrics.line_file import LINES_ENDING, LineFile
from workers.metrics.metric_kinds import ModelBatch, SealedChunk
from workers.metrics.metric_lines import MetricLine, MetricLineError, parse_metric_line
from workers.observe.meters import Rate

_PLAIN = re.compile(r"[^A-Za-z0-9._-]+")


class RemoteLogs:
    """The logs of one machine; `tokens_per_s` and `rows` are of its last half minute and batch,
    `batches` and `rows_total` of all."""

    def __init__(self, folder: Path, machine: str) -> None:
        self._folder = folder
        self._machine = machine
        self._files: dict[str, LineFile] = {}
        self._tokens = Rate()
        self.rows = self.rows_total = self.batches = 0

    @property
    def tokens_per_s(self) -> float:
        """Generated tokens per second."""
        return self._tokens.per_second()

    @property
    def tokens_total(self) -> float:
        """Generated tokens."""
        return self._tokens.total

    def add(self, worker: str, data: bytes) -> None:
        """Write the lines of one of its workers; damaged ones are left out."""
        name = f"{self._machine}.{_PLAIN.sub('-', worker)[:40]}"
        file = self._files.setdefault(name, LineFile(self._folder / f"{name}{LINES_ENDING}"))
        for line in data.splitlines():
            try:
                self._add_line(file, name, parse_metric_line(line, name))
            except MetricLineError:
                continue
        file.flush()

    def _add_line(self, file: LineFile, name: str, line: MetricLine) -> None:
        if isinstance(line.body, ModelBatch):
            self._tokens.add(line.body.figures.generated_tokens)
            self.rows = line.body.figures.rows
            self.rows_total, self.batches = self.rows_total + self.rows, self.batches + 1
        if not isinstance(line.body, SealedChunk):
            file.append(replace(line, worker=name).to_fields())
