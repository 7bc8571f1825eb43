"""Reviews pairs in a terminal, with the keys of the page.

Knows keys and how a pair is printed; decisions are the desk's.  Invariant: no text of a record
reaches the terminal but as printable characters.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import termios
import tty
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from stages.gates.gates import Failure
from stages.manual_reviewer.decision import REASONS, Decision
from stages.manual_reviewer.note import ACCEPT, EDIT, REJECT
from stages.manual_reviewer.pair import ReviewedPair, is_odd
from workers.core.errors import QueueError, UsageError
from workers.core.terminal import plain_text
from workers.review.browsing import Wishes, browse
from workers.review.desk import OPEN, Conflict, Desk, DeskItem, GatesFailed, Gone

_MARK, _ODD, _SOFT = "black on yellow", "white on red", "dim"
_LONGEST_SOURCE = 4000  # characters shown; the page shows all of it
_HELP = "a accept  e edit  r reject  s skip  u undo  q quit"
_SEPARATOR = "=== response, below this line ==="
_CTRL_C, _CTRL_D = "\x03", "\x04"


class TerminalReview:
    """Shows one open pair after the other, the most doubtful first."""

    def __init__(self, desk: Desk, name: str, by: str = "", console: Console | None = None) -> None:
        if console is None and not (sys.stdin.isatty() and sys.stdout.isatty()):
            raise UsageError("--terminal: needs a terminal; without this flag the page is served")
        self._desk = desk
        self._name = name
        self._by = by
        self._console = console or Console(highlight=False)
        self._skipped: set[str] = set()
        self._done: list[tuple[str, int]] = []
        self._notice = ""

    def work(self) -> None:
        """Until nothing is open, or the reviewer leaves with q."""
        while (item := self._next()) is not None:
            self._show(item)
            key = read_key()
            if key in ("q", _CTRL_C, _CTRL_D):
                break
            self._attempt(key, item)
        self._say(self._notice)

    def _next(self) -> DeskItem | None:
        """The next open pair; skipped ones come again once there is no other."""
        self._desk.take()
        items = browse(self._desk.items.values(), Wishes())
        fresh = [item for item in items if item.id not in self._skipped]
        if items and not fresh:
            self._skipped.clear()
        return next(iter(fresh or items), None)

    # What a key does

    def _attempt(self, key: str, item: DeskItem) -> None:
        self._notice = ""
        keys: dict[str, Callable[[DeskItem], None]] = {
            "a": lambda item: self._decide(item, Decision(ACCEPT, by=self._by)),
            "e": self._edit,
            "r": self._reject,
            "s": lambda item: self._skipped.add(item.id),
            "u": lambda item: self._undo(),
        }
        try:
            if action := keys.get(key):
                action(item)
        except (Conflict, Gone, UsageError) as error:
            self._notice = str(error)
        except (OSError, QueueError) as error:
            self._notice = f"not saved: {error}"

    def _decide(self, item: DeskItem, decision: Decision) -> None:
        decided = self._desk.decide(item.id, item.version, decision)
        self._done.append((decided.id, decided.version))
        self._desk.seal_settled()

    def _undo(self) -> None:
        if not self._done:
            self._notice = "there is nothing to undo"
            return
        self._desk.undo(*self._done.pop())
        self._skipped.clear()
        self._notice = "taken back"

    def _reject(self, item: DeskItem) -> None:
        for number, reason in enumerate(REASONS, 1):
            self._say(f"  {number} {reason}")
        self._say("  9 in your own words;  any other key: do not reject")
        key = read_key()
        reason = ""
        if key == "9":
            reason = self._console.input("why? ").strip()
        elif key.isdecimal() and 1 <= int(key) <= len(REASONS):
            reason = REASONS[int(key) - 1]
        if reason:
            self._decide(item, Decision(REJECT, reason=reason, by=self._by))

    def _edit(self, item: DeskItem) -> None:
        texts = edit_texts(item.current)
        if texts is None or texts == (item.current.instruction, item.current.response):
            self._notice = "nothing was changed"
            return
        decision = Decision(EDIT, *texts, by=self._by)
        try:
            self._decide(item, decision)
        except GatesFailed as error:
            if error.final:
                self._notice = f"the edit can't be kept: {error}"
            elif self._wants_anyway(error.failures):
                self._decide(item, Decision(EDIT, *texts, by=self._by, keep_anyway=True))
            else:
                self._notice = "the edit was not kept"

    def _wants_anyway(self, failed: Sequence[Failure]) -> bool:
        self._say("the edited pair fails the gates:")
        for one in failed:
            self._say(f"  {one.reason}")
        self._say("k keeps it anyway; any other key drops the edit")
        return read_key() == "k"

    # What is shown

    def _say(self, line: str) -> None:
        if line:
            self._console.print(Text(plain_text(line, 500)))

    def _show(self, item: DeskItem) -> None:
        counts = self._desk.counts()
        pair = self._desk.show(item.id).current
        self._console.clear()
        decided = counts.total() - counts[OPEN]
        self._say(f"{self._name}  {decided} of {counts.total()} decided  {item.id}")
        if pair.flags:
            self._console.print(Text(plain_text(", ".join(pair.flags), 400), style="yellow"))
        source = marked(pair)
        self._console.print(Panel(source, title="source", title_align="left", border_style=_SOFT))
        self._console.print(printable(pair.instruction, "bold"))
        self._console.print(printable(pair.response))
        self._console.print(Text(_figures(item.pair), style=_SOFT))
        self._say(self._notice)
        self._console.print(Text(_HELP, style=_SOFT))


def _figures(pair: ReviewedPair) -> str:
    shown = [
        f"{name} {value:.2f}"
        for name in ("grounded", "verbatim", "confidence", "doubt")
        if isinstance(value := pair.figure(name), float)
    ]
    return plain_text("  ".join([*shown, pair.domain]), 200)


def printable(text: str, style: str = "") -> Text:
    """A text with the code points of what can't be seen or would steer the terminal."""
    made = Text(style=style)
    for character in text:
        if is_odd(character):
            made.append(f"U+{ord(character):04X}", _ODD)
        else:
            made.append(character)
    return made


