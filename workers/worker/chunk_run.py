"""One claimed chunk being worked on: its records as coroutines, their outcomes journaled.

Knows a stage and a chunk; does not know where the model's answers come from.
Invariant: a record without an outcome is begun in the journal before its work starts, and
every coroutine that ends leaves an outcome, unless it was cancelled.
"""

from __future__ import annotations

import asyncio
import time
import traceback
from collections import deque

from stages.base import Failed, LanguageModel, Outcome, RecordError, Result, Stage
from workers.core.errors import PoolError
from workers.queue.claimed_chunk import ClaimedChunk


class ChunkRun:
    """Starts a chunk's records as room allows, one group of them after the other.

    What was suspected last is tried last: by then its neighbours have shown whether the model
    works at all.  `results` counts the records that became results; where no model is asked,
    all that have an outcome.
    """

    def __init__(self, chunk: ClaimedChunk, stage: Stage, llm: LanguageModel | None) -> None:
        self.chunk = chunk
        self.stage = stage
        self.results = 0
        self._llm = llm
        self._groups = deque(reversed(chunk.groups()))
        self._sample = self._known_result()
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

    def start(self, room: int, one_by_one: bool = False, proven: bool = True) -> int:
        """Start at most `room` records; returns how many.

        one_by_one: the worker never has more than one record in flight.
        proven: the worker has made a result before.  One that hasn't does a record again that
        became a result, before it tries suspects: if that fails too, the model is to blame.
        """
        if not self._todo and not self._tasks and self._groups:
            if self._sample and not proven:
                return self._try_sample()
            self._todo.extend(self._groups.popleft())
        batch = [self._todo.popleft() for _ in range(min(room, len(self._todo)))]
        if batch:
            self.chunk.begin(batch, alone=one_by_one)
        for record_id in batch:
            self._tasks[record_id] = asyncio.create_task(self._process(record_id))
        return len(batch)

    def _known_result(self) -> str | None:
        """A record of a suspected chunk that became a result with the model's help."""
        if self._llm is None or not self.chunk.suspected:
            return None
        ended = self.chunk.outcomes.values()
        return next((line.id for line in ended if isinstance(line.outcome, Result)), None)

    def _try_sample(self) -> int:
        assert self._sample is not None
        self._tasks[self._sample] = asyncio.create_task(self._process(self._sample))
        self._sample = None
        return 1

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
            outcome = task.result()
            if record_id not in self.chunk.outcomes:  # else it was done again, as a sample
                self.chunk.record(record_id, outcome)
            self.results += self._llm is None or isinstance(outcome, Result)
        return len(done)

    @property
    def seconds(self) -> float:
        """Since the claim."""
        return time.monotonic() - self._started

    def abandon(self, suspect: bool = False) -> None:
        """Stop working on it; the chunk stays claimed, with its journal, for whoever is next.

        `suspect`: what is in flight may be to blame, as after a crash.
        """
        for task in self._tasks.values():
            task.cancel()
        self._tasks.clear()
        self.chunk.release(clean=not suspect)
