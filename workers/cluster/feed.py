"""Starts a machine's records, as many at a time as it can use and the network can carry.

Knows what is in hand and in the outbox; sends nothing.  Invariant: a message grows by a few records
beyond its bound at most, and so does all that one machine has.
"""

from __future__ import annotations

import asyncio

from workers.cluster.remote_stage import Outbox
from workers.run.manifest import Manifest
from workers.settings.chosen_stages import needs_model
from workers.worker.chunks_in_hand import WITHOUT_MODEL, ChunksInHand

MESSAGE_BYTES = 8 << 20  # it crosses twice, within the time that a machine may be silent
MACHINE_BYTES = 64 << 20  # without an outcome
_AT_ONCE = 16  # records whose bytes are counted together


class Feed:
    """What one machine is given: two windows of records, filled up when one is through.

    So parcels stay large.  `more`: records are left for the next message, which should go soon.
    """

    def __init__(self, manifest: Manifest, hand: ChunksInHand, outbox: Outbox) -> None:
        self.more = False
        self._hand = hand
        self._outbox = outbox
        config = manifest.config
        in_batch = config.batch_size if needs_model(config) else WITHOUT_MODEL
        self._window = max(manifest.chunk_size, in_batch)
        self._one_by_one = config.no_batching

    async def fill(self, processes: int, may_claim: bool) -> None:
        """Put records into the outbox, for so many worker processes."""
        if self._one_by_one:  # in each process
            self._hand.fill(processes, may_claim)
            await asyncio.sleep(0)  # the records' coroutines put themselves into the outbox
        elif self.more or self._outbox.in_flight <= self._window * processes:
            self.more = await self._fill_up(2 * self._window * processes, may_claim)

    async def _fill_up(self, most: int, may_claim: bool) -> bool:
        """Returns whether the message is full before the machine is."""
        while (before := self._outbox.in_flight) < most:
            if self._outbox.bytes_in_flight >= MACHINE_BYTES:
                return False
            if self._outbox.unsent_bytes >= MESSAGE_BYTES:
                return True
            self._hand.fill(min(most, before + _AT_ONCE), may_claim)
            await asyncio.sleep(0)
            if self._outbox.in_flight == before:
                return False
        return False