def marked(pair: ReviewedPair) -> Text:
    """The source with what the answer copies from it marked; cut when it is long."""
    if not pair.source:
        return Text("this pair carries no source text", style=_SOFT)
    made, at = Text(), 0
    for span in pair.spans:
        made.append_text(printable(pair.source[at : span.start]))
        made.append_text(printable(pair.source[span.start : span.end], _MARK))
        at = span.end
    made.append_text(printable(pair.source[at:]))
    if len(made) > _LONGEST_SOURCE:
        made = made[:_LONGEST_SOURCE] + Text(" ...", style=_SOFT)
    return made


# Keys and the editor


@contextmanager
def _raw(fd: int) -> Iterator[None]:
    before = termios.tcgetattr(fd)
    tty.setraw(fd, termios.TCSANOW)
    try:
        yield
    finally:
        termios.tcsetattr(fd, termios.TCSADRAIN, before)


def read_key() -> str:
    """The next key, without waiting for Enter; Ctrl-D when the terminal is gone."""
    fd = sys.stdin.fileno()
    with _raw(fd):
        return os.read(fd, 1).decode("ascii", "replace") or _CTRL_D


def edit_texts(pair: ReviewedPair) -> tuple[str, str] | None:
    """Instruction and response as an editor leaves them; None when it failed.

    Raises UsageError where there is no editor.
    """
    command = _editor()
    with tempfile.TemporaryDirectory(prefix="review-") as folder:
        path = Path(folder) / "pair.txt"
        separator = _SEPARATOR
        while separator in pair.instruction + pair.response:
            separator += "="
        text = f"{pair.instruction}\n{separator}\n{pair.response}\n"
        path.write_text(text, encoding="utf-8", newline="")
        if subprocess.run([*command, str(path)], check=False).returncode:
            return None
        edited = path.read_text(encoding="utf-8", errors="replace")
    instruction, found, response = edited.partition(f"\n{separator}\n")
    return (instruction.strip(), response.strip()) if found else None


def _editor() -> list[str]:
    named = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if named:
        return shlex.split(named)
    for name in ("nano", "vi", "vim", "emacs"):
        if found := shutil.which(name):
            return [found]
    raise UsageError("no editor: set EDITOR, such as EDITOR=nano")
