"""Streams that are looked at before they are read: nothing is taken away."""

from __future__ import annotations

import io
import random

import pytest

from stages.sources.streams import look, seekable


class Trickling(io.RawIOBase):
    """Hands out a few bytes at a time, as a pipe or a decompressor may."""

    def __init__(self, data: bytes) -> None:
        self._data, self._draw = data, random.Random(1)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        size = min(len(view), len(self._data), self._draw.randrange(1, 9))
        view[:size] = self._data[:size]
        self._data = self._data[size:]
        return size


@pytest.mark.parametrize("size", [0, 1, 7, 999, 1000, 5000])
def test_looking_takes_nothing_away(size: int) -> None:
    data = bytes(random.Random(0).randbytes(1000))
    head, again = look(Trickling(data), size)  # type: ignore[arg-type]
    assert head == data[:size]
    assert again.read() == data and again.read() == b""


def test_looking_twice() -> None:
    _, again = look(io.BytesIO(b"abcdef"), 2)
    head, again = look(again, 4)
    assert (head, again.read()) == (b"abcd", b"abcdef")


def test_a_stream_that_can_seek_has_the_same_bytes() -> None:
    data = b"x" * (9 * 2**20) + b"end"  # more than is held in memory
    file = seekable(io.BytesIO(data))
    assert file.read(3) == b"xxx"
    file.seek(-3, io.SEEK_END)
    assert file.read() == b"end"
    assert file.seek(0, io.SEEK_END) == len(data)
