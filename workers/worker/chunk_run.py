"""One claimed chunk being worked on: its records as coroutines, their outcomes journaled.

Knows a stage and a chunk; does not know where the model's answers come from.
Invariant: a record is begun in the journal before its work starts, and every coroutine
that ends leaves an outcome, unless it was cancelled.
"""

from __future__ import annotations

import asyncio
import time
import traceback
from collections import deque

from stages.base import Failed, LanguageModel, Outcome, RecordError, Stage
from workers.core.errors import PoolError
from workers.queue.claimed_chunk import ClaimedChunk


class ChunkRun:
    """Starts a chunk's records as room allows, one group of them after the other."""

    def __init__(self, chunk: ClaimedChunk, stage: Stage, llm: LanguageModel | None) -> None:
        self.chunk = chunk
        self.stage = stage
        self._llm = llm
        self._groups = deque(chunk.groups())
        self._todo: deque[str] = deque()
        self._tasks: dict[str, asyncio.Task[Outcome]] = {}
        self._started = time.monotonic()

    @property
    def alone(self) -> bool:
        """Whether suspects of a worker's death are being tried, with nobody beside them."""
        return self.chunk.suspected

    @property
    def in_flight(self) -> int:
        """Records being worked on."""
        return len(self._tasks)

    @property
    def has_more(self) -> bool:
        """Whether records wait to be started."""
        return bool(self._todo or self._groups)

    @property
    def finished(self) -> bool:
        """Whether every record has its outcome."""
        return not self.has_more and not self._tasks

    @property
    def tasks(self) -> list[asyncio.Task[Outcome]]:
        """The coroutines in flight."""
        return list(self._tasks.values())

    def start(self, room: int, one_by_one: bool = False) -> int:
        """Start at most `room` records; returns how many.

        `one_by_one`: the worker never has more than one record in flight.
        """
        if not self._todo and not self._tasks and self._groups:
            self._todo.extend(self._groups.popleft())
        batch = [self._todo.popleft() for _ in range(min(room, len(self._todo)))]
        if batch:
            self.chunk.begin(batch, alone=one_by_one)
        for record_id in batch:
            self._tasks[record_id] = asyncio.create_task(self._process(record_id))
        return len(batch)

    async def _process(self, record_id: str) -> Outcome:
        record = self.chunk.envelope(record_id).record
        assert record is not None, "unreadable lines have their outcome since the claim"
        try:
            return await self.stage.process(record, self._llm)
        except RecordError as error:
            return Failed(str(error))
        except (PoolError, OSError, MemoryError):
            raise  # not this record's fault
        except Exception as error:
            traceback.print_exc()
            return Failed(f"{type(error).__name__}: {error}")

    def collect(self) -> int:
        """Journal the outcomes of records that are done, and say how many.

        Raises what went wrong for all.
        """
        done = [(record_id, task) for record_id, task in self._tasks.items() if task.done()]
        for record_id, task in done:
            del self._tasks[record_id]
            self.chunk.record(record_id, task.result())
        return len(done)

    @property
    def seconds(self) -> float:
        """Since the claim."""
        return time.monotonic() - self._started

    def abandon(self) -> None:
        """Stop working on it; the chunk stays claimed, with its journal, for whoever is next."""
        for task in self._tasks.values():
            task.cancel()
        self._tasks.clear()
        self.chunk.release()
