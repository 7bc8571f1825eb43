"""Streams whose beginning can be looked at before they are read.

Knows bytes only.  Invariant: looking takes nothing away.
"""

from __future__ import annotations

import errno
import io
import os
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
    """The stream's bytes in a file without a name, for formats that are read from their end.

    Raises OSError, of the folder of temporary files, when they don't fit there.
    """
    spool = cast(BinaryIO, tempfile.SpooledTemporaryFile(_IN_MEMORY_BYTES))  # noqa: SIM115
    while piece := stream.read(BLOCK_BYTES):
        try:
            spool.write(piece)
        except OSError as error:
            raise of_temporary_files(error.errno) from None
    spool.seek(0)
    return spool


def of_temporary_files(number: int | None) -> OSError:
    """An error of a temporary file, which has no name: with its folder, and what to do."""
    reason = os.strerror(number or errno.EIO)
    advice = "temporary copies of the input are made there; TMPDIR names another folder"
    return OSError(number or errno.EIO, f"{reason}; {advice}", tempfile.gettempdir())
