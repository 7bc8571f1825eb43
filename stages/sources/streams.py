"""Streams whose beginning can be looked at before they are read.

Knows bytes only.  Invariant: looking takes nothing away.
"""

from __future__ import annotations

import io
import tempfile
from typing import Any, BinaryIO, cast

from stages.sources.limits import BLOCK_BYTES, HEAD_BYTES

_IN_MEMORY_BYTES = 8 * 2**20


class _Rejoined(io.RawIOBase):
    """What was read already, and then the rest of the stream."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head, self._rest = head, rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._head[: len(buffer)] or self._rest.read(len(buffer))
        self._head = self._head[len(data) :]
        buffer[: len(data)] = data
        return len(data)


def look(stream: BinaryIO, size: int = HEAD_BYTES) -> tuple[bytes, BinaryIO]:
    """The first bytes, up to `size`, and a stream that has them still."""
    head = b""
    while len(head) < size and (piece := stream.read(size - len(head))):
        head += piece
    return head, io.BufferedReader(_Rejoined(head, stream), BLOCK_BYTES)


def seekable(stream: BinaryIO) -> BinaryIO:
    """The stream's bytes in a file without a name, for formats that are read from their end."""
    spool = cast(BinaryIO, tempfile.SpooledTemporaryFile(_IN_MEMORY_BYTES))  # noqa: SIM115
    while piece := stream.read(BLOCK_BYTES):
        spool.write(piece)
    spool.seek(0)
    return spool
