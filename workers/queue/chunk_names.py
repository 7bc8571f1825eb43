"""The names of chunks, their order, and the files they are in.

Knows names only; touches no file.  Invariant: a name that parses is written the same again,
so names and files correspond one to one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from workers.core.errors import QueueError

CHUNK_ENDING = ".jsonl"
_CHUNK_NAME = re.compile(r"chunk-(\d{6,})(?:\.r([1-9]\d*))?")


@dataclass(frozen=True, order=True)
class ChunkName:
    """A chunk's number and which retry it is (0: the first time)."""

    number: int
    retry: int = 0

    def __str__(self) -> str:
        return f"chunk-{self.number:06}" + (f".r{self.retry}" if self.retry else "")

    @classmethod
    def parse(cls, name: str) -> ChunkName | None:
        """The inverse of `str`, or None for any other name."""
        match = _CHUNK_NAME.fullmatch(name)
        return cls(int(match[1]), int(match[2] or 0)) if match else None


def chunk_of_file(file_name: str) -> str | None:
    """ "chunk-000001.jsonl" -> "chunk-000001"; None for what is no chunk file."""
    name = file_name.removesuffix(CHUNK_ENDING)
    return name if name != file_name and ChunkName.parse(name) else None


def chunk_order(name: str) -> ChunkName:
    """Sort key of chunk names; raises QueueError for any other name."""
    parsed = ChunkName.parse(name)
    if parsed is None:
        raise QueueError(f"{name!r} is not a chunk name such as chunk-000001 or chunk-000001.r1")
    return parsed
