"""Shows a run while it goes on: a live table on a terminal, plain lines elsewhere.

Knows only status snapshots.  Invariant: 80 columns are enough, and nothing that came
from data reaches the terminal unescaped.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Self, TextIO

import orjson

from workers.status import RunStatus
from workers.terminal import duration, plain_text

if TYPE_CHECKING:
    from rich.console import Console, Group
    from rich.table import Table

PLAIN_EVERY_S = 10.0
_BAR = 6
Values = Mapping[str, Any]


class PlainDisplay:
    """One line every few seconds, and every message as it comes."""

    def __init__(self, stream: TextIO | None = None, every: float = PLAIN_EVERY_S) -> None:
        self._stream = stream or sys.stdout
        self._every = every
        self._shown_at = float("-inf")
        self._shown = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        pass

    def update(self, status: RunStatus) -> None:
        text = summary_line(status.to_json())
        due = time.monotonic() - self._shown_at >= self._every
        if text == self._shown or not due:
            return
        self._shown, self._shown_at = text, time.monotonic()
        self.say(text)

    def say(self, message: str) -> None:
        with suppress(OSError):  # nobody reads any more; the run goes on
            print(plain_text(message, 500), file=self._stream, flush=True)


class LiveDisplay:
    """A table that is redrawn in place."""

    def __init__(self, console: Console | None = None) -> None:
        from rich.console import Console
        from rich.live import Live

        self._console = console or Console()
        self._live = Live(console=self._console, auto_refresh=False, transient=True)

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._live.stop()

    def update(self, status: RunStatus) -> None:
        self.draw(status.to_json())

    def draw(self, status: Values) -> None:
        self._live.update(status_table(status), refresh=True)

    def say(self, message: str) -> None:
        self._console.print(plain_text(message, 500), markup=False, highlight=False)


class StatusPrinter:
    """Prints snapshots for `status`: as JSON, as a live table, or as lines."""

    def __init__(self, stream: TextIO, as_json: bool, watch: bool) -> None:
        self._stream = stream
        self._as_json = as_json
        self._lines_only = watch and not stream.isatty()
        self._live = LiveDisplay() if watch and stream.isatty() and not as_json else None
        self._shown = ""

    def __enter__(self) -> Self:
        if self._live:
            self._live.__enter__()
        return self

    def __exit__(self, *exception: object) -> None:
        if self._live:
            self._live.__exit__()

    def show(self, status: Values) -> None:
        if self._live:
            self._live.draw(status)
        elif self._as_json:
            print(orjson.dumps(status).decode(), file=self._stream, flush=True)
        elif not self._lines_only:
            print(plain_status(status), file=self._stream)
        elif (line := summary_line(status)) != self._shown:
            self._shown = line
            print(line, file=self._stream, flush=True)


def display_for(stream: TextIO) -> PlainDisplay | LiveDisplay:
    """A live table where it can be seen."""
    return LiveDisplay() if stream.isatty() else PlainDisplay(stream)


def summary_line(status: Values) -> str:
    """A run in one line: `running  data_filter 3/10  ...  eta 2m10s`."""
    stages = "  ".join(
        f"{short_name(stage['name'])} {stage['done']}/{_chunks(stage)}"
        for stage in status["stages"]
    )
    return f"{status['state']}  {stages}  {_time_left(status)}".rstrip()


def plain_status(status: Values) -> str:
    """A status as lines of text without colours, for a pipe."""
    rows = [_HEAD, *(_stage_row(stage) for stage in status["stages"])]
    widths = [max(len(row[i]) for row in rows) for i in range(len(_HEAD))]
    lines = [f"run {status['run']}: {status['state']}"]
    if status.get("message"):
        lines.append(str(status["message"]))
    for row in rows:
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        lines.append("  ".join(cells).rstrip())
    lines += [_worker_line(worker) for worker in status["workers"]]
    if left := _time_left(status):
        lines.append(left)
    return "\n".join(lines)


def status_table(status: Values) -> Group:
    """The same as a rich renderable, at most 80 columns wide."""
    from rich.console import Group
    from rich.text import Text

    words = (status["state"], _time_left(status), f"run {status['run']}")
    head = Text("  ".join(filter(None, words)), no_wrap=True, overflow="ellipsis")
    parts: list[Any] = [head, _stages_table(status)]
    if status.get("message"):
        parts.append(Text(str(status["message"]), style="yellow"))
    parts += [Text(_worker_line(worker), style="dim") for worker in status["workers"]]
    return Group(*parts)


_HEAD = ("stage", "chunks", "in", "results", "removed", "failed", "items/s", "tok/s")


def _stages_table(status: Values) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("stage", no_wrap=True)
    table.add_column("", no_wrap=True)
    for name in _HEAD[1:]:
        table.add_column(name, justify="right", no_wrap=True)
    for stage in status["stages"]:
        first, *others = _stage_row(stage)
        cells = [Text(first), Text(_bar(stage), style="green"), *map(Text, others)]
        if stage["records"]["failed"]:
            cells[6].stylize("red")
        table.add_row(*cells)
    return table


def _stage_row(stage: Values) -> tuple[str, ...]:
    records = stage["records"]
    return (
        short_name(stage["name"]),
        f"{compact(stage['done'])}/{compact(_chunks(stage))}",
        *(compact(records[key]) for key in ("in", "results", "removed", "failed")),
        _rate(stage["items_per_s"]),
        _rate(stage["tokens_per_s"]),
    )


def _worker_line(worker: Values) -> str:
    parts = [
        f"worker {worker['pid'] or '-'}",
        str(worker["role"]),
        str(worker["state"]),
        str(worker.get("chunk") or ""),
        f"{worker['rss_mb']} MB" if worker.get("rss_mb") else "",
        f"{worker['restarts']} restarts" if worker.get("restarts") else "",
    ]
    return "  ".join(part for part in parts if part)[:79]


def short_name(stage: str) -> str:
    """2_data_filter -> data_filter."""
    return stage.partition("_")[2] or stage


def _chunks(stage: Values) -> int:
    return int(stage["pending"] + stage["claimed"] + stage["done"])


def _bar(stage: Values) -> str:
    total = _chunks(stage)
    full = _BAR * stage["done"] // total if total else 0
    return "━" * full + "╌" * (_BAR - full)


def compact(number: int) -> str:
    """At most five characters: 99999, 123k, 6.40M."""
    if number < 100_000:
        return str(number)
    if number < 1_000_000:
        return f"{number // 1000}k"
    return f"{number / 1e6:.{2 if number < 10_000_000 else 0}f}M"


def _rate(value: float) -> str:
    return f"{value:.1f}" if value else "-"


def _time_left(status: Values) -> str:
    if status.get("eta_s") is None:
        return ""
    return f"about {duration(status['eta_s'])} left"
