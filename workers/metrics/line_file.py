"""One file of JSON lines that a process appends to.

Knows bytes and damage, not what the lines mean.  Invariant: a line that can't be written is
counted and warned of once, never an error.
"""

from __future__ import annotations

import os
import sys
from collections import deque
from pathlib import Path
from typing import Any

import orjson

LINES_ENDING = ".jsonl"


class LineFile:
    """Lines wait in memory until `flush` appends them; a warning is printed once."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.dropped = 0
        self._waiting: deque[bytes] = deque()
        self._warned = False

    def append(self, fields: dict[str, Any]) -> None:
        """Keep a line for the next `flush`."""
        self._waiting.append(encode(fields))

    def flush(self) -> None:
        """Append what waits.  Lines that can't be written are dropped and counted."""
        # popleft is atomic, so a line another thread adds meanwhile stays for the next time.
        lines = [self._waiting.popleft() for _ in range(len(self._waiting))]
        if not lines:
            return
        start = b"\n" if _ends_torn(self.path) else b""
        if not self.write(self.path, "ab", start + b"".join(lines)):
            self.dropped += len(lines)

    def write(self, path: Path, mode: str, data: bytes) -> bool:
        """Opened anew each time, so that a folder someone removed comes back."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with open(path, mode) as file:
                file.write(data)
        except OSError as error:
            self._warn(f"{path} can't be written: {error.strerror or error}")
            return False
        return True

    def _warn(self, problem: str) -> None:
        if not self._warned:
            self._warned = True
            print(
                f"warning: performance log {problem}; the run continues without it",
                file=sys.stderr,
            )


def encode(fields: dict[str, Any], options: int = 0) -> bytes:
    """A JSON line of any values; what JSON can't hold becomes its `ascii` form."""
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


def _ends_torn(path: Path) -> bool:
    """Whether a crash or a full disk cut the last line; the next must not be glued to it."""
    try:
        with open(path, "rb") as file:
            file.seek(-1, os.SEEK_END)
            return file.read(1) != b"\n"
    except OSError:
        return False  # no file yet, or an empty one
