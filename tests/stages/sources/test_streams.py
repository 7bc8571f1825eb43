"""Streams that are looked at before they are read: nothing is taken away."""

from __future__ import annotations

import io
import random
import resource
import tempfile
from collections.abc import Callable

import pytest

from stages.sources.streams import look, seekable
from tests.forked import Child
from tests.source_help import as_json, read


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


def told_without_room(work: Callable[[], object]) -> str:
    """What is raised in a process whose files may not grow beyond a megabyte."""

    def limited(say: Callable[[str], None]) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (2**20, 2**20))
        try:
            work()
        except OSError as error:
            say(f"{error.filename}: {error.strerror}")

    child = Child(limited)
    (line,) = child.said()
    assert child.wait() == 0
    return line


def bundle() -> bytes:
    text = "Adversaries may hide a job in the print scheduler. " * 20
    objects = [
        {"type": "attack-pattern", "id": f"attack-pattern--{n}", "description": text}
        for n in range(6000)
    ]
    return as_json({"type": "bundle", "id": "bundle--1", "objects": objects})


def test_no_room_for_temporary_files_is_told_with_their_folder() -> None:
    data, stix = bytes(9 * 2**20), bundle()
    # A PDF that does not fit is not called damaged.
    for work in (lambda: seekable(io.BytesIO(data)), lambda: read(b"%PDF-1.7\n" + data),
                 lambda: read(stix)):  # fmt: skip
        told = told_without_room(work)
        assert told.startswith(f"{tempfile.gettempdir()}: ")
        assert "TMPDIR names another folder" in told


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
