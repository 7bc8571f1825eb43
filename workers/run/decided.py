"""Seals chunks whose records people have all decided about, where a reviewer was killed before.

Knows queues; decides nothing.  Invariant: a chunk that a reviewer holds is left alone.
"""

from __future__ import annotations

from contextlib import suppress

from stages import BY_HAND
from workers.core.errors import QueueError
from workers.queue.chunk_paths import ChunkState
from workers.queue.chunk_queue import ChunkQueue
from workers.run.run_folder import RunFolder


def seal_decided(run: RunFolder) -> int:
    """Seal what is decided and not held; returns how many chunks.  Damaged ones stay as they are:
    the reviewer reports them."""
    queues = [queue for queue in run.queues if queue.name in BY_HAND]
    return sum(
        _seal_if_decided(queue, name)
        for queue in queues
        for name in queue.names(ChunkState.CLAIMED)
    )


def _seal_if_decided(queue: ChunkQueue, name: str) -> bool:
    with suppress(QueueError):
        chunk = queue.claim_named(name, "coordinator")
        if chunk is None:
            return False
        if chunk.remaining():
            chunk.release()
            return False
        chunk.seal()
        return True
    return False
