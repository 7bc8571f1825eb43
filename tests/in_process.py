"""Runs a command of ours in this process: its `main`, in a folder, with its own environment.

A process of its own takes longer to start than most commands take to end; that a command works
as one is seen by the tests that start it so.  Knows no command.  Invariant: folder, environment,
streams, signal handlers and import path are afterwards what they were.
"""

from __future__ import annotations

import importlib
import io
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from types import FrameType

Main = Callable[[list[str]], int | None]
Ran = subprocess.CompletedProcess[str]
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class TookTooLong(BaseException):
    """It did not end in time; no command catches it."""


def run_here(
    main: Main, arguments: Sequence[str], folder: Path, seconds: float = 60, **environ: str
) -> Ran:
    """A command to its end, which must come in time; more in its environment by name."""
    out, err = _stream(), _stream()
    with (
        chdir(folder),
        _environment(environ),
        _signals_kept(),
        _imports_kept(folder),
        _in_time(seconds),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        status = _status(main, list(arguments))
    return subprocess.CompletedProcess(arguments, status, _printed(out), _printed(err))


def _stream() -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)


def _printed(stream: io.TextIOWrapper) -> str:
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode()


def _status(main: Main, arguments: list[str]) -> int:
    try:
        return int(main(arguments) or 0)
    except SystemExit as ended:
        return int(ended.code or 0)


@contextmanager
def _environment(more: dict[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(more)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextmanager
def _signals_kept() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _imports_kept(folder: Path) -> Iterator[None]:
    """What was imported from the folder is forgotten: the next command may find other files."""
    path, known = list(sys.path), set(sys.modules)
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.path[:] = path
        for name in sys.modules.keys() - known:
            if Path(getattr(sys.modules[name], "__file__", None) or "").is_relative_to(folder):
                del sys.modules[name]


@contextmanager
def _in_time(seconds: float) -> Iterator[None]:
    def too_long(number: int, frame: FrameType | None) -> None:
        raise TookTooLong(f"still at work after {seconds:g} s")

    before = signal.signal(signal.SIGALRM, too_long)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
