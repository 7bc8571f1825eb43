"""A part of a run's input, for machines that can't reach each other: shard I of N.

Knows ids of records.  Invariant: each record belongs to exactly one of N shards, the same one
wherever and however often that is asked.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass

_SHARD = re.compile(r"([1-9]\d{0,4})/([1-9]\d{0,4})")


@dataclass(frozen=True)
class Shard:
    """Shard `number`, from 1, of `count`."""

    number: int = 1
    count: int = 1

    @classmethod
    def parse(cls, text: str | None) -> Shard:
        """From "2/8"; all of the input for None.  Raises ValueError for anything else."""
        if text is None:
            return cls()
        match = _SHARD.fullmatch(text)
        if not match or int(match[1]) > int(match[2]):
            raise ValueError("must be I/N such as 2/8, with I from 1 to N")
        return cls(int(match[1]), int(match[2]))

    def has(self, record_id: str) -> bool:
        """Whether a record is in it; by its file and number, so that neighbours are spread."""
        return self.count == 1 or zlib.crc32(record_id.encode()) % self.count == self.number - 1
