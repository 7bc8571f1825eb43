"""Runs a piece of a test in a real process of its own, and kills it at a chosen system call.

Forks, so it costs milliseconds.  Knows nothing of queues.  Invariant: the process always
ends, and its end (status or signal) is what the caller gets.
"""

from __future__ import annotations

import atexit
import os
import signal
import traceback
from collections.abc import Callable
from typing import Any

STEPS = ("open", "write", "fsync", "rename", "unlink", "ftruncate", "mkdir")


class Child:
    """A forked process running `work`; what it passes to `say` can be read until its end."""

    def __init__(self, work: Callable[[Callable[[str], None]], None]) -> None:
        self._read, write = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            _run(work, write)
        os.close(write)
        self._end: int | None = None
        # A test that fails may leave it waiting for ever, and pytest's output pipe open.
        atexit.register(self._end_with_the_tests)

    def _end_with_the_tests(self) -> None:
        if self._end is None:
            self.kill()

    def said(self) -> list[str]:
        """Everything said, once the process has ended."""
        with os.fdopen(self._read, "r", encoding="utf-8") as pipe:
            return pipe.read().splitlines()

    def hear(self) -> str:
        """The next line, waiting for it."""
        line = b""
        while (byte := os.read(self._read, 1)) not in (b"\n", b""):
            line += byte
        return line.decode()

    def kill(self) -> int:
        """SIGKILL it and wait."""
        os.kill(self.pid, signal.SIGKILL)
        return self.wait()

    def wait(self) -> int:
        """Its exit status, or minus the signal that ended it."""
        if self._end is None:
            self._end = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self._end


def _run(work: Callable[[Callable[[str], None]], None], write: int) -> None:
    real_write = os.write
    status = 0
    try:
        work(lambda text: void(real_write(write, text.encode() + b"\n")))
    except BaseException:
        traceback.print_exc()
        status = 99
    os._exit(status)


def void(_: Any) -> None:
    """Drop a value."""


def die_at(number: int) -> None:
    """SIGKILL this process when it comes to its `number`-th changing system call.

    A write is cut in two first, so that torn lines happen too.
    """
    left = number

    def armed(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            nonlocal left
            left -= 1
            if left == 0:
                if name == "write":
                    real(args[0], bytes(args[1])[: len(args[1]) // 2])
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*args, **kwargs)

        return call

    for name in STEPS:
        setattr(os, name, armed(name, getattr(os, name)))
