"""How many records a chunk of a new run holds, where nobody has said so.

Knows the input's files and how many workers there are; counts no more records than it takes to
know, so that large files are not read twice.  Invariant: the size is from 1 to LARGEST.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from math import ceil

from stages.sources.document import AUTOMATIC, Options
from workers.run.input_files import InputFile, InputRecords

LARGEST = 64
# A stage's chunks wait for the slowest record of the chunk before, and the last ones of a run
# are what workers even out their shares with: with fewer, some wait (docs/log.md).
CHUNKS_PER_WORKER = 16


def fitting_size(
    inputs: Sequence[InputFile],
    workers: int,
    limit: int | None = None,
    options: Options = AUTOMATIC,
    shards: int = 1,
) -> int:
    """Small enough that each of `workers` gets its share of the first `limit` records, of which
    one of so many shards is processed."""
    chunks = workers * CHUNKS_PER_WORKER * shards
    most = LARGEST * chunks if limit is None else min(limit, LARGEST * chunks)
    found = (record for source in inputs for record in InputRecords(source, options))
    records = sum(1 for _ in islice(found, most))
    return max(1, min(LARGEST, ceil(records / chunks)))
