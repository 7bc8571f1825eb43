"""Shows a run's progress: a table redrawn in place on a terminal, lines elsewhere.

Knows only status snapshots.  Invariant: 80 columns are enough, nothing needs colour, and
nothing that came from data reaches the terminal unescaped.
"""

from __future__ import annotations

import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Self, TextIO

from workers.core.terminal import plain_text
from workers.observe.status import RunStatus
from workers.observe.status_lines import plain_status, status_lines, summary_line

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

PLAIN_EVERY_S = 10.0


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
        text = summary_line(status)
        due = time.monotonic() - self._shown_at >= self._every
        if text == self._shown or not due:
            return
        self._shown, self._shown_at = text, time.monotonic()
        self.say(text)

    def say(self, message: str) -> None:
        with suppress(OSError):  # the reader has gone; the run continues
            print(plain_text(message, 500), file=self._stream, flush=True)


class LiveDisplay:
    """The status, redrawn in place."""

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
        self._live.update(styled_status(status), refresh=True)

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
        self._last: RunStatus | None = None

    def __enter__(self) -> Self:
        if self._live:
            self._live.__enter__()
        return self

    def __exit__(self, *exception: object) -> None:
        if self._live:
            self._live.__exit__()
            if self._last:  # the live table is gone with its last redraw
                print(plain_status(self._last), file=self._stream)

    def show(self, status: RunStatus) -> None:
        """Print a snapshot, unless it says nothing new."""
        self._last = status
        if self._live:
            self._live.update(status)
        elif self._as_json:
            print(status.to_bytes().decode(), file=self._stream, flush=True)
        elif not self._lines_only:
            print(plain_status(status), file=self._stream)
        elif (line := summary_line(status)) != self._shown:
            self._shown = line
            print(line, file=self._stream, flush=True)


def display_for(stream: TextIO) -> PlainDisplay | LiveDisplay:
    """A live table where it can be seen."""
    return LiveDisplay() if stream.isatty() else PlainDisplay(stream)


def styled_status(status: RunStatus) -> Text:
    """The lines of a status as a rich text, for a terminal of any width."""
    from rich.text import Text

    lines = [Text.assemble(*spans) for spans in status_lines(status)]
    return Text("\n", no_wrap=True, overflow="ellipsis").join(lines)
