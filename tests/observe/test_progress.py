"""Progress: redrawn on a terminal, in lines elsewhere, and as JSON for scripts."""

from __future__ import annotations

import io
import json

import pytest

from tests.observe.snapshots import snapshot
from tests.observe.test_status import HOSTILE
from workers.observe.progress import LiveDisplay, PlainDisplay, StatusPrinter, styled_status
from workers.observe.status import RunStatus
from workers.observe.status_lines import plain_status


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def rendered(status: RunStatus, width: int = 80) -> str:
    from rich.console import Console

    stream = io.StringIO()
    Console(file=stream, width=width, force_terminal=False).print(styled_status(status))
    return stream.getvalue()


def test_a_terminal_shows_what_a_pipe_gets() -> None:
    status = snapshot(run="x" * 64, message="no room left: " + "free some space " * 8)
    shown = [line.rstrip() for line in rendered(status).splitlines()]
    assert shown == plain_status(status).splitlines()


def test_nothing_a_terminal_obeys_is_shown() -> None:
    status = snapshot(message=HOSTILE, chunk=HOSTILE)
    stream = io.StringIO()
    display = PlainDisplay(stream, every=0)
    display.update(status)
    display.say(HOSTILE)
    shown = stream.getvalue() + rendered(status)
    assert all(line.isprintable() for line in shown.split("\n"))


def test_plain_lines_repeat_nothing_and_wait_in_between() -> None:
    stream = io.StringIO()
    often = PlainDisplay(stream, every=0)
    often.update(snapshot())
    often.update(snapshot())
    assert stream.getvalue().count("\n") == 1
    often.update(snapshot(state="merging"))
    assert stream.getvalue().count("\n") == 2
    seldom = PlainDisplay(stream := io.StringIO(), every=1000)
    seldom.update(snapshot())
    seldom.update(snapshot(state="merging"))
    assert stream.getvalue().count("\n") == 1


def test_a_closed_pipe_does_not_stop_the_run() -> None:
    class Closed(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError

    PlainDisplay(Closed(), every=0).say("nobody listens")


def test_the_live_table_is_redrawn_and_messages_stay() -> None:
    from rich.console import Console

    stream = io.StringIO()
    console = Console(file=stream, force_terminal=True, width=80)
    with LiveDisplay(console) as display:
        display.update(snapshot())
        display.say("worker w1 ended [bold]")
    shown = stream.getvalue()
    assert "95000" in shown and "worker w1 ended [bold]" in shown


def test_status_as_json_is_one_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    stream = io.StringIO()
    with StatusPrinter(stream, as_json=True, watch=True) as printer:
        for _ in range(2):
            printer.show(snapshot())
    assert [json.loads(line)["run"] for line in stream.getvalue().splitlines()] == ["r", "r"]


def test_watching_in_a_pipe_prints_what_is_new() -> None:
    stream = io.StringIO()
    with StatusPrinter(stream, as_json=False, watch=True) as printer:
        for state in ("running", "running", "merging"):
            printer.show(snapshot(state=state))
    assert [line.split()[0] for line in stream.getvalue().splitlines()] == ["running", "merging"]


def test_once_prints_the_whole_table() -> None:
    stream = io.StringIO()
    with StatusPrinter(stream, as_json=False, watch=False) as printer:
        printer.show(snapshot())
    assert stream.getvalue() == plain_status(snapshot()) + "\n"
