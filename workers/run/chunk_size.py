"""How many records a chunk of a new run holds, where nobody has said so.

Knows the input's files and how many workers there are; guesses from the beginnings of the
files, so that large ones are not read twice.  Invariant: the size is from 1 to LARGEST.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from workers.run.input_lines import InputFile

LARGEST = 64
# A stage's chunks wait for the slowest record of the chunk before, and the last ones of a run
# are what workers even out their shares with: with fewer, some wait (docs/log.md).
CHUNKS_PER_WORKER = 16
_SAMPLE_BYTES = 2**20


def fitting_size(inputs: Sequence[InputFile], workers: int, limit: int | None = None) -> int:
    """Small enough that each of `workers` gets its share of the first `limit` records."""
    records = sum(map(_records_in, inputs))
    if limit is not None:
        records = min(records, limit)
    return max(1, min(LARGEST, ceil(records / (workers * CHUNKS_PER_WORKER))))


def _records_in(source: InputFile) -> int:
    """How many records a file has, by its size and the lines it begins with."""
    with open(source.path, "rb") as file:
        sample = file.read(_SAMPLE_BYTES)
    lines = sum(bool(line.strip()) for line in sample.split(b"\n"))
    if len(sample) < _SAMPLE_BYTES:
        return lines
    return max(1, lines * source.size // len(sample))
