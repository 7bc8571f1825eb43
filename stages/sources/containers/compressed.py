"""Streams that are expanded as they are read: gzip, bzip2, xz and zstd, one member or several.

Knows bytes only.  Invariant: at most a block is expanded ahead, every byte of it is counted
against the budget, and data that ends or breaks in the middle raises Damaged with its place.
"""

from __future__ import annotations

import bz2
import io
import lzma
import zlib
from collections.abc import Callable
from typing import Any, BinaryIO, Protocol

from stages.sources.found import Damaged, NotUnderstood
from stages.sources.limits import BLOCK_BYTES, MAX_WINDOW_BYTES, Budget

_INPUT_BYTES = 2**16
# zstd has no bound on what a call returns; 128 KiB may come from every four bytes.
_ZSTD_INPUT_BYTES = 2**11


class Codec(Protocol):
    """One compressed stream, in the manner of bz2.BZ2Decompressor."""

    @property
    def eof(self) -> bool: ...

    @property
    def needs_input(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


class _Gzip:
    """zlib's decompressor with the manners of the others."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(wbits=31)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def needs_input(self) -> bool:
        return not self._inner.unconsumed_tail and not self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        return self._inner.decompress(self._inner.unconsumed_tail + data, max_length)


class _Zstd:
    """A zstd frame; `max_length` is not kept, so it has to be fed little."""

    needs_input = True

    def __init__(self) -> None:
        import zstandard

        decompressor = zstandard.ZstdDecompressor(max_window_size=MAX_WINDOW_BYTES)
        self._inner: Any = decompressor.decompressobj()

    @property
    def eof(self) -> bool:
        return bool(self._inner.eof)

    @property
    def unused_data(self) -> bytes:
        return bytes(self._inner.unused_data)

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        return bytes(self._inner.decompress(data))


def _xz() -> Codec:
    return lzma.LZMADecompressor(memlimit=MAX_WINDOW_BYTES)


CODECS: dict[str, tuple[bytes, Callable[[], Codec]]] = {
    "gzip": (b"\x1f\x8b\x08", _Gzip),
    "bzip2": (b"BZh", bz2.BZ2Decompressor),
    "xz": (b"\xfd7zXZ\x00", _xz),
    "zstd": (b"\x28\xb5\x2f\xfd", _Zstd),
}


def codec_of(head: bytes) -> str | None:
    """The name of the compression that a file begins with, or None."""
    return next((name for name, (magic, _) in CODECS.items() if head.startswith(magic)), None)


class Expanded(io.RawIOBase):
    """A compressed stream as the bytes it expands to."""

    def __init__(self, source: BinaryIO, codec: str, budget: Budget) -> None:
        self._source = source
        self._name = codec
        self._make = CODECS[codec][1]
        self._codec = self._make()
        self._budget = budget
        self._read = 0
        self._fed = _ZSTD_INPUT_BYTES if codec == "zstd" else _INPUT_BYTES
        self._held = b""  # read, and not yet fed
        self._rest = b""  # expanded, and not yet asked for

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece = self._rest or self._expand()
        size = min(len(piece), len(buffer))
        buffer[:size] = piece[:size]
        self._rest = piece[size:]
        return size

    def _expand(self) -> bytes:
        """The next bytes, b"" at the end of the last stream."""
        while True:
            if self._codec.eof and not self._next_stream():
                return b""
            data = self._input() if self._codec.needs_input else b""
            if piece := self._decompress(data):
                self._budget.spend(len(piece))
                return piece
            if not data and self._codec.needs_input and not self._codec.eof:
                raise Damaged(f"the {self._name} data ends in the middle, at byte {self._read}")

    def _input(self) -> bytes:
        data, self._held = self._held or self._source.read(self._fed), b""
        self._read += len(data)
        return data

    def _decompress(self, data: bytes) -> bytes:
        try:
            return self._codec.decompress(data, BLOCK_BYTES)
        except (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError) as error:
            raise self._broken(error) from None
        except Exception as error:
            if type(error).__name__ != "ZstdError":
                raise
            raise self._broken(error) from None

    def _broken(self, error: Exception) -> Damaged | NotUnderstood:
        if "emory" in str(error):
            bound = f"{MAX_WINDOW_BYTES // 2**20} MiB"
            return NotUnderstood(f"its {self._name} data needs more than {bound} of memory")
        return Damaged(f"the {self._name} data is damaged near byte {self._read}: {error}")

    def _next_stream(self) -> bool:
        """Go on with a stream that follows the one that ended; zeros may pad the end."""
        rest = self._codec.unused_data or self._source.read(self._fed)
        while rest and not rest.strip(b"\0"):
            rest = self._source.read(self._fed)
        if not rest:
            return False
        if codec_of(rest) != self._name:
            raise Damaged(f"something else follows the {self._name} data, near byte {self._read}")
        self._codec, self._held = self._make(), rest
        return True
