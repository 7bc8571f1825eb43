"""A window on a stream of bytes in which patterns are searched by absolute places.

Knows nothing of what is searched.  Invariant: what lies at or behind `keep` is in the window, and
no search lets the window grow beyond a record's bound.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import BinaryIO

from stages.sources.limits import BLOCK_BYTES, MAX_RECORD_BYTES

_OVERLAP = 256  # bytes at the window's end in which a match may be cut


@dataclass(frozen=True)
class Hit:
    """A match: which of the pattern's groups, and from where to where in the stream."""

    group: int
    begin: int
    end: int


class ByteWindow:
    """The part of a stream around a place."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._data = b""
        self._base = 0  # where the window begins in the stream
        self.keep = 0
        self.ended = False

    def search(self, pattern: re.Pattern[bytes], start: int) -> Hit | None:
        """The first match from `start` on; None at the end, or at the bound of a record."""
        while True:
            match = pattern.search(self._data, max(0, start - self._base))
            if match and (self.ended or match.end() < len(self._data) - _OVERLAP):
                begin, end = match.span()
                return Hit(match.lastindex or 0, self._base + begin, self._base + end)
            searched = match.start() if match else len(self._data) - _OVERLAP
            start = max(start, self._base + searched)
            if self.ended or not self._fill(start):
                return None

    def slice(self, begin: int, end: int) -> bytes:
        """The bytes between two places, of which the first is kept."""
        return self._data[begin - self._base : end - self._base]

    def _fill(self, start: int) -> bool:
        """Read on; False when the window would hold more than a record."""
        drop = max(0, min(self.keep, start) - self._base)
        self._data, self._base = self._data[drop:], self._base + drop
        if len(self._data) > MAX_RECORD_BYTES + _OVERLAP:
            return False
        data = self._stream.read(max(BLOCK_BYTES, len(self._data)))
        self.ended = not data
        self._data += data
        return True
