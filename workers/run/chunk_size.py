"""How many records a chunk of a new run holds, where nobody has said so.

Knows the input's files and how many workers there are; guesses from the beginnings of the
files, so that large ones are not read twice.  Invariant: the size is from 1 to LARGEST.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from pathlib import Path

from stages.sources.document import AUTOMATIC, Options
from stages.sources.found import SourceError
from stages.sources.source import Source
from workers.run.input_files import InputFile

LARGEST = 64
# A stage's chunks wait for the slowest record of the chunk before, and the last ones of a run
# are what workers even out their shares with: with fewer, some wait (docs/log.md).
CHUNKS_PER_WORKER = 16
_SAMPLE_BYTES = 2**20


def fitting_size(
    inputs: Sequence[InputFile],
    workers: int,
    limit: int | None = None,
    options: Options = AUTOMATIC,
) -> int:
    """Small enough that each of `workers` gets its share of the first `limit` records."""
    records = sum(_records_in(source, options) for source in inputs)
    if limit is not None:
        records = min(records, limit)
    return max(1, min(LARGEST, ceil(records / (workers * CHUNKS_PER_WORKER))))


def _records_in(source: InputFile, options: Options) -> int:
    """How many records a file has, by its size and how many its beginning holds."""
    count = 0
    with open(source.path, "rb") as file:
        try:
            for _ in Source(file, Path(source.path).name, source.size, options):
                count += 1
                if (read := file.tell()) >= _SAMPLE_BYTES:
                    return max(1, count * source.size // read)
        except SourceError:
            pass  # the split says what is wrong, where it is
    return count
