"""Finds a record that a stage has turned into a result before, to see whether it still can.

Knows a run's sealed chunks and where their records came from; processes nothing.  Invariant:
the record is one whose outcome is sealed, so nothing of what is done with it is kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from stages.base import Record, Result
from workers.core.errors import PoolError
from workers.queue.chunk_paths import ChunkState
from workers.queue.envelopes import Envelope, parse_envelopes
from workers.queue.sealed import next_envelopes
from workers.run.input_files import reading_options
from workers.run.run_folder import RunFolder
from workers.run.splitter import split
from workers.settings.config import shard_of

_MOST_CHUNKS = 50  # to look through; what is far into the input would take long to read again


def known_result(run: RunFolder, stage: str) -> Record | None:
    """A record that the stage was given and made a result of; None when there is none at hand."""
    queue = run.queue(stage)
    for chunk in queue.names(ChunkState.DONE)[:_MOST_CHUNKS]:
        with suppress(PoolError, OSError):  # damaged, or an input that is gone: no reason to fail
            sealed = queue.sealed(chunk)
            ids = {line.id for line in sealed if isinstance(line.outcome, Result)}
            given = _given(run, stage, chunk) if ids else ()
            if found := next((e.record for e in given if e.id in ids and e.record), None):
                return found
    return None


def _given(run: RunFolder, stage: str, chunk: str) -> Iterable[Envelope]:
    """What a sealed chunk of a stage was made of."""
    before = run.config.stages.index(stage) - 1
    if before >= 0:
        return next_envelopes(run.queues[before].sealed(chunk))
    manifest, config = run.manifest, run.config
    again = split(
        *(manifest.inputs, manifest.chunk_size, config.limit, reading_options(config)),
        shard=shard_of(config),
    )
    found = (cut.lines for cut in again if cut.name == chunk)
    return parse_envelopes(b"".join(next(found, [])), chunk)
